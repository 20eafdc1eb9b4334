#include "backend/relayer/etcdreply.h"

#include "backend/types/strings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QJsonParseError>

#include <limits>
#include <optional>

namespace countersign {

namespace {

constexpr qsizetype keyLimit = 10'000; // of one answer

std::unexpected<Error> corrupt(const QString &what)
{
    return fail(ErrorKind::Corrupt, u"etcd sent an answer that cannot be read: %1"_s.arg(what));
}

// Integers of 64 bits are strings in this gateway; small ones may be numbers. An absent one is 0.
bool readInteger(const QJsonValue &value, qint64 &out)
{
    if (value.isUndefined() || value.isNull())
        return true;
    bool ok = value.isDouble();
    if (value.isString())
        out = value.toString().toLongLong(&ok);
    else
        out = value.toInteger(std::numeric_limits<qint64>::min());
    return ok && out != std::numeric_limits<qint64>::min();
}

bool readUnsigned(const QJsonValue &value, quint64 &out)
{
    bool ok = value.isUndefined();
    if (value.isString())
        out = value.toString().toULongLong(&ok);
    else if (value.isDouble() && value.toInteger(-1) >= 0) {
        out = static_cast<quint64>(value.toInteger());
        ok = true;
    }
    return ok;
}

bool readBytes(const QJsonValue &value, Bytes &out)
{
    if (value.isUndefined())
        return true;
    if (!value.isString())
        return false;
    auto decoded = QByteArray::fromBase64Encoding(value.toString().toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return false;
    out = *decoded;
    return true;
}

Result<QJsonObject> objectOf(const Bytes &body)
{
    QJsonParseError parse;
    const QJsonDocument document = QJsonDocument::fromJson(body, &parse);
    if (!document.isObject())
        return corrupt(parse.error == QJsonParseError::NoError ? u"it is no object"_s : parse.errorString());
    const QJsonObject object = document.object();
    // {"error": "...", "code": 2, "message": "..."}, in a stream {"error": {"message": "..."}}
    const QJsonValue error = object.value("error"_L1);
    if (!error.isUndefined()) {
        const QString text = error.isObject() ? error.toObject().value("message"_L1).toString() : error.toString();
        return fail(ErrorKind::Rejected, u"etcd refused: %1"_s.arg(text.left(1000)));
    }
    return object;
}

std::optional<EtcdKeyValue> keyValueOf(const QJsonValue &value)
{
    EtcdKeyValue out;
    if (!value.isObject())
        return std::nullopt;
    const QJsonObject object = value.toObject();
    const bool ok = readBytes(object.value("key"_L1), out.key) && readBytes(object.value("value"_L1), out.value)
        && readInteger(object.value("create_revision"_L1), out.createRevision)
        && readInteger(object.value("mod_revision"_L1), out.modRevision)
        && readInteger(object.value("lease"_L1), out.lease);
    return ok ? std::optional(out) : std::nullopt;
}

} // namespace

Result<EtcdRange> parseEtcdRange(const Bytes &body)
{
    const Result<QJsonObject> object = objectOf(body);
    if (!object)
        return std::unexpected(object.error());
    const QJsonObject header = object->value("header"_L1).toObject();
    EtcdRange range;
    if (!readInteger(header.value("revision"_L1), range.revision)
        || !readUnsigned(header.value("raft_term"_L1), range.term) || range.revision <= 0)
        return corrupt(u"its header"_s);
    range.more = object->value("more"_L1).toBool();
    const QJsonArray keys = object->value("kvs"_L1).toArray();
    if (keys.size() > keyLimit)
        return fail(ErrorKind::Exhausted, u"etcd has more than %1 keys there"_s.arg(keyLimit));
    for (const QJsonValue &value : keys) {
        const auto key = keyValueOf(value);
        if (!key)
            return corrupt(u"a key"_s);
        range.keys.append(*key);
    }
    return range;
}

Result<EtcdLease> parseEtcdLease(const Bytes &body)
{
    const Result<QJsonObject> object = objectOf(body);
    if (!object)
        return std::unexpected(object.error());
    qint64 left = 0;
    qint64 granted = 0;
    constexpr qint64 longest = 100LL * 365 * 86'400;
    if (!readInteger(object->value("TTL"_L1), left) || !readInteger(object->value("grantedTTL"_L1), granted)
        || left < -1 || left > longest || granted < 0 || granted > longest)
        return corrupt(u"a lease"_s);
    return EtcdLease{std::chrono::seconds(left), std::chrono::seconds(granted)};
}

Result<EtcdWatchReply> parseEtcdWatchLine(const Bytes &line)
{
    const Result<QJsonObject> object = objectOf(line);
    if (!object)
        return std::unexpected(object.error());
    const QJsonValue inner = object->value("result"_L1);
    if (!inner.isObject())
        return corrupt(u"a watch line without result"_s);
    const QJsonObject result = inner.toObject();
    EtcdWatchReply reply;
    if (!readInteger(result.value("header"_L1).toObject().value("revision"_L1), reply.revision)
        || !readInteger(result.value("compact_revision"_L1), reply.compactRevision))
        return corrupt(u"a revision"_s);
    reply.created = result.value("created"_L1).toBool();
    reply.cancelled = result.value("canceled"_L1).toBool();
    reply.reason = result.value("cancel_reason"_L1).toString().left(1000);
    const QJsonArray events = result.value("events"_L1).toArray();
    if (events.size() > keyLimit)
        return fail(ErrorKind::Exhausted, u"etcd sent more than %1 events at once"_s.arg(keyLimit));
    for (const QJsonValue &value : events) {
        const QJsonObject entry = value.toObject();
        const auto current = keyValueOf(entry.value("kv"_L1));
        if (!current)
            return corrupt(u"an event"_s);
        const QString type = entry.value("type"_L1).toString();
        if (!type.isEmpty() && type != "PUT"_L1 && type != "DELETE"_L1)
            return corrupt(u"an event's type"_s);
        EtcdEvent event{type == "DELETE"_L1, *current, std::nullopt};
        if (entry.contains("prev_kv"_L1)) {
            event.previous = keyValueOf(entry.value("prev_kv"_L1));
            if (!event.previous)
                return corrupt(u"an event's previous key"_s);
        }
        reply.events.append(event);
    }
    return reply;
}

} // namespace countersign
