#pragma once

#include "backend/environment/environment.h"
#include "backend/evm/chainclient.h"
#include "backend/evm/transaction.h"
#include "backend/journal/journalentry.h"
#include "backend/proposals/executionflow.h"
#include "backend/proposals/proposal.h"
#include "backend/review/review.h"

#include <QCoroTask>

#include <chrono>
#include <stop_token>

namespace countersign {

// The steps of an execution, each on its own, so that each can be tested on its own. Clients outlive the tasks unless
// the token is stopped.

/// execTransaction with exactly `threshold` signatures of owners, sorted. Rejected when the review blocks, the nonce is
/// not next, or signatures are missing.
Result<Bytes> executionCalldata(const ExchangeItem &item, const Review &review);

/// Calls the Safe with the real signatures at the block that was reviewed, then fills in nonce, gas and fees.
/// Rejected with the reason when the call fails; Exhausted when the executor cannot pay.
QCoro::Task<Result<Eip1559Transaction>> prepareExecution(ChainClient &chain, Address executor, ChainId chainId,
    Address safe, Bytes calldata, Hash32 blockHash, std::stop_token stop);

/// Timeout when it is not mined in time: it may still be.
QCoro::Task<Result<TransactionReceipt>> awaitReceipt(
    ChainClient &chain, Hash32 transactionHash, std::chrono::milliseconds deadline, std::stop_token stop);

/// Demands ExecutionSuccess of this Safe with this hash. Rejected otherwise, saying what happened instead.
Result<void> checkReceipt(const TransactionReceipt &receipt, const Address &safe, const Hash32 &safeTxHash);

/// The variables that the review named, read at the block of the receipt.
QCoro::Task<Result<ExecutionReport>> readBack(ChainClient &chain, ChainSettings settings, ExchangeItem item,
    Review review, TransactionReceipt receipt, std::stop_token stop);

JournalEntry effectEntry(const ExecutionReport &report, const QString &holder, const QString &sentence);

} // namespace countersign
