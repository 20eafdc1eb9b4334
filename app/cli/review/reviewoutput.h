#pragma once

#include "app/cli/report/report.h"
#include "app/cli/review/reviewinput.h"
#include "backend/review/reviewcontext.h"

namespace countersign {

/// The review for people: the sentence, the findings, the calls, the hashes, and which checks did not run.
void writeReview(Report &report, const ReviewInput &input, const Review &review, const ReviewContext &context);

/// The same as one JSON object: blocked, findings [{id, severity, where, message, evidence, check}], hashes, calls,
/// simulation (null when there was none), checksNotRun, and what the review rests on.
QByteArray reviewToJson(const ReviewInput &input, const Review &review, const ReviewContext &context);

} // namespace countersign
