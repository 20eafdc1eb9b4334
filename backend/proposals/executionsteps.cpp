#include "backend/proposals/executionsteps.h"

#include "backend/proposals/proposaldrafts.h"
#include "backend/review/addressbook.h"
#include "backend/review/calldecoder.h"
#include "backend/review/contextreading.h"
#include "backend/review/simulation.h"
#include "backend/safe/safecalls.h"
#include "backend/safe/safeevents.h"
#include "backend/safe/safesignature.h"
#include "backend/safe/safestatereader.h"
#include "backend/types/strings.h"

#include <QCoroTimer>
#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>

namespace countersign {

namespace {

constexpr auto receiptInterval = std::chrono::milliseconds(500);
constexpr quint64 mostPriorityFee = 1'000'000'000'000; // 1,000 gwei; what is above it a node invents

} // namespace

Result<Bytes> executionCalldata(const ExchangeItem &item, const Review &review)
{
    if (review.isBlocked())
        return fail(ErrorKind::Rejected, u"The review forbids the execution: %1"_s.arg(review.findings.first().message),
            review.findings.first().code);
    if (review.nonce != review.safeNonce)
        return fail(ErrorKind::Rejected,
            u"The Safe is at nonce %1, the proposal at %2"_s.arg(
                review.safeNonce.toDecimal(), review.nonce.toDecimal()));
    std::vector<SafeSignature> signatures;
    for (const ReviewSigner &signer : review.signers) {
        if (!signer.hasSigned || signatures.size() == review.threshold)
            continue;
        const auto collected = std::ranges::find(item.signatures, signer.owner, &CollectedSignature::owner);
        if (collected != item.signatures.end())
            signatures.push_back(collected->signature);
    }
    if (signatures.size() < review.threshold)
        return fail(
            ErrorKind::Rejected, u"%1 of %2 signatures are there"_s.arg(signatures.size()).arg(review.threshold));
    const auto blob = encodeSafeSignatures(std::move(signatures), review.hashes.safeTx);
    if (!blob)
        return std::unexpected(blob.error());
    return encodeExecTransaction(item.proposal.transaction, *blob);
}

QCoro::Task<Result<Eip1559Transaction>> prepareExecution(ChainClient &chain, Address executor, ChainId chainId,
    Address safe, Bytes calldata, Hash32 blockHash, std::stop_token stop)
{
    CallRequest request;
    request.from = executor;
    request.to = safe;
    request.data = calldata;
    const BlockRef block = BlockRef::at(blockHash);
    const StateOverrides noOverrides;
    const auto simulated = co_await chain.call(request, block, noOverrides, stop);
    if (!simulated) {
        const auto data = revertDataOf(simulated.error());
        if (!data)
            co_return std::unexpected(simulated.error());
        co_return fail(
            ErrorKind::Rejected, u"The Safe refuses the execution: %1"_s.arg(revertReason(*data)), toHex(*data));
    }
    const auto nonce = co_await chain.getTransactionCount(executor, BlockRef::pending(), stop);
    if (!nonce)
        co_return std::unexpected(nonce.error());
    const auto fees = co_await chain.feeSuggestion(stop);
    if (!fees)
        co_return std::unexpected(fees.error());
    if (fees->maxPriorityFeePerGas > Uint256(mostPriorityFee))
        co_return fail(ErrorKind::Rejected,
            u"The node asks for a priority fee of %1 wei a unit of gas, more than %2: nothing was signed"_s.arg(
                fees->maxPriorityFeePerGas.toDecimal(), QString::number(mostPriorityFee)));
    const auto gas = co_await chain.estimateGas(request, stop);
    if (!gas)
        co_return std::unexpected(gas.error());
    Eip1559Transaction transaction;
    transaction.chainId = chainId;
    transaction.nonce = *nonce;
    transaction.maxPriorityFeePerGas = fees->maxPriorityFeePerGas;
    transaction.maxFeePerGas = fees->maxFeePerGas;
    transaction.gasLimit
        = *gas + *gas / 4; // the Safe keeps 1/64 of the gas back at each call, which an estimate can miss
    transaction.to = safe;
    transaction.data = calldata;
    const auto balance = co_await chain.getBalance(executor, BlockRef::latest(), stop);
    if (!balance)
        co_return std::unexpected(balance.error());
    const auto cost = transaction.maxFeePerGas.checkedMul(Uint256(transaction.gasLimit));
    if (!cost || *balance < *cost) {
        co_return fail(ErrorKind::Exhausted,
            u"%1 cannot pay for the execution: it has %2 wei and may need %3"_s.arg(
                executor.toString(), balance->toDecimal(), cost ? cost->toDecimal() : u"more than can be counted"_s));
    }
    co_return transaction;
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

QCoro::Task<Result<ExecutionReport>> readBack(ChainClient &chain, ChainSettings settings, ExchangeItem item,
    Review review, TransactionReceipt receipt, std::stop_token stop)
{
    ExecutionReport report{
        review.hashes.safeTx, receipt.transactionHash, receipt.blockNumber, receipt.gasUsed, review.effects, true,
        !review.effects.isEmpty()};
    const BlockRef block = BlockRef::at(receipt.blockHash);
    const Address safe = item.proposal.safe;
    const auto state = co_await readSafeState(chain, safe, block, stop);
    if (!state)
        co_return std::unexpected(state.error());

    QHash<QString, QString> now{{u"Safe.nonce"_s, state->nonce.toDecimal()}};
    Environment environment;
    environment.chains = {settings};
    const AddressBook book(&environment, &environment.chains.first());
    const auto party = readCall(item.proposal.transaction, book).hashArgument(u"partyId");
    if (party && settings.registry && *settings.registry == item.proposal.transaction.to) {
        const Hash32 partyId = *party;
        const Address registryAddress = *settings.registry;
        const QVector<VaultSettings> none;
        const auto registry = co_await readRegistry(chain, *state, registryAddress, partyId, none, stop);
        if (!registry)
            co_return std::unexpected(registry.error());
        now.insert(registryKeyVariable(partyId), keyText(registry->key));
    }
    for (Effect &effect : report.effects) {
        const auto value = now.constFind(effect.variable);
        effect.promised = effect.after;
        if (value == now.cend()) {
            effect.after.clear(); // a slot without a name: simulated, but read by nobody
            report.isReadBack = false;
            continue;
        }
        // Someone else may have used the next nonce in the same block; the effect that was promised is what counts.
        if (effect.variable != "Safe.nonce"_L1 && *value != effect.promised)
            report.isAsPromised = false;
        effect.after = *value;
    }
    co_return report;
}

JournalEntry effectEntry(const ExecutionReport &report, const QString &holder, const QString &sentence)
{
    QJsonArray effects;
    for (const Effect &effect : report.effects) {
        effects.append(QJsonObject{{u"variable"_s, effect.variable}, {u"before"_s, effect.before},
            {u"promised"_s, effect.promised}, {u"readBack"_s, effect.after}});
    }
    const QJsonObject evidence{{u"transactionHash"_s, report.transactionHash.toString()},
        {u"block"_s, QString::number(report.blockNumber.value())}, {u"effects"_s, effects}};
    return report.isAsPromised
        ? JournalEntry::make(JournalKind::Effect, holder, report.safeTxHash.toString(),
              (report.isReadBack ? u"Done, and read back as promised: %1"_s
                                 : u"Executed; not all of its effect could be read back: %1"_s)
                  .arg(sentence),
              evidence)
        : JournalEntry::make(JournalKind::Incident, holder, report.safeTxHash.toString(),
              u"Executed, but the effect is not what was promised: %1"_s.arg(sentence), evidence);
}

} // namespace countersign
