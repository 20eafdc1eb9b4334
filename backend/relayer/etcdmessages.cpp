#include "backend/relayer/etcdmessages.h"

#include "backend/types/strings.h"

#include "etcd/kv.pb.h"
#include "etcd/rpc.pb.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace countersign {

Bytes endOfPrefix(Bytes prefix)
{
    while (!prefix.isEmpty()) {
        const auto last = static_cast<uchar>(prefix.back());
        if (last < 0xff) {
            prefix.back() = static_cast<char>(last + 1);
            return prefix;
        }
        prefix.chop(1);
    }
    return {1, '\0'};
}

std::optional<QString> electionOfKey(const EtcdKeyValue &key)
{
    const qsizetype slash = key.key.lastIndexOf('/');
    if (slash <= 0 || key.lease <= 0 || QByteArrayView(key.key).sliced(slash + 1) != QByteArray::number(key.lease, 16))
        return std::nullopt;
    return QString::fromUtf8(QByteArrayView(key.key).first(slash));
}

} // namespace countersign

namespace countersign::etcdmessages {

namespace {

constexpr qsizetype mostMembers = 1000;
constexpr qint64 longestLease = qint64{10} * 365 * 24 * 3600; // seconds; what a server says is used in arithmetic

Bytes encoded(const google::protobuf::MessageLite &message)
{
    return Bytes::fromStdString(message.SerializeAsString());
}

Bytes bytes(const std::string &text)
{
    return Bytes::fromStdString(text);
}

// What \a make says of a message.
template <class Message, class Make>
auto read(QByteArrayView bytes, Make make) -> decltype(make(std::declval<const Message &>()))
{
    Message message;
    if (bytes.size() > std::numeric_limits<int>::max()
        || !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
        return fail(ErrorKind::Corrupt, u"etcd sent an answer that cannot be read"_s);
    return make(message);
}

std::unexpected<Error> tooMany(const QString &what)
{
    return fail(ErrorKind::Exhausted, u"etcd sent more %1 than this console reads"_s.arg(what));
}

EtcdKeyValue keyOf(const mvccpb::KeyValue &key)
{
    return {bytes(key.key()), bytes(key.value()), key.create_revision(), key.mod_revision(), key.lease()};
}

EtcdEvent eventOf(const mvccpb::Event &event)
{
    EtcdEvent out;
    out.deleted = event.type() == mvccpb::Event::DELETE;
    out.current = keyOf(event.kv());
    if (event.has_prev_kv())
        out.previous = keyOf(event.prev_kv());
    return out;
}

std::chrono::seconds secondsOf(qint64 seconds)
{
    return std::chrono::seconds(std::clamp<qint64>(seconds, -1, longestLease));
}

EtcdAlarm::Kind kindOf(etcdserverpb::AlarmType type)
{
    switch (type) {
    case etcdserverpb::NOSPACE:
        return EtcdAlarm::Kind::NoSpace;
    case etcdserverpb::CORRUPT:
        return EtcdAlarm::Kind::Corrupt;
    default:
        return EtcdAlarm::Kind::Other;
    }
}

template <class Strings> QStringList textsOf(const Strings &strings)
{
    QStringList out;
    for (const std::string &text : strings)
        out.append(QString::fromStdString(text));
    return out;
}

} // namespace

Bytes rangeRequest(const EtcdRangeQuery &query)
{
    etcdserverpb::RangeRequest request;
    request.set_key(query.key.toStdString());
    request.set_range_end(query.end.toStdString());
    request.set_limit(query.limit);
    request.set_keys_only(query.keysOnly);
    request.set_count_only(query.countOnly);
    request.set_sort_order(etcdserverpb::RangeRequest::ASCEND);
    request.set_sort_target(etcdserverpb::RangeRequest::CREATE);
    return encoded(request);
}

Bytes watchRequest(const Bytes &prefix, qint64 fromRevision)
{
    etcdserverpb::WatchRequest request;
    etcdserverpb::WatchCreateRequest &create = *request.mutable_create_request();
    create.set_key(prefix.toStdString());
    create.set_range_end(endOfPrefix(prefix).toStdString());
    create.set_start_revision(fromRevision);
    create.set_progress_notify(true);
    create.set_prev_kv(true);
    return encoded(request);
}

Bytes leaseRequest(qint64 lease)
{
    etcdserverpb::LeaseTimeToLiveRequest request;
    request.set_id(lease);
    return encoded(request);
}

Bytes alarmsRequest()
{
    etcdserverpb::AlarmRequest request;
    request.set_action(etcdserverpb::AlarmRequest::GET);
    return encoded(request);
}

Bytes authenticateRequest(const QString &user, const QByteArray &password)
{
    etcdserverpb::AuthenticateRequest request;
    request.set_name(user.toStdString());
    request.set_password(password.toStdString());
    return encoded(request);
}

Result<EtcdRange> range(QByteArrayView message)
{
    return read<etcdserverpb::RangeResponse>(
        message, [](const etcdserverpb::RangeResponse &response) -> Result<EtcdRange> {
            if (response.kvs_size() > mostKeys)
                return tooMany(u"keys"_s);
            EtcdRange out;
            out.revision = response.header().revision();
            out.term = response.header().raft_term();
            out.more = response.more();
            out.count = response.count();
            for (const mvccpb::KeyValue &key : response.kvs())
                out.keys.append(keyOf(key));
            return out;
        });
}

Result<EtcdWatchReply> watch(QByteArrayView message)
{
    return read<etcdserverpb::WatchResponse>(
        message, [](const etcdserverpb::WatchResponse &response) -> Result<EtcdWatchReply> {
            if (response.events_size() > mostKeys)
                return tooMany(u"events"_s);
            EtcdWatchReply out;
            out.revision = response.header().revision();
            out.created = response.created();
            out.cancelled = response.canceled();
            out.compactRevision = response.compact_revision();
            out.reason = QString::fromStdString(response.cancel_reason());
            for (const mvccpb::Event &event : response.events())
                out.events.append(eventOf(event));
            return out;
        });
}

Result<EtcdLease> lease(QByteArrayView message)
{
    return read<etcdserverpb::LeaseTimeToLiveResponse>(
        message, [](const etcdserverpb::LeaseTimeToLiveResponse &response) -> Result<EtcdLease> {
            return EtcdLease{secondsOf(response.ttl()), secondsOf(response.grantedttl())};
        });
}

Result<QVector<qint64>> leases(QByteArrayView message)
{
    return read<etcdserverpb::LeaseLeasesResponse>(
        message, [](const etcdserverpb::LeaseLeasesResponse &response) -> Result<QVector<qint64>> {
            if (response.leases_size() > mostKeys)
                return tooMany(u"leases"_s);
            QVector<qint64> out;
            for (const etcdserverpb::LeaseStatus &one : response.leases())
                out.append(one.id());
            return out;
        });
}

Result<EtcdMembers> members(QByteArrayView message)
{
    return read<etcdserverpb::MemberListResponse>(
        message, [](const etcdserverpb::MemberListResponse &response) -> Result<EtcdMembers> {
            if (response.members_size() > mostMembers)
                return tooMany(u"members"_s);
            EtcdMembers out;
            out.cluster = response.header().cluster_id();
            for (const etcdserverpb::Member &member : response.members()) {
                out.members.append({member.id(), QString::fromStdString(member.name()), textsOf(member.peerurls()),
                    textsOf(member.clienturls()), member.islearner()});
            }
            return out;
        });
}

Result<EtcdStatus> status(QByteArrayView message)
{
    return read<etcdserverpb::StatusResponse>(
        message, [](const etcdserverpb::StatusResponse &response) -> Result<EtcdStatus> {
            EtcdStatus out;
            out.member = response.header().member_id();
            out.version = QString::fromStdString(response.version());
            out.dbSize = response.dbsize();
            out.dbSizeInUse = response.dbsizeinuse();
            out.leader = response.leader();
            out.raftIndex = response.raftindex();
            out.raftApplied = response.raftappliedindex();
            out.raftTerm = response.raftterm();
            out.learner = response.islearner();
            out.errors = textsOf(response.errors());
            return out;
        });
}

Result<QVector<EtcdAlarm>> alarms(QByteArrayView message)
{
    return read<etcdserverpb::AlarmResponse>(
        message, [](const etcdserverpb::AlarmResponse &response) -> Result<QVector<EtcdAlarm>> {
            if (response.alarms_size() > mostMembers)
                return tooMany(u"alarms"_s);
            QVector<EtcdAlarm> out;
            for (const etcdserverpb::AlarmMember &alarm : response.alarms())
                out.append({alarm.memberid(), kindOf(alarm.alarm())});
            return out;
        });
}

Result<QByteArray> token(QByteArrayView message)
{
    return read<etcdserverpb::AuthenticateResponse>(
        message, [](const etcdserverpb::AuthenticateResponse &response) -> Result<QByteArray> {
            if (response.token().empty() || response.token().size() > 16 * 1024)
                return fail(ErrorKind::Corrupt, u"etcd answered the user's name with no usable token"_s);
            return bytes(response.token());
        });
}

} // namespace countersign::etcdmessages
