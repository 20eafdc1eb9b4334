#pragma once

#include "backend/evm/chainclient.h"
#include "backend/journal/journalentry.h"
#include "backend/proposals/executionflow.h"
#include "backend/proposals/proposal.h"
#include "backend/review/review.h"

#include <QCoroTask>
#include <QJsonObject>

#include <stop_token>

namespace countersign {

// The steps of an execution that rest on a proposal and its review; backend/safe/safeexecution.h has the others. Clients
// outlive the tasks unless the token is stopped.

/// execTransaction with exactly `threshold` signatures of owners, sorted. Rejected when the review blocks, the nonce is
/// not next, or signatures are missing.
Result<Bytes> executionCalldata(const ExchangeItem &item, const Review &review);

/// Every word that the review said would change, read at the block of the receipt. Errors: those of the client.
QCoro::Task<Result<ExecutionReport>> readBack(
    ChainClient &chain, Address safe, Review review, TransactionReceipt receipt, std::stop_token stop);

/// \a recordEvidence names the record of the execution.
JournalEntry effectEntry(const ExecutionReport &report, const QString &holder, const QString &sentence,
    const QJsonObject &recordEvidence);

} // namespace countersign
