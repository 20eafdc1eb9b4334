#pragma once

#include "backend/journal/journal.h"
#include "backend/records/keyevidencejson.h"
#include "backend/review/review.h"

#include <QCoroTask>
#include <QJsonObject>

namespace countersign {

// What the flows write into the journal, in one place, so that the records of one proposal read as one story.

/// Findings, hashes, block and effects: what the person had before them.
QJsonObject reviewEvidence(const Review &review);
QJsonObject errorEvidence(const Error &error);

/// Durable when it returns. The error says that the act must not go on because it could not be recorded.
QCoro::Task<Result<void>> record(Journal &journal, JournalEntry entry);
/// The same, and where the entry stands in the chain.
QCoro::Task<Result<JournalHead>> recordAndName(Journal &journal, JournalEntry entry);

} // namespace countersign
