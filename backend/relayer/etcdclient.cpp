#include "backend/relayer/etcdclient.h"

#include "backend/relayer/etcdmessages.h"
#include "backend/rpc/rpcerror.h"
#include "backend/rpc/unarycall.h"
#include "backend/types/strings.h"

#include <QCoroFuture>

#include <utility>

namespace countersign {

namespace {

constexpr int defaultPort = 2379;
constexpr int largestAnswer = 16 * 1024 * 1024; // bytes

QString targetOf(const QUrl &endpoint)
{
    const QString host = endpoint.host();
    return (host.contains(u':') ? u"[%1]:%2"_s : u"%1:%2"_s).arg(host).arg(endpoint.port(defaultPort));
}

// etcd 3.4 says InvalidArgument for a call without a token and for one that is older than the users' last change.
bool wantsToken(const Error &error)
{
    return error.kind == ErrorKind::Unauthenticated || error.message.contains(u"invalid auth token"_s)
        || error.message.contains(u"user name is empty"_s) || error.message.contains(u"auth store is old"_s);
}

} // namespace

struct EtcdClient::Shared {
    explicit Shared(Channel opened, EtcdAccess given, std::shared_ptr<QByteArray> cell)
        : channel(std::move(opened))
        , access(std::move(given))
        , token(std::move(cell))
    {
    }

