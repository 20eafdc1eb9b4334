#include "app/practice/relayer/etcdmessages.h"

#include "backend/types/strings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace countersign {

namespace {

constexpr qsizetype largestAnswer = 4 * 1024 * 1024;
constexpr qsizetype mostKeys = 4096;

QString base64(const Bytes &bytes)
{
    return QString::fromLatin1(bytes.toBase64());
}

Bytes toJson(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

Result<QJsonObject> parseObject(const Bytes &json)
{
    if (json.size() > largestAnswer)
        return fail(ErrorKind::Corrupt, u"etcd's answer is too large"_s);
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (!document.isObject())
        return fail(ErrorKind::Corrupt, u"etcd's answer is not a JSON object"_s, error.errorString());
    const QJsonObject object = document.object();
    if (object.contains("error"_L1))
        return fail(ErrorKind::Rejected, u"etcd refused"_s, object.value("error"_L1).toVariant().toString());
    return object;
}

/// int64 as the gateway writes it: a string, a number from other writers, absent for zero.
qint64 int64At(const QJsonObject &object, QLatin1StringView name)
{
    const QJsonValue value = object.value(name);
    return value.isString() ? value.toString().toLongLong() : value.toInteger();
}

Bytes bytesAt(const QJsonObject &object, QLatin1StringView name)
{
    return QByteArray::fromBase64(object.value(name).toString().toLatin1());
}

QJsonObject createdAt(const Bytes &key, qint64 revision)
{
    return {{u"key"_s, base64(key)}, {u"target"_s, u"CREATE"_s}, {u"create_revision"_s, QString::number(revision)}};
}

} // namespace

QString LeaseId::toHex() const
{
    return QString::number(static_cast<quint64>(value), 16);
}

Bytes leaseGrantRequest(std::chrono::seconds ttl)
{
    return toJson({{u"TTL"_s, QString::number(ttl.count())}});
}

Bytes leaseRequest(LeaseId lease)
{
    return toJson({{u"ID"_s, QString::number(lease.value)}});
}

Bytes createKeyRequest(const Bytes &key, const Bytes &value, LeaseId lease)
{
    const QJsonObject put{{u"key"_s, base64(key)}, {u"value"_s, base64(value)}, {u"lease"_s, QString::number(lease.value)}};
    return toJson({{u"compare"_s, QJsonArray{createdAt(key, 0)}}, {u"success"_s, QJsonArray{QJsonObject{{u"request_put"_s, put}}}}});
}

Bytes deleteCreatedAtRequest(const Bytes &key, qint64 createRevision)
{
    const QJsonObject remove{{u"key"_s, base64(key)}};
    return toJson({{u"compare"_s, QJsonArray{createdAt(key, createRevision)}},
                   {u"success"_s, QJsonArray{QJsonObject{{u"request_delete_range"_s, remove}}}}});
}

Bytes rangeRequest(const Bytes &prefix)
{
    return toJson({{u"key"_s, base64(prefix)},
                   {u"range_end"_s, base64(prefixEnd(prefix))},
                   {u"sort_order"_s, u"ASCEND"_s},
                   {u"sort_target"_s, u"CREATE"_s}});
}

Bytes watchRequest(const Bytes &prefix, qint64 startRevision)
{
    const QJsonObject create{{u"key"_s, base64(prefix)},
                             {u"range_end"_s, base64(prefixEnd(prefix))},
                             {u"start_revision"_s, QString::number(startRevision)}};
    return toJson({{u"create_request"_s, create}});
}

Result<LeaseGrant> parseLeaseGrant(const Bytes &json)
{
    const auto object = parseObject(json);
    if (!object)
        return std::unexpected(object.error());
    const LeaseGrant grant{LeaseId{int64At(*object, "ID"_L1)}, std::chrono::seconds(int64At(*object, "TTL"_L1))};
    if (grant.id.value == 0 || grant.ttl.count() <= 0)
        return fail(ErrorKind::Corrupt, u"etcd granted no lease"_s, QString::fromUtf8(json.left(200)));
    return grant;
}

Result<std::chrono::seconds> parseKeepAlive(const Bytes &json)
{
    const auto object = parseObject(json);
    if (!object)
        return std::unexpected(object.error());
    const QJsonValue result = object->value("result"_L1);
    if (!result.isObject())
        return fail(ErrorKind::Corrupt, u"etcd's keep-alive has no result"_s, QString::fromUtf8(json.left(200)));
    return std::chrono::seconds(std::max<qint64>(0, int64At(result.toObject(), "TTL"_L1)));
}

Result<CreateAnswer> parseCreate(const Bytes &json)
{
    const auto object = parseObject(json);
    if (!object)
        return std::unexpected(object.error());
    const qint64 revision = int64At(object->value("header"_L1).toObject(), "revision"_L1);
    if (revision <= 0)
        return fail(ErrorKind::Corrupt, u"etcd's transaction names no revision"_s, QString::fromUtf8(json.left(200)));
    return CreateAnswer{object->value("succeeded"_L1).toBool(), revision};
}

Result<QList<EtcdKey>> parseRange(const Bytes &json)
{
    const auto object = parseObject(json);
    if (!object)
        return std::unexpected(object.error());
    const QJsonArray rows = object->value("kvs"_L1).toArray();
    if (rows.size() > mostKeys)
        return fail(ErrorKind::Corrupt, u"etcd lists more candidates than can be"_s);
    QList<EtcdKey> keys;
    keys.reserve(rows.size());
    for (const QJsonValue &row : rows) {
        const QJsonObject kv = row.toObject();
        keys.append({bytesAt(kv, "key"_L1), bytesAt(kv, "value"_L1), int64At(kv, "create_revision"_L1),
                     int64At(kv, "mod_revision"_L1), LeaseId{int64At(kv, "lease"_L1)}});
    }
    std::ranges::sort(keys, {}, &EtcdKey::createRevision);
    return keys;
}

Bytes prefixEnd(Bytes prefix)
{
    while (!prefix.isEmpty() && static_cast<unsigned char>(prefix.back()) == 0xff)
        prefix.chop(1);
    if (prefix.isEmpty())
        return Bytes(1, '\0');
    prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
    return prefix;
}

} // namespace countersign
