#pragma once

#include "backend/journal/journal.h"
#include "backend/keys/keyevidence.h"
#include "backend/proposals/execution/submission.h"

#include <QCoroTask>
#include <QJsonObject>

#include <stop_token>

namespace countersign {

// What is on its way is known by the journal, so that a console that was closed, or died, goes on waiting for it.

/// To be durable before `sent` leaves.
JournalEntry sendingEntry(
    const Submission &submission, const SentTransaction &sent, const QString &holder, const KeyEvidence &key);
/// Evidence that nothing of the submission is waited for any more: a member of the entry that says why.
void insertSettled(QJsonObject &evidence, const Submission &submission);
JournalEntry withSettled(JournalEntry entry, const Submission &submission);

/// What the rows say was sent and is not settled, oldest first. Rows that do not prove themselves (the transaction is
/// read from its own bytes, its sender recovered) are left out.
QList<Submission> pendingSubmissions(const QList<JournalRow> &rows);
/// The same from the whole journal, which outlives the task unless \a stop is requested. Errors: those of Journal::load.
QCoro::Task<Result<QList<Submission>>> pendingSubmissions(Journal &journal, std::stop_token stop = {});

} // namespace countersign
