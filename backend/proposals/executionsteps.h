#pragma once

#include "backend/evm/chainclient.h"
#include "backend/journal/journalentry.h"
#include "backend/proposals/execution/executionreport.h"
#include "backend/proposals/execution/submissionsight.h"
#include "backend/proposals/proposal.h"
#include "backend/review/review.h"

#include <QCoroTask>

#include <stop_token>

namespace countersign {

// The steps of an execution that rest on a proposal and its review; backend/safe/safeexecution.h has the others. Clients
// outlive the tasks unless the token is stopped.

/// Whether the simulation of this review does what the proposer signed: every promised effect, from the value that was
/// promised to the value that was promised. Whatever a policy makes of the findings, a difference is Rejected.
Result<void> requirePromises(const Proposal &proposal, const Review &review);

/// execTransaction with exactly `threshold` signatures of owners, sorted. Rejected when the review blocks, the simulation
/// breaks a promise, the nonce is not next, or signatures are missing.
Result<Bytes> executionCalldata(const ExchangeItem &item, const Review &review);

/// Every word that the review said would change, read at the block of the receipt. Errors: those of the client.
QCoro::Task<Result<ExecutionReport>> readBack(
    ChainClient &chain, Submission submission, TransactionReceipt receipt, std::stop_token stop);

/// Whether what a submission came to is that the Safe executed it. Rejected: it failed; Cancelled: it was called back;
/// Conflict: a nonce was used by something else. The message says what happened, and whether the Safe's nonce is used up.
Result<void> judgeOutcome(const Submission &submission, const SubmissionSight &sight);

/// That a contract is not what it should be, with every step of its verification.
JournalEntry deploymentIncident(const ExecutionReport &report, const QString &holder);
JournalEntry minedEntry(const TransactionReceipt &receipt, const QString &holder, const QString &id);
/// \a recordEvidence names the record of the execution.
JournalEntry effectEntry(const ExecutionReport &report, const QString &holder, const QString &sentence,
    const QJsonObject &recordEvidence);

} // namespace countersign
