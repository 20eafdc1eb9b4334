#include "backend/safe/safeexecution.h"

#include "backend/safe/safecalls.h"
#include "backend/safe/safeevents.h"
#include "backend/safe/safehash.h"
#include "backend/safe/safesimulation.h"
#include "backend/safe/safestatereader.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QCoroTimer>

#include <algorithm>

namespace countersign {

namespace {

constexpr auto receiptInterval = std::chrono::milliseconds(500);

} // namespace

Result<Bytes> safeExecutionCalldata(const SafeState &state, const SafeTransaction &transaction,
                                    const std::vector<SafeSignature> &signatures)
{
    if (transaction.nonce != state.nonce)
        return fail(ErrorKind::Rejected, u"The Safe is at nonce %1, the transaction at %2"_s.arg(state.nonce.toDecimal(), transaction.nonce.toDecimal()));
    const auto threshold = state.threshold.toU64();
    if (!threshold || *threshold == 0 || *threshold > state.owners.size())
        return fail(ErrorKind::Rejected, u"The Safe's threshold is %1 of %2 owners: it cannot execute"_s.arg(state.threshold.toDecimal()).arg(state.owners.size()));
    const Hash32 hash = safeTxHash(state.chainId, state.safe, transaction);
    std::vector<SafeSignature> chosen;
    std::vector<Address> signers;
    for (const SafeSignature &signature : signatures) {
        const auto signer = signature.signer(hash);
        if (!signer || chosen.size() == *threshold || !state.isOwner(*signer) || std::ranges::find(signers, *signer) != signers.end())
            continue;
        signers.push_back(*signer);
        chosen.push_back(signature);
    }
    if (chosen.size() < *threshold)
        return fail(ErrorKind::Rejected, u"%1 of %2 signatures are there"_s.arg(chosen.size()).arg(*threshold));
    const auto blob = encodeSafeSignatures(std::move(chosen), hash);
    if (!blob)
        return std::unexpected(blob.error());
    return encodeExecTransaction(transaction, *blob);
}

QCoro::Task<Result<FeeQuote>> quoteExecution(ChainClient &chain, Address executor, Address safe, Bytes calldata,
    Hash32 blockHash, const JsonAbi *errors, FeeCaps caps, std::stop_token stop)
{
    CallRequest request;
    request.from = executor;
    request.to = safe;
    request.data = std::move(calldata);
    const BlockRef block = BlockRef::at(blockHash);
    const StateOverrides noOverrides;
    const auto simulated = co_await chain.call(request, block, noOverrides, stop);
    if (!simulated) {
        const auto data = revertDataOf(simulated.error());
        if (!data)
            co_return std::unexpected(simulated.error());
        co_return fail(
            ErrorKind::Rejected, u"The Safe refuses the execution: %1"_s.arg(safeRevertReason(*data, errors)), toHex(*data));
    }
    const auto executed = executionAnswer(*simulated);
    if (!executed)
        co_return std::unexpected(executed.error());
    if (!*executed)
        co_return fail(ErrorKind::Rejected,
            u"The Safe would execute it, but its call fails and the nonce is used up: nothing was signed"_s);
    co_return co_await quoteFee(chain, request, caps, stop);
}

QCoro::Task<Result<PreparedExecution>> prepareExecution(ChainClient &chain, Address executor, ChainId chainId,
    Address safe, Bytes calldata, Hash32 blockHash, const JsonAbi *errors, FeeCaps caps, std::stop_token stop)
{
    PreparedExecution prepared;
    const auto quote = co_await quoteExecution(chain, executor, safe, calldata, blockHash, errors, caps, stop);
    if (!quote)
        co_return std::unexpected(quote.error());
    if (const auto paid = requireBalance(*quote, executor); !paid)
        co_return std::unexpected(paid.error());
    const BlockRef pending = BlockRef::pending();
    const auto nonce = co_await chain.getTransactionCount(executor, pending, stop);
    if (!nonce)
        co_return std::unexpected(nonce.error());
    prepared.quote = *quote;
    prepared.transaction.chainId = chainId;
    prepared.transaction.nonce = *nonce;
    prepared.transaction.to = safe;
    prepared.transaction.data = std::move(calldata);
    quote->applyTo(prepared.transaction);
    co_return prepared;
}

QCoro::Task<Result<TransactionReceipt>> awaitReceipt(
    ChainClient &chain, Hash32 transactionHash, std::chrono::milliseconds deadline, std::stop_token stop)
{
    const auto end = std::chrono::steady_clock::now() + deadline;
    QString lastProblem;
    for (;;) {
        const auto receipt = co_await chain.getTransactionReceipt(transactionHash, stop);
        if (stop.stop_requested())
            co_return fail(ErrorKind::Cancelled, u"Waiting was given up"_s);
        if (receipt && *receipt)
            co_return **receipt;
        if (!receipt)
            lastProblem = receipt.error().message;
        if (std::chrono::steady_clock::now() >= end) {
            co_return fail(ErrorKind::Timeout,
                u"Transaction %1 is not mined yet. It may still be: do not send another before its nonce is used"_s.arg(
                    transactionHash.toString()),
                lastProblem);
        }
        co_await QCoro::sleepFor(receiptInterval);
        if (stop.stop_requested())
            co_return fail(ErrorKind::Cancelled, u"Waiting was given up"_s);
    }
}

Result<void> checkReceipt(const TransactionReceipt &receipt, const Address &safe, const Hash32 &safeTxHash)
{
    const auto event = findSafeExecution(receipt.logs, safe, safeTxHash);
    const QString evidence
        = u"transaction %1, block %2"_s.arg(receipt.transactionHash.toString()).arg(receipt.blockNumber.value());
    if (!receipt.succeeded)
        return fail(
            ErrorKind::Rejected, u"The transaction was mined, but reverted: the Safe's nonce is unchanged"_s, evidence);
    if (!event)
        return fail(
            ErrorKind::Rejected, u"The transaction was mined, but the Safe did not report this execution"_s, evidence);
    if (event->outcome != SafeExecution::Success)
        return fail(
            ErrorKind::Rejected, u"The Safe executed it, but its call failed and the nonce is used up"_s, evidence);
    return {};
}

QCoro::Task<Result<SafeState>> readExecuted(
    ChainClient &chain, Address safe, Uint256 executedNonce, TransactionReceipt receipt, std::stop_token stop)
{
    const BlockRef block = BlockRef::at(receipt.blockHash);
    auto state = co_await readSafeState(chain, safe, block, stop);
    if (!state)
        co_return std::unexpected(state.error());
    // Others may have executed in the same block: larger is right, not only one more.
    if (state->nonce <= executedNonce)
        co_return fail(ErrorKind::Conflict,
            u"The Safe reported the execution of nonce %1, but its nonce is %2"_s.arg(executedNonce.toDecimal(), state->nonce.toDecimal()));
    co_return state;
}

QCoro::Task<Result<SafeExecutionReport>> executeSafeTransaction(
    ChainClient &chain, SafeExecutionRequest request, DigestSigner sign, std::stop_token stop)
{
    const auto cancelled = [] { return fail(ErrorKind::Cancelled, u"The execution was given up"_s); };
    const Address safe = request.state.safe;
    const Hash32 hash = safeTxHash(request.state.chainId, safe, request.transaction);
    const auto calldata = safeExecutionCalldata(request.state, request.transaction, request.signatures);
    if (!calldata)
        co_return std::unexpected(calldata.error());
    const auto prepared = co_await prepareExecution(
        chain, request.executor, request.state.chainId, safe, *calldata, request.state.blockHash, nullptr, request.caps, stop);
    if (stop.stop_requested())
        co_return cancelled();
    if (!prepared)
        co_return std::unexpected(prepared.error());
    const Hash32 digest = prepared->transaction.signingHash();
    const auto signature = co_await sign(digest);
    if (stop.stop_requested())
        co_return cancelled();
    if (!signature)
        co_return std::unexpected(signature.error());
    const Bytes raw = prepared->transaction.serialize(*signature);
    const Hash32 transactionHash = keccak256(raw);
    const auto sent = co_await chain.sendRawTransaction(raw, stop);
    if (stop.stop_requested())
        co_return cancelled();
    // No answer is not a refusal: the node may have taken it. The receipt tells.
    if (!sent && sent.error().kind == ErrorKind::Rejected)
        co_return fail(ErrorKind::Rejected, u"The node refused the transaction: %1"_s.arg(sent.error().message), sent.error().detail);
    const auto receipt = co_await awaitReceipt(chain, transactionHash, request.miningDeadline, stop);
    if (stop.stop_requested())
        co_return cancelled();
    if (!receipt)
        co_return std::unexpected(receipt.error());
    if (const auto executed = checkReceipt(*receipt, safe, hash); !executed)
        co_return std::unexpected(executed.error());
    auto after = co_await readExecuted(chain, safe, request.transaction.nonce, *receipt, stop);
    if (stop.stop_requested())
        co_return cancelled();
    if (!after)
        co_return fail(after.error().kind,
            u"The transaction was executed, but its effect could not be read back: %1"_s.arg(after.error().message), after.error().detail);
    co_return SafeExecutionReport{.safeTxHash = hash, .receipt = *receipt, .after = *std::move(after)};
}

} // namespace countersign
