#include "app/practice/relayer/etcdclient.h"

#include "app/practice/support/chaining.h"
#include "backend/types/strings.h"

#include <QCoroFuture>

#include <QNetworkReply>
#include <QNetworkRequest>

namespace countersign {

namespace {

constexpr auto callTimeout = std::chrono::milliseconds(1500);

} // namespace

EtcdClient::EtcdClient(QList<QUrl> endpoints)
    : m_endpoints(std::move(endpoints))
{
    Q_ASSERT(!m_endpoints.isEmpty());
}

QCoro::Task<Result<LeaseGrant>> EtcdClient::grantLease(std::chrono::seconds ttl)
{
    const Result<Bytes> answer = co_await post(u"/v3/lease/grant"_s, leaseGrantRequest(ttl));
    co_return andThen(answer, parseLeaseGrant);
}

QCoro::Task<Result<std::chrono::seconds>> EtcdClient::keepAlive(LeaseId lease)
{
    const Result<Bytes> answer = co_await post(u"/v3/lease/keepalive"_s, leaseRequest(lease));
    co_return andThen(answer, parseKeepAlive);
}

QCoro::Task<Result<void>> EtcdClient::revokeLease(LeaseId lease)
{
    const Result<Bytes> answer = co_await post(u"/v3/lease/revoke"_s, leaseRequest(lease));
    co_return withoutValue(answer);
}

QCoro::Task<Result<CreateAnswer>> EtcdClient::createKey(Bytes key, Bytes value, LeaseId lease)
{
    const Result<Bytes> answer = co_await post(u"/v3/kv/txn"_s, createKeyRequest(key, value, lease));
    co_return andThen(answer, parseCreate);
}

QCoro::Task<Result<void>> EtcdClient::deleteCreatedAt(Bytes key, qint64 createRevision)
{
    const Result<Bytes> answer = co_await post(u"/v3/kv/txn"_s, deleteCreatedAtRequest(key, createRevision));
    co_return withoutValue(answer);
}

QCoro::Task<Result<QList<EtcdKey>>> EtcdClient::list(Bytes prefix)
{
    const Result<Bytes> answer = co_await post(u"/v3/kv/range"_s, rangeRequest(prefix));
    co_return andThen(answer, parseRange);
}

QCoro::Task<Result<Bytes>> EtcdClient::post(QString path, Bytes body)
{
    const std::stop_token stop = m_scope.token();
    QUrl url = m_endpoints.at(m_current);
    url.setPath(path);
    const QFuture<Result<HttpReply>> call = m_http.post(url, body, "application/json"_ba, {.deadline = callTimeout, .headers = {}});
    const Result<HttpReply> reply = co_await call;
    if (stop.stop_requested())
        co_return fail(ErrorKind::Cancelled, u"The etcd client is gone"_s);
    if (!reply) {
        m_current = (m_current + 1) % m_endpoints.size();
        co_return std::unexpected(reply.error());
    }
    if (!reply->isSuccess())
        co_return fail(ErrorKind::Rejected, u"etcd refused"_s, QString::fromUtf8(reply->body.left(300)));
    co_return reply->body;
}

QNetworkReply *EtcdClient::watch(const Bytes &prefix, qint64 startRevision)
{
    QUrl url = m_endpoints.at(m_current);
    url.setPath(u"/v3/watch"_s);
    QNetworkRequest request(url);
    request.setHeader(QNetworkRequest::ContentTypeHeader, "application/json"_ba);
    return m_network.post(request, watchRequest(prefix, startRevision));
}

} // namespace countersign
