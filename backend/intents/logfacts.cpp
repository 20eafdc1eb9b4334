#include "backend/intents/logfacts.h"

#include "backend/types/strings.h"

#include <QHash>
#include <QJsonDocument>

#include <algorithm>
#include <limits>

namespace countersign {

namespace {

std::optional<FactKind> kindOf(const QString &message)
{
    static const QHash<QString, FactKind> kinds{
        {u"intent_received"_s, FactKind::Received},       {u"intent_queued"_s, FactKind::Queued},
        {u"transaction_submitted"_s, FactKind::Submitted}, {u"transaction_confirmed"_s, FactKind::Confirmed},
        {u"intent_failed"_s, FactKind::AttemptFailed},     {u"intent_acknowledged"_s, FactKind::RelayerAcknowledged},
    };
    const auto found = kinds.constFind(message);
    return found == kinds.constEnd() ? std::nullopt : std::optional(*found);
}

qint64 integer(const LogLine &line, QStringView field)
{
    bool ok = false;
    const qint64 number = line.text(field).toLongLong(&ok);
    return ok ? number : 0;
}

quint32 count(const LogLine &line, QStringView field)
{
    return static_cast<quint32>(std::clamp<qint64>(integer(line, field), 0, std::numeric_limits<quint32>::max()));
}

QByteArray asText(const LogLine &line)
{
    QJsonObject object = line.fields;
    object.insert(u"timestamp"_s, line.time.toIsoString());
    object.insert(u"message"_s, line.message);
    if (!line.level.isEmpty())
        object.insert(u"level"_s, line.level);
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

} // namespace

std::optional<Fact> factFromLogLine(const LogLine &line)
{
    const auto kind = kindOf(line.message);
    const QString intentId = line.text(u"intentId");
    if (!kind || intentId.isEmpty() || intentId.size() > 1024)
        return std::nullopt;
    Fact fact;
    fact.kind = *kind;
    fact.source = FactSource::RelayerLog;
    fact.time = line.time;
    fact.intentId = intentId;
    fact.origin = line.relayer;
    fact.relayer = line.relayer;
    fact.reference = line.text(u"txHash").toUtf8();
    fact.position = line.position;
    fact.terms.chain = line.text(u"chain");
    fact.evidence = asText(line);
    switch (*kind) {
    case FactKind::Received:
        fact.terms.vault = line.text(u"vaultId");
        if (!line.text(u"nonce").isEmpty())
            fact.terms.nonce = integer(line, u"nonce");
        break;
    case FactKind::Queued:
        fact.number = count(line, u"depth");
        break;
    case FactKind::Confirmed:
        // The block, not the place in the log: a reorganisation of that block takes the confirmation with it.
        fact.position = integer(line, u"blockNumber");
        fact.number = count(line, u"confirmations");
        break;
    case FactKind::AttemptFailed:
        fact.number = count(line, u"attempt");
        fact.reason = line.text(u"reason");
        break;
    case FactKind::RelayerAcknowledged:
        fact.outcome = factOutcomeFromString(line.text(u"outcome")).value_or(FactOutcome::Failed);
        fact.reason = line.text(u"reason");
        break;
    default:
        break;
    }
    return fact;
}

} // namespace countersign
