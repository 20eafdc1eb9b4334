#include "backend/review/simulation.h"

#include "backend/evm/jsonquantity.h"
#include "backend/evm/revert.h"
#include "backend/review/knowncalls.h"
#include "backend/safe/safecalls.h"
#include "backend/safe/safesignature.h"
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

} // namespace

SimulationPlan planSimulation(const SafeState &safe, const SafeTransaction &transaction, const Hash32 &safeTxHash)
{
    constexpr quint64 nonceSlot = 5;
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
        account.storage.insert(slotNumber(nonceSlot), Hash32::fromDigest(transaction.nonce.toBigEndian()));
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

Result<QList<SimulatedCall>> simulatedCalls(const QJsonValue &answer, qsizetype count)
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
            call.reason = revertReason(call.returned.isEmpty() && inError ? *inError : call.returned);
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

Result<QList<SimulationFacts::StorageChange>> storageChanges(const QJsonValue &trace)
{
    const QJsonObject object = trace.toObject();
    if (!object.value("pre"_L1).isObject() || !object.value("post"_L1).isObject())
        return fail(ErrorKind::Corrupt, u"The trace has no difference of state"_s);
    const QJsonObject pre = object.value("pre"_L1).toObject();
    const QJsonObject post = object.value("post"_L1).toObject();
    QList<SimulationFacts::StorageChange> changes;
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

QString revertReason(QByteArrayView data)
{
    const Revert revert = describeRevert(data, &knownErrors());
    const QString meaning
        = revert.kind == RevertKind::Message && !revert.arguments.empty() && revert.arguments.front().get<QString>()
        ? safeErrorMeaning(*revert.arguments.front().get<QString>())
        : QString();
    return meaning.isEmpty() ? revert.text : u"%1 (%2)"_s.arg(revert.text, meaning);
}

} // namespace countersign
