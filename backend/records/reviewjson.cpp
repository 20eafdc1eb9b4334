#include "backend/records/reviewjson.h"

#include "backend/types/strings.h"

namespace countersign {

namespace {

QString decimalOf(quint64 number)
{
    return QString::number(number);
}

QJsonArray callsJson(const DecodedCall &root)
{
    QJsonArray calls;
    for (const CallAtDepth &place : flattened(root)) {
        const DecodedCall &call = *place.call;
        QJsonArray arguments;
        for (const DecodedArgument &argument : call.arguments)
            arguments.append(QJsonObject{{u"name"_s, argument.name}, {u"type"_s, argument.type},
                {u"value"_s, argument.value}, {u"known"_s, argument.known}});
        calls.append(QJsonObject{{u"depth"_s, QString::number(place.depth)}, {u"to"_s, call.to.toString()},
            {u"toName"_s, call.toName}, {u"function"_s, call.function}, {u"signature"_s, call.signature},
            {u"data"_s, toHex(call.data)}, {u"value"_s, call.value.toDecimal()}, {u"delegate"_s, call.isDelegate},
            {u"decoded"_s, call.isDecoded}, {u"arguments"_s, arguments}});
    }
    return calls;
}

QJsonObject basisJson(const ReviewBasis &basis)
{
    QJsonArray nodes;
    for (const ReviewedNode &node : basis.nodes)
        nodes.append(QJsonObject{{u"endpoint"_s, node.endpoint}, {u"block"_s, decimalOf(node.blockNumber.value())},
            {u"blockHash"_s, node.blockHash.toString()}, {u"dissent"_s, node.dissent}});
    QJsonArray rules;
    for (const DecidingRule &rule : basis.rules)
        rules.append(QJsonObject{{u"where"_s, rule.where}, {u"rule"_s, rule.rule}});
    QJsonObject object{{u"nodes"_s, nodes}, {u"rules"_s, rules}};
    if (!basis.policyName.isEmpty())
        object.insert(u"policy"_s,
            QJsonObject{{u"name"_s, basis.policyName}, {u"version"_s, decimalOf(basis.policyVersion)},
                {u"id"_s, basis.policyId.toString()}});
    if (const auto &simulation = basis.simulation) {
        object.insert(u"simulation"_s,
            QJsonObject{{u"succeeded"_s, simulation->succeeded}, {u"method"_s, simulation->method},
                {u"reason"_s, simulation->reason}, {u"gasUsed"_s, decimalOf(simulation->gasUsed)},
                {u"assumesPredecessors"_s, simulation->assumesPredecessors},
                {u"innerCallOnly"_s, simulation->innerCallOnly},
                {u"limits"_s, QJsonArray::fromStringList(simulation->limits)}});
    }
    return object;
}

} // namespace

QList<CallAtDepth> flattened(const DecodedCall &root)
{
    QList<CallAtDepth> calls;
    QList<CallAtDepth> open{{&root, 0}};
    while (!open.isEmpty()) {
        const CallAtDepth next = open.takeLast();
        calls.append(next);
        for (auto inner = next.call->inner.crbegin(); inner != next.call->inner.crend(); ++inner)
            open.append({&*inner, next.depth + 1});
    }
    return calls;
}

QLatin1StringView severityWord(Severity severity)
{
    switch (severity) {
    case Severity::Block:
        return "block"_L1;
    case Severity::Warn:
        return "warn"_L1;
    case Severity::Info:
        break;
    }
    return "info"_L1;
}

QJsonArray effectsJson(const QList<Effect> &effects)
{
    QJsonArray array;
    for (const Effect &effect : effects) {
        QJsonObject object{{u"name"_s, effect.name}, {u"variable"_s, effect.variable}, {u"before"_s, effect.before},
            {u"after"_s, effect.after}, {u"promised"_s, effect.promised}};
        if (effect.place)
            object.insert(u"place"_s,
                QJsonObject{{u"contract"_s, effect.place->contract.toString()},
                    {u"slot"_s, effect.place->slot.toString()}, {u"after"_s, effect.place->after.toString()}});
        array.append(object);
    }
    return array;
}

QJsonObject reviewJson(const Review &review)
{
    QJsonArray findings;
    for (const Finding &finding : review.findings)
        findings.append(QJsonObject{{u"code"_s, finding.code}, {u"severity"_s, QString(severityWord(finding.severity))},
            {u"message"_s, finding.message}, {u"evidence"_s, finding.evidence}, {u"where"_s, finding.where},
            {u"check"_s, QString::number(finding.check)}});
    QJsonArray notRun;
    for (const CheckNotRun &check : review.notRun)
        notRun.append(QJsonObject{
            {u"check"_s, QString::number(check.check)}, {u"title"_s, check.title}, {u"reason"_s, check.reason}});
    QJsonArray signers;
    for (const ReviewSigner &signer : review.signers)
        signers.append(QJsonObject{{u"owner"_s, signer.owner.toString()}, {u"name"_s, signer.name},
            {u"hasSigned"_s, signer.hasSigned}, {u"how"_s, signer.how}});
    QJsonArray strangers;
    for (const Address &stranger : review.strangers)
        strangers.append(stranger.toString());
    return {{u"sentence"_s, review.sentence}, {u"chainName"_s, review.chainName},
        {u"chainId"_s, decimalOf(review.chainId.value())}, {u"safe"_s, review.safe.toString()},
        {u"proposer"_s, review.proposer}, {u"calls"_s, callsJson(review.call)},
        {u"hashes"_s,
            QJsonObject{{u"domain"_s, review.hashes.domain.toString()},
                {u"message"_s, review.hashes.message.toString()}, {u"safeTx"_s, review.hashes.safeTx.toString()}}},
        {u"findings"_s, findings}, {u"notRun"_s, notRun}, {u"effects"_s, effectsJson(review.effects)},
        {u"owners"_s, signers}, {u"strangers"_s, strangers}, {u"threshold"_s, decimalOf(review.threshold)},
        {u"nonce"_s, review.nonce.toDecimal()}, {u"safeNonce"_s, review.safeNonce.toDecimal()},
        {u"block"_s, decimalOf(review.blockNumber.value())}, {u"blockHash"_s, review.blockHash.toString()},
        {u"reviewedAt"_s, decimal(review.reviewedAt)}, {u"basis"_s, basisJson(review.basis)}};
}

} // namespace countersign