    Channel channel;
    EtcdAccess access;
    std::shared_ptr<QByteArray> token; // also the channel's
};

Result<EtcdClient> EtcdClient::open(const QUrl &endpoint, const EtcdAccess &access, bool needsLeader)
{
    const bool secure = endpoint.scheme() == "https"_L1;
    if ((!secure && endpoint.scheme() != "http"_L1) || endpoint.host().isEmpty())
        return fail(ErrorKind::Invalid, u"%1 is no address of etcd"_s.arg(endpoint.toDisplayString()));
    ChannelSettings settings;
    settings.target = targetOf(endpoint);
    settings.plainText = !secure;
    if (secure)
        settings.tls = access.tls.value_or(TlsSettings{});
    settings.receiveLimit = largestAnswer;
    if (needsLeader)
        settings.metadata = {{"hasleader", "true"}};
    auto token = std::make_shared<QByteArray>();
    if (!access.user.isEmpty()) {
        settings.tokenKey = "token";
        settings.bearerToken = [token] { return *token; };
    }
    const Result<Channel> channel = Channel::open(std::move(settings));
    if (!channel)
        return std::unexpected(channel.error());
    return EtcdClient(std::make_shared<Shared>(*channel, access, std::move(token)));
}

EtcdClient::EtcdClient(std::shared_ptr<Shared> shared)
    : m_shared(std::move(shared))
{
}

const QString &EtcdClient::target() const
{
    return m_shared->channel.target();
}

QCoro::Task<Result<void>> EtcdClient::authenticate(std::shared_ptr<Shared> shared, CallOptions options)
{
    if (!shared->access.password)
        co_return fail(ErrorKind::Unauthenticated,
            u"etcd at %1 wants a password for %2, and none is known"_s.arg(shared->channel.target(), shared->access.user));
    const QFuture<Result<QByteArray>> asked = shared->access.password();
    const Result<QByteArray> password = co_await asked;
    if (!password)
        co_return std::unexpected(password.error());
    if (options.stop.stop_requested())
        co_return fail(ErrorKind::Cancelled, u"The call was cancelled"_s);
    shared->token->clear();
    const Bytes request = etcdmessages::authenticateRequest(shared->access.user, *password);
    const QFuture<Result<QByteArray>> pending = unaryCall<QByteArray>(
        shared->channel, "/etcdserverpb.Auth/Authenticate", request, etcdmessages::token, options);
    const Result<QByteArray> token = co_await pending;
    if (!token)
        co_return fail(token.error().kind == ErrorKind::Invalid ? ErrorKind::Unauthenticated : token.error().kind,
            u"etcd at %1 does not let %2 in: %3"_s.arg(
                shared->channel.target(), shared->access.user, token.error().message),
            token.error().detail);
    *shared->token = *token;
    co_return Result<void>();
}

template <class T>
QCoro::Task<Result<T>> EtcdClient::call(std::shared_ptr<Shared> shared, QByteArray method, Bytes request,
    Result<T> (*decode)(QByteArrayView), CallOptions options)
{
    const bool hasUser = !shared->access.user.isEmpty();
    bool fresh = false;
    if (hasUser && shared->token->isEmpty()) {
        const Result<void> in = co_await authenticate(shared, options);
        if (!in)
            co_return std::unexpected(in.error());
        fresh = true;
    }
    const QFuture<Result<T>> pending = unaryCall<T>(shared->channel, method, request, decode, options);
    const Result<T> answer = co_await pending;
    if (answer || !hasUser || fresh || !wantsToken(answer.error()))
        co_return answer;
    const Result<void> again = co_await authenticate(shared, options);
    if (!again)
        co_return std::unexpected(again.error());
    const QFuture<Result<T>> second = unaryCall<T>(shared->channel, method, request, decode, options);
    const Result<T> answered = co_await second;
    co_return answered;
}

QCoro::Task<Result<EtcdRange>> EtcdClient::range(EtcdRangeQuery query, Deadline deadline, std::stop_token stop) const
{
    return call<EtcdRange>(m_shared, "/etcdserverpb.KV/Range", etcdmessages::rangeRequest(query), etcdmessages::range,
        {deadline, std::move(stop)});
}

QCoro::Task<Result<EtcdLease>> EtcdClient::timeToLive(qint64 lease, Deadline deadline, std::stop_token stop) const
{
    return call<EtcdLease>(m_shared, "/etcdserverpb.Lease/LeaseTimeToLive", etcdmessages::leaseRequest(lease),
        etcdmessages::lease, {deadline, std::move(stop)});
}

QCoro::Task<Result<QVector<qint64>>> EtcdClient::leases(Deadline deadline, std::stop_token stop) const
{
    return call<QVector<qint64>>(
        m_shared, "/etcdserverpb.Lease/LeaseLeases", {}, etcdmessages::leases, {deadline, std::move(stop)});
}

QCoro::Task<Result<EtcdMembers>> EtcdClient::members(Deadline deadline, std::stop_token stop) const
{
    return call<EtcdMembers>(
        m_shared, "/etcdserverpb.Cluster/MemberList", {}, etcdmessages::members, {deadline, std::move(stop)});
}

QCoro::Task<Result<EtcdStatus>> EtcdClient::status(Deadline deadline, std::stop_token stop) const
{
    return call<EtcdStatus>(
        m_shared, "/etcdserverpb.Maintenance/Status", {}, etcdmessages::status, {deadline, std::move(stop)});
}

QCoro::Task<Result<QVector<EtcdAlarm>>> EtcdClient::alarms(Deadline deadline, std::stop_token stop) const
{
    return call<QVector<EtcdAlarm>>(m_shared, "/etcdserverpb.Maintenance/Alarm", etcdmessages::alarmsRequest(),
        etcdmessages::alarms, {deadline, std::move(stop)});
}

std::unique_ptr<EtcdClient::Watch> EtcdClient::watch(
    const Bytes &prefix, qint64 fromRevision, Watch::OnRows onRows, Watch::OnEnd onEnd) const
{
    // The one request leaves and our side of the stream is closed; etcd goes on sending until the call is cancelled.
    return std::make_unique<Watch>(
        m_shared->channel, "/etcdserverpb.Watch/Watch", etcdmessages::watchRequest(prefix, fromRevision),
        [](QByteArrayView message, QList<EtcdWatchReply> &rows) -> Result<void> {
            Result<EtcdWatchReply> reply = etcdmessages::watch(message);
            if (!reply)
                return std::unexpected(reply.error());
            rows.append(std::move(*reply));
            return {};
        },
        std::move(onRows), std::move(onEnd));
}

} // namespace countersign
