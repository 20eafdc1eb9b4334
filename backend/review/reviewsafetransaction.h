#pragma once

#include "backend/review/review.h"
#include "backend/review/reviewcontext.h"
#include "backend/review/reviewsubject.h"

namespace countersign {

/// Judges a Safe transaction by the checks that concern a holder before signing (reviewChecks). Total, without side
/// effects, and independent of who asks: the same subject and context always give the same review. Findings come worst
/// first.
Review reviewSafeTransaction(const ReviewSubject &subject, const ReviewContext &context);
Review reviewSafeTransaction(const ExchangeItem &item, const ReviewContext &context);

/// Worst first; within a severity in the order that they have.
void sortFindings(QList<Finding> &findings);

} // namespace countersign
