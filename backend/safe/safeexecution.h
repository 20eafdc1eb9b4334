#pragma once

#include "backend/evm/chainclient.h"
#include "backend/evm/transaction.h"
#include "backend/safe/feequote.h"
#include "backend/safe/safesignature.h"
#include "backend/safe/safestate.h"
#include "backend/safe/safetransaction.h"

#include <QCoroTask>

#include <chrono>
#include <functional>
#include <stop_token>

namespace countersign {

class JsonAbi;

// Executing a Safe transaction, step by step; each can be tested, journalled and stopped on its own. Clients outlive the
// tasks unless the token is stopped.

/// execTransaction with exactly `threshold` of these signatures, sorted, of owners as `state` names them. Error Rejected
/// when the nonce is not the Safe's next or signatures are missing. Signatures of others, and those that do not recover,
/// are left out.
Result<Bytes> safeExecutionCalldata(const SafeState &state, const SafeTransaction &transaction,
                                    const std::vector<SafeSignature> &signatures);

/// A transaction that is ready to be signed, and what it may cost.
struct PreparedExecution {
    EvmTransaction transaction;
    FeeQuote quote;
};

/// Calls the Safe with the real signatures at `blockHash`, then fills in nonce, gas and fees. Error Rejected with the reason
/// (`errors` are those that it may be) when the Safe refuses or its call fails; Exhausted when fees are above the caps or
/// the executor, who need not be an owner, cannot pay the worst case.
QCoro::Task<Result<PreparedExecution>> prepareExecution(ChainClient &chain, Address executor, ChainId chainId, Address safe,
    Bytes calldata, Hash32 blockHash, const JsonAbi *errors = nullptr, FeeCaps caps = {}, std::stop_token stop = {});

/// The same without a transaction: what it would cost, before anybody is asked for a PIN. A submitter who cannot pay is no
/// error here, see FeeQuote::canPay.
QCoro::Task<Result<FeeQuote>> quoteExecution(ChainClient &chain, Address executor, Address safe, Bytes calldata,
    Hash32 blockHash, const JsonAbi *errors = nullptr, FeeCaps caps = {}, std::stop_token stop = {});

/// Timeout when it is not mined in time: it may still be.
QCoro::Task<Result<TransactionReceipt>> awaitReceipt(
    ChainClient &chain, Hash32 transactionHash, std::chrono::milliseconds deadline, std::stop_token stop = {});

/// Demands ExecutionSuccess of this Safe with this hash. Rejected otherwise, saying what happened instead.
Result<void> checkReceipt(const TransactionReceipt &receipt, const Address &safe, const Hash32 &safeTxHash);

/// The Safe at the block of the receipt. Error Conflict when its nonce does not say that the transaction was executed.
QCoro::Task<Result<SafeState>> readExecuted(
    ChainClient &chain, Address safe, Uint256 executedNonce, TransactionReceipt receipt, std::stop_token stop = {});

struct SafeExecutionRequest {
    SafeState state; ///< as reviewed; the call is tried at its block
    SafeTransaction transaction;
    std::vector<SafeSignature> signatures;
    Address executor; ///< who pays; need not be an owner
    std::chrono::milliseconds miningDeadline = std::chrono::minutes(3);
    FeeCaps caps = {};
};

struct SafeExecutionReport {
    Hash32 safeTxHash;
    TransactionReceipt receipt;
    SafeState after;
};

/// Signs the digest of the executor's own transaction.
using DigestSigner = std::function<QCoro::Task<Result<EvmSignature>>(Hash32 digest)>;

/// All of it: tried with the real signatures, signed, sent once, awaited, ExecutionSuccess demanded, state read back.
QCoro::Task<Result<SafeExecutionReport>> executeSafeTransaction(
    ChainClient &chain, SafeExecutionRequest request, DigestSigner sign, std::stop_token stop = {});

} // namespace countersign
