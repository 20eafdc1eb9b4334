#include "app/cli/review/reviewoutput.h"

#include "backend/review/checks/reviewcheck.h"
#include "backend/types/jsonobject.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

QLatin1StringView wordOf(Severity severity)
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

/// Writes an array; each element by a function that is given the text to append to.
template <class List, class Write> void writeArray(QByteArray &json, const List &list, Write write)
{
    json.append('[');
    bool isFirst = true;
    for (const auto &element : list) {
        if (!std::exchange(isFirst, false))
            json.append(',');
        write(json, element);
    }
    json.append(']');
}

void writeFinding(QByteArray &json, const Finding &finding)
{
    JsonObject object(json);
    object.text("id", finding.code);
    object.text("severity", wordOf(finding.severity));
    object.text("where", finding.where);
    object.text("message", finding.message);
    object.text("evidence", finding.evidence);
    object.value("check").append(QByteArray::number(finding.check));
    if (const CheckInfo *info = checkInfo(finding.check)) {
        object.text("explanation", QString::fromUtf16(info->why));
        object.text("guardsAgainst", QString::fromUtf16(info->guardsAgainst));
    }
}

void writeArgument(QByteArray &json, const DecodedArgument &argument)
{
    JsonObject object(json);
    object.text("name", argument.name);
    object.text("type", argument.type);
    object.text("value", argument.value);
    if (!argument.known.isEmpty())
        object.text("known", argument.known);
}

void writeHint(QByteArray &json, const CallHint &hint)
{
    JsonObject object(json);
    object.text("descriptor", hint.source);
    object.text("hash", hint.hash);
    object.text("owner", hint.owner);
    object.text("intent", hint.intent);
    writeArray(object.value("fields"), hint.fields, [](QByteArray &text, const HintField &field) {
        JsonObject entry(text);
        entry.text("label", field.label);
        entry.text("value", field.value);
        entry.text("path", field.path);
    });
}

void writeText(QByteArray &json, const QString &text)
{
    const QByteArray utf8 = text.toUtf8();
    appendJsonString(json, QUtf8StringView(utf8));
}

void writeCall(QByteArray &json, const DecodedCall &call)
{
    JsonObject object(json);
    object.address("to", call.to);
    if (!call.toName.isEmpty())
        object.text("toName", call.toName);
    object.value("operation").append(call.isDelegate ? '1' : '0');
    object.number("value", call.value);
    object.hex("data", call.data);
    object.text("function", call.function);
    object.text("signature", call.signature);
    object.flag("decoded", call.isDecoded);
    object.flag("guess", call.isGuess);
    if (call.isGuess)
        writeArray(object.value("collisions"), call.collisions, writeText);
    writeArray(object.value("arguments"), call.arguments, writeArgument);
    if (call.hint)
        writeHint(object.value("hint"), *call.hint);
    writeArray(object.value("calls"), call.inner, writeCall);
}

void writeEffect(QByteArray &json, const Effect &effect)
{
    JsonObject object(json);
    object.text("name", effect.name);
    object.text("variable", effect.variable);
    object.text("before", effect.before);
    object.text("after", effect.after);
    if (!effect.promised.isEmpty())
        object.text("promised", effect.promised);
}

void writeSimulation(QByteArray &json, const Review &review, const ReviewContext &context)
{
    if (!context.simulation) {
        json.append("null");
        return;
    }
    JsonObject object(json);
    object.flag("succeeded", context.simulation->succeeded);
    object.text("reason", context.simulation->reason);
    object.text("method", context.simulation->method);
    object.value("gasUsed").append(QByteArray::number(context.simulation->gasUsed));
    object.value("block").append(QByteArray::number(review.blockNumber.value()));
    object.hex("blockHash", review.blockHash);
    writeArray(object.value("effects"), review.effects, writeEffect);
}

Report::Severity reportSeverity(Severity severity)
{
    switch (severity) {
    case Severity::Block:
        return Report::Severity::Block;
    case Severity::Warn:
        return Report::Severity::Warn;
    case Severity::Info:
        break;
    }
    return Report::Severity::Info;
}

