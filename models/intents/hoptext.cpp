#include "models/intents/hoptext.h"

#include "backend/types/strings.h"

#include <QJsonDocument>

namespace countersign {

namespace {

QString outcomeWord(FactOutcome outcome)
{
    switch (outcome) {
    case FactOutcome::Executed:
        return u"executed"_s;
    case FactOutcome::Failed:
        return u"failed"_s;
    case FactOutcome::Expired:
        return u"expired"_s;
    case FactOutcome::Rejected:
        return u"rejected"_s;
    case FactOutcome::None:
        break;
    }
    return {};
}

QString kindWord(FactKind kind)
{
    switch (kind) {
    case FactKind::Requested:
        return u"requested"_s;
    case FactKind::RequestClosed:
        return u"requestClosed"_s;
    case FactKind::Authorised:
        return u"authorised"_s;
    case FactKind::Received:
        return u"received"_s;
    case FactKind::Queued:
        return u"queued"_s;
    case FactKind::Submitted:
        return u"submitted"_s;
    case FactKind::AttemptFailed:
        return u"attemptFailed"_s;
    case FactKind::Executed:
        return u"executed"_s;
    case FactKind::Confirmed:
        return u"confirmed"_s;
    case FactKind::RelayerAcknowledged:
        return u"relayerAcknowledged"_s;
    case FactKind::Receipted:
        return u"receipted"_s;
    }
    return {};
}

} // namespace

QString HopText::title(const Hop &hop)
{
    QString title;
    switch (hop.kind) {
    case FactKind::Requested:
        title = tr("requested on the ledger");
        break;
    case FactKind::RequestClosed:
        title = tr("request closed on the ledger");
        break;
    case FactKind::Authorised:
        title = tr("authorised on the ledger");
        break;
    case FactKind::Received:
        title = tr("received by %1").arg(hop.origin);
        break;
    case FactKind::Queued:
        title = hop.number > 0 ? tr("queued, %1 in the queue").arg(hop.number) : tr("queued");
        break;
    case FactKind::Submitted:
        title = tr("transaction sent");
        break;
    case FactKind::AttemptFailed:
        title = hop.number > 0 ? tr("attempt %1 failed").arg(hop.number) : tr("attempt failed");
        break;
    case FactKind::Executed:
        title = tr("executed in block %1").arg(hop.position);
        break;
    case FactKind::Confirmed:
        title = hop.number > 0 ? tr("final, confirmations: %1").arg(hop.number) : tr("final");
        break;
    case FactKind::RelayerAcknowledged:
        title = tr("acknowledgement sent by %1: %2").arg(hop.origin, outcomeWord(hop.outcome));
        break;
    case FactKind::Receipted:
        title = tr("receipt on the ledger: %1").arg(outcomeWord(hop.outcome));
        break;
    }
    return hop.retracted ? tr("%1 – taken back by a reorganisation").arg(title) : title;
}

QString HopText::source(const Hop &hop)
{
    switch (hop.source) {
    case FactSource::Ledger:
        return tr("ledger %1").arg(hop.origin);
    case FactSource::RelayerLog:
        return tr("log of %1").arg(hop.origin);
    case FactSource::Chain:
        return tr("chain %1").arg(hop.origin);
    }
    return {};
}

QString HopText::evidence(const Hop &hop)
{
    switch (hop.source) {
    case FactSource::Ledger:
        return hop.reference.isEmpty() ? tr("offset %1, contract %2").arg(hop.position).arg(hop.contractId)
                                       : tr("offset %1, update %2").arg(hop.position).arg(hop.reference);
    case FactSource::RelayerLog:
        if (hop.kind == FactKind::Confirmed)
            return tr("transaction %1, block %2").arg(hop.reference).arg(hop.position);
        return hop.reference.isEmpty() ? tr("byte %1 of the log").arg(hop.position)
                                       : tr("transaction %1, byte %2 of the log").arg(hop.reference).arg(hop.position);
    case FactSource::Chain:
        return tr("transaction %1, block %2 (%3)").arg(hop.reference).arg(hop.position).arg(hop.blockHash);
    }
    return {};
}

Tone HopText::tone(const Hop &hop)
{
    if (hop.retracted || hop.kind == FactKind::AttemptFailed)
        return Tone::Warn;
    switch (hop.outcome) {
    case FactOutcome::Executed:
        return Tone::Good;
    case FactOutcome::Failed:
        return Tone::Bad;
    case FactOutcome::Expired:
    case FactOutcome::Rejected:
        return Tone::Warn;
    case FactOutcome::None:
        break;
    }
    return hop.kind == FactKind::Executed || hop.kind == FactKind::Confirmed ? Tone::Good : Tone::Info;
}

QJsonObject HopText::toJson(const Hop &hop)
{
    QJsonObject object{{u"kind"_s, kindWord(hop.kind)}, {u"origin"_s, hop.origin}, {u"position"_s, QString::number(hop.position)}};
    const auto add = [&object](const QString &key, const QString &text) {
        if (!text.isEmpty())
            object.insert(key, text);
    };
    static const QStringList sources{u"ledger"_s, u"relayerLog"_s, u"chain"_s};
    object.insert(u"source"_s, sources.at(static_cast<qsizetype>(hop.source)));
    if (!hop.time.isNull())
        object.insert(u"time"_s, hop.time.toIsoString());
    if (hop.phase)
        object.insert(u"phase"_s, intentPhaseName(*hop.phase));
    if (hop.retracted)
        object.insert(u"retracted"_s, true);
    add(u"outcome"_s, outcomeWord(hop.outcome));
    add(u"reference"_s, hop.reference);
    add(u"contractId"_s, hop.contractId);
    add(u"blockHash"_s, hop.blockHash);
    add(u"reason"_s, hop.reason);
    const QJsonDocument line = QJsonDocument::fromJson(hop.evidence.toUtf8());
    if (line.isObject())
        object.insert(u"logLine"_s, line.object());
    else
        add(u"logLine"_s, hop.evidence);
    return object;
}

} // namespace countersign
