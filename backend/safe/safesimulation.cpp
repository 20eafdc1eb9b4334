#include "backend/safe/safesimulation.h"

#include "backend/evm/jsonquantity.h"
#include "backend/evm/revert.h"
#include "backend/safe/safecalls.h"
#include "backend/safe/safesignature.h"
#include "backend/safe/safestorage.h"
#include "backend/types/strings.h"

#include <QJsonObject>

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype maxChanges = 10'000;

// An address without key, code or balance, so that nothing is allowed only because of who asks.
Address neutralSender()
{
    return *Address::parse(u"0x00000000000000000000000000000000000c0de5");
}

Result<Hash32> word(const QJsonValue &value)
{
    return hashFromJson(value);
}

bool isUnsupported(const Error &error)
{
    constexpr int methodNotFound = -32601;
    constexpr int invalidParams = -32602;
    const auto code = jsonRpcErrorCode(error);
    return code == methodNotFound || code == invalidParams;
}

QString burntNonce()
{
    return u"The Safe would execute it, but its call fails and the nonce is used up"_s;
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
    if (transaction.nonce > safe.nonce)
        account.storage.insert(slotNumber(SafeStorage::nonce), Hash32::fromDigest(transaction.nonce.toBigEndian()));
    SimulationPlan plan;
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
    return {QJsonObject{{u"blockStateCalls"_s, QJsonArray{blockCalls}}}, Uint256(block.value()).toHexQuantity()};
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
        }
        results.append(call);
    }
    return results;
}

QJsonArray traceParams(const SimulationPlan &plan, BlockNumber block)
{
    const QJsonObject options{{u"tracer"_s, u"prestateTracer"_s},
        {u"tracerConfig"_s, QJsonObject{{u"diffMode"_s, true}}}, {u"stateOverrides"_s, toJson(plan.overrides)}};
    return {plan.call.toJson(), Uint256(block.value()).toHexQuantity(), options};
}

Result<QList<StorageChange>> storageChanges(const QJsonValue &trace)
{
    const QJsonObject object = trace.toObject();
    if (!object.value("pre"_L1).isObject() || !object.value("post"_L1).isObject())
        return fail(ErrorKind::Corrupt, u"The trace has no difference of state"_s);
    const QJsonObject pre = object.value("pre"_L1).toObject();
    const QJsonObject post = object.value("post"_L1).toObject();
    QList<StorageChange> changes;
    QStringList accounts = pre.keys();
    for (const QString &account : post.keys()) {
        if (!pre.contains(account))
            accounts.append(account);
    }
    for (const QString &account : std::as_const(accounts)) {
        const auto address = addressFromJson(account);
        if (!address)
            return fail(ErrorKind::Corrupt, u"The trace names an account that is no address"_s, account.left(80));
        const QJsonObject before = pre.value(account).toObject().value("storage"_L1).toObject();
        const QJsonObject after = post.value(account).toObject().value("storage"_L1).toObject();
        QStringList positions = before.keys();
        for (const QString &slot : after.keys()) {
            if (!before.contains(slot))
                positions.append(slot);
        }
        for (const QString &slot : std::as_const(positions)) {
            const auto position = word(slot);
            const auto was = before.contains(slot) ? word(before.value(slot)) : Result<Hash32>(Hash32());
            const auto is = after.contains(slot) ? word(after.value(slot)) : Result<Hash32>(Hash32());
            if (!position || !was || !is || changes.size() >= maxChanges)
                return fail(ErrorKind::Corrupt, u"The trace's storage cannot be read"_s, slot.left(80));
            if (*was != *is)
                changes.append({*address, *position, *was, *is});
        }
    }
    return changes;
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
        return fail(ErrorKind::Corrupt, u"What the Safe answered to the execution is no yes and no no"_s, values.error().message);
    return *values->front().get<bool>();
}

QCoro::Task<Result<SafeSimulation>> simulateSafe(JsonRpcClient &rpc, ChainClient &chain, SafeState state,
    SafeTransaction transaction, Hash32 safeTxHash, QList<CallRequest> questions, const JsonAbi *errors, std::stop_token stop)
{
    const SimulationPlan plan = planSimulation(state, transaction, safeTxHash);
    SafeSimulation simulation;
    Bytes returned;
    const QJsonArray parameters = simulateParams(plan, questions, state.blockNumber);
    const QString simulateMethod = u"eth_simulateV1"_s;
    const auto simulated = co_await rpc.call(simulateMethod, parameters, stop);
    if (simulated) {
        auto calls = simulatedCalls(*simulated, questions.size() + 1, errors);
        if (!calls)
            co_return std::unexpected(calls.error());
        const SimulatedCall execution = calls->takeFirst();
        simulation.succeeded = execution.succeeded;
        simulation.reason = execution.reason;
        simulation.gasUsed = execution.gasUsed;
        simulation.answers = *std::move(calls);
        simulation.method = simulateMethod;
        returned = execution.returned;
    } else if (isUnsupported(simulated.error())) {
        const BlockRef block = BlockRef::at(state.blockHash);
        const auto called = co_await chain.call(plan.call, block, plan.overrides, stop);
        const auto reverted = called ? std::nullopt : revertDataOf(called.error());
        if (!called && !reverted)
            co_return std::unexpected(called.error());
        simulation.succeeded = called.has_value();
        simulation.reason = called ? QString() : safeRevertReason(*reverted, errors);
        simulation.method = u"eth_call"_s;
        returned = called.value_or(Bytes());
    } else {
        co_return std::unexpected(simulated.error());
    }
    if (simulation.succeeded) {
        const auto executed = executionAnswer(returned);
        if (!executed)
            co_return std::unexpected(executed.error());
        simulation.succeeded = *executed;
        simulation.reason = *executed ? QString() : burntNonce();
    }
    if (!simulation.succeeded)
        co_return simulation;
    const QJsonArray traceParameters = traceParams(plan, state.blockNumber);
    const QString traceMethod = u"debug_traceCall"_s;
    const auto trace = co_await rpc.call(traceMethod, traceParameters, stop);
    if (trace) {
        auto changes = storageChanges(*trace);
        if (!changes)
            co_return std::unexpected(changes.error());
        simulation.changes = *std::move(changes);
        simulation.hasChanges = true;
        simulation.method += u", "_s + traceMethod;
    }
    co_return simulation;
}

} // namespace countersign