void describeCall(Report::Node &list, const DecodedCall &call, const QString &label)
{
    const QString name = call.toName.isEmpty() ? call.to.toString() : u"%1 %2"_s.arg(call.toName, call.to.toString());
    QString function = call.function;
    if (call.data.isEmpty())
        function = u"transfer"_s;
    else if (function.isEmpty())
        function = u"unknown function %1"_s.arg(toHex(call.data.left(4)));
    if (call.isGuess)
        function += u" (a guess%1)"_s.arg(call.collisions.isEmpty() ? QString() : u", or "_s + call.collisions.join(u" or "_s));
    Report::Node &node = list.element(label, u"%1%2 of %3"_s.arg(call.isDelegate ? u"DELEGATECALL "_s : QString(), function, name));
    if (!call.value.isZero())
        node.add(u"value"_s, call.value.toDecimal(), u"value (wei)"_s);
    for (const DecodedArgument &argument : call.arguments)
        node.add(argument.name, argument.known.isEmpty() ? argument.value : u"%1 (%2)"_s.arg(argument.value, argument.known));
    if (call.hint) {
        Report::Node &hint = node.group(u"hint"_s);
        hint.label = u"claimed by descriptor %1 (%2)"_s.arg(call.hint->source, call.hint->hash);
        hint.value = call.hint->intent;
        for (const HintField &field : call.hint->fields)
            hint.add(field.label, field.value);
    }
    if (call.inner.isEmpty())
        return;
    Report::Node &inner = node.list(u"calls"_s);
    int number = 0;
    for (const DecodedCall &child : call.inner)
        describeCall(inner, child, u"%1."_s.arg(++number));
}

} // namespace

void writeReview(Report &report, const ReviewInput &input, const Review &review, const ReviewContext &context)
{
    report.add(u"sentence"_s, review.sentence, u"what it does"_s);
    report.add(u"kind"_s, input.kind);
    report.add(u"chain"_s, u"%1 (%2)"_s.arg(review.chainName).arg(review.chainId.value()));
    report.add(u"safe"_s, review.safe.toString());
    report.add(u"nonce"_s, input.hasNonce ? review.nonce.toDecimal() : u"%1 (the file has none)"_s.arg(review.nonce.toDecimal()));
    if (context.isOnline)
        report.add(u"block"_s, u"%1 %2"_s.arg(review.blockNumber.value()).arg(review.blockHash.toString()));
    describeCall(report.root().list(u"calls"_s), review.call, {});
    Report::Node &hashes = report.root().group(u"hashes"_s);
    hashes.add(u"domainHash"_s, deviceGroups(review.hashes.domain).join(u' '), u"domain"_s);
    hashes.add(u"messageHash"_s, deviceGroups(review.hashes.message).join(u' '), u"message"_s);
    hashes.add(u"safeTxHash"_s, deviceGroups(review.hashes.safeTx).join(u' '));
    if (!review.effects.isEmpty()) {
        Report::Node &effects = report.root().list(u"effects"_s);
        for (const Effect &effect : review.effects)
            effects.element(effect.name, u"%1 -> %2"_s.arg(effect.before, effect.after));
    }
    if (!review.notRun.isEmpty()) {
        Report::Node &notRun = report.root().list(u"checksNotRun"_s, u"checks that did not run"_s);
        for (const CheckNotRun &check : review.notRun)
            notRun.element(u"%1. %2"_s.arg(check.check).arg(check.title), check.reason);
    }
    for (const Finding &finding : review.findings) {
        QString message = finding.message;
        if (!finding.evidence.isEmpty())
            message += u" ["_s + finding.evidence + u']';
        if (!finding.where.isEmpty() && finding.where != u"transaction")
            message += u" ("_s + finding.where + u')';
        report.find(reportSeverity(finding.severity), finding.code, message);
    }
}

QByteArray reviewToJson(const ReviewInput &input, const Review &review, const ReviewContext &context)
{
    QByteArray json;
    {
        JsonObject object(json);
        object.flag("blocked", review.isBlocked());
        object.text("kind", input.kind);
        object.text("sentence", review.sentence);
        object.value("chainId").append(QByteArray::number(review.chainId.value()));
        object.address("safe", review.safe);
        object.number("nonce", review.nonce);
        writeArray(object.value("findings"), review.findings, writeFinding);
        {
            JsonObject hashes(object.value("hashes"));
            hashes.hex("domainHash", review.hashes.domain);
            hashes.hex("messageHash", review.hashes.message);
            hashes.hex("safeTxHash", review.hashes.safeTx);
        }
        const QList<DecodedCall> calls{review.call};
        writeArray(object.value("calls"), calls, writeCall);
        writeSimulation(object.value("simulation"), review, context);
        writeArray(object.value("checksNotRun"), review.notRun, [](QByteArray &text, const CheckNotRun &check) {
            JsonObject entry(text);
            entry.value("check").append(QByteArray::number(check.check));
            entry.text("title", check.title);
            entry.text("reason", check.reason);
        });
        if (context.isOnline) {
            JsonObject chain(object.value("onChain"));
            chain.text("endpoint", context.endpoint);
            if (context.second)
                chain.text("secondEndpoint", context.second->endpoint);
            chain.value("block").append(QByteArray::number(review.blockNumber.value()));
            chain.hex("blockHash", review.blockHash);
            chain.number("nonce", review.safeNonce);
        }
    }
    return json + '\n';
}

} // namespace countersign
