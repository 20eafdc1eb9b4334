#include "backend/safe/safesimulation.h"

#include "backend/evm/jsonquantity.h"
#include "backend/evm/revert.h"
#include "backend/evm/tokenmovements.h"
#include "backend/safe/safecalls.h"
#include "backend/safe/safesignature.h"
#include "backend/safe/safestorage.h"
#include "backend/types/strings.h"

#include <QJsonObject>

#include <algorithm>

namespace countersign {

namespace {

// An address without key, code or balance, so that nothing is allowed only because of who asks.
Address neutralSender()
{
    return *Address::parse(u"0x00000000000000000000000000000000000c0de5");
}

// Where eth_simulateV1 logs transfers of ether, in the form of an ERC-20's (execution APIs, "traceTransfers").
const Address &etherLogAddress()
{
    static const Address address = *Address::parse(u"0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee");
    return address;
}

Result<void> takeLogs(const QJsonValue &value, SimulatedCall &call)
{
    std::vector<EvmLog> etherLogs;
    const QJsonArray logs = value.toArray();
    if (logs.size() > CallTrace::maxLogs)
        return fail(ErrorKind::Exhausted, u"The simulation answered more logs than are looked at"_s);
    for (const QJsonValue &entry : logs) {
        auto log = simulatedLogFromJson(entry);
        if (!log)
            return std::unexpected(log.error());
        std::vector<EvmLog> &list = log->address == etherLogAddress() ? etherLogs : call.logs;
        log->logIndex = static_cast<quint32>(list.size());
        list.push_back(*std::move(log));
    }
    const std::vector<TokenMovement> movements = tokenMovements(etherLogs);
    if (movements.size() != etherLogs.size())
        return fail(ErrorKind::Corrupt, u"The simulation answered a transfer of ether that is none"_s);
    for (const TokenMovement &movement : movements)
        call.transfers.push_back({.from = movement.from, .to = movement.to, .amount = movement.amount});
    return {};
}

QJsonArray tracerParams(const SimulationPlan &plan, BlockNumber block, const QString &tracer, const QString &option)
{
    const QJsonObject options{{u"tracer"_s, tracer}, {u"tracerConfig"_s, QJsonObject{{option, true}}},
        {u"stateOverrides"_s, toJson(plan.overrides)}};
    return {plan.call.toJson(), Uint256(block.value()).toHexQuantity(), options};
}

} // namespace

SimulationPlan planSimulation(const SafeState &safe, const SafeTransaction &transaction, const Hash32 &safeTxHash)
{
    constexpr qsizetype maxApprovals = 1000; // a threshold that no Safe can have must not make us build for ever
    std::vector<Address> owners = safe.owners;
    std::ranges::sort(owners);
    const auto threshold
        = static_cast<size_t>(std::min<quint64>(safe.threshold.toU64().value_or(maxApprovals), maxApprovals));
    owners.resize(std::min(owners.size(), threshold));

    AccountOverride account;
    Bytes signatures;
    for (const Address &owner : owners) {
        account.storage.insert(approvedHashSlot(owner, safeTxHash), slotNumber(1));
        signatures += SafeSignature::approved(owner).staticPart();
    }
    SimulationPlan plan;
    plan.assumesPredecessors = transaction.nonce > safe.nonce;
    if (plan.assumesPredecessors)
        account.storage.insert(slotNumber(SafeStorage::nonce), Hash32::fromDigest(transaction.nonce.toBigEndian()));
    plan.call.from = neutralSender();
    plan.call.to = safe.safe;
    plan.call.data = encodeExecTransaction(transaction, signatures);
    plan.overrides.insert(safe.safe, account);
    return plan;
}

QJsonArray simulateParams(const SimulationPlan &plan, const QList<CallRequest> &questions, BlockNumber block)
{
    QJsonArray calls{plan.call.toJson()};
    for (const CallRequest &question : questions)
        calls.append(question.toJson());
    const QJsonObject blockCalls{{u"stateOverrides"_s, toJson(plan.overrides)}, {u"calls"_s, calls}};
    return {QJsonObject{{u"blockStateCalls"_s, QJsonArray{blockCalls}}, {u"traceTransfers"_s, true}},
        Uint256(block.value()).toHexQuantity()};
}

Result<QList<SimulatedCall>> simulatedCalls(const QJsonValue &answer, qsizetype count, const JsonAbi *errors)
{
    const QJsonArray calls = answer.toArray().first().toObject().value("calls"_L1).toArray();
    if (calls.size() != count)
        return fail(
            ErrorKind::Corrupt, u"The simulation answered %1 calls instead of %2"_s.arg(calls.size()).arg(count));
    QList<SimulatedCall> results;
    for (const QJsonValue &value : calls) {
        const QJsonObject object = value.toObject();
        const auto status = quantityFromJson(object.value("status"_L1));
        const auto returned = dataFromJson(object.value("returnData"_L1));
        const auto gas = quantity64FromJson(object.value("gasUsed"_L1));
        if (!status || !returned || !gas)
            return fail(ErrorKind::Corrupt, u"The simulation's answer has another shape than the standard's"_s);
        SimulatedCall call{*status == Uint256(1), *returned, {}, *gas};
        if (!call.succeeded) {
            // Some nodes put the revert data into the error instead of the return data.
            const auto inError = dataFromJson(object.value("error"_L1).toObject().value("data"_L1));
            call.reason = safeRevertReason(call.returned.isEmpty() && inError ? *inError : call.returned, errors);
        } else if (auto done = takeLogs(object.value("logs"_L1), call); !done) {
            return std::unexpected(done.error());
        }
        results.append(call);
    }
    return results;
}

QJsonArray traceParams(const SimulationPlan &plan, BlockNumber block)
{
    return tracerParams(plan, block, u"prestateTracer"_s, u"diffMode"_s);
}

QJsonArray callTraceParams(const SimulationPlan &plan, BlockNumber block)
{
    return tracerParams(plan, block, u"callTracer"_s, u"withLog"_s);
}

Result<QList<StorageChange>> storageChanges(const QJsonValue &trace)
{
    const auto difference = stateDiffFromJson(trace);
    if (!difference)
        return std::unexpected(difference.error());
    return difference->storage;
}

QString safeRevertReason(QByteArrayView data, const JsonAbi *errors)
{
    const Revert revert = describeRevert(data, errors);
    const QString meaning
        = revert.kind == RevertKind::Message && !revert.arguments.empty() && revert.arguments.front().get<QString>()
        ? safeErrorMeaning(*revert.arguments.front().get<QString>())
        : QString();
    return meaning.isEmpty() ? revert.text : u"%1 (%2)"_s.arg(revert.text, meaning);
}

Result<bool> executionAnswer(QByteArrayView returned)
{
    const auto values = safeAbi().function(u"execTransaction")->decodeOutput(returned);
    if (!values)
        return fail(ErrorKind::Corrupt, u"What the Safe answered to the execution is no yes and no no"_s,
            values.error().message);
    return *values->front().get<bool>();
}

std::vector<CreatedContract> SafeSimulation::created() const
{
    return trace ? createdContracts(*trace, difference ? &*difference : nullptr) : std::vector<CreatedContract>();
}

std::vector<DelegatedCall> SafeSimulation::delegated(std::span<const std::pair<Address, Address>> proxies) const
{
    return trace ? delegatedCalls(*trace, proxies) : std::vector<DelegatedCall>();
}

} // namespace countersign
