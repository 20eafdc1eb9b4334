#pragma once

#include "app/practice/relayer/etcdmessages.h"
#include "backend/rpc/httpclient.h"
#include "backend/types/lifetimescope.h"

#include <QCoroTask>

#include <QList>
#include <QNetworkAccessManager>
#include <QUrl>

class QNetworkReply;

namespace countersign {

/// The few calls of etcd that an election needs, over its JSON gateway. When an endpoint does not answer, the next
/// call goes to the next one.
class EtcdClient final {
public:
    explicit EtcdClient(QList<QUrl> endpoints);
    Q_DISABLE_COPY_MOVE(EtcdClient)

    QCoro::Task<Result<LeaseGrant>> grantLease(std::chrono::seconds ttl);
    /// Seconds the lease has left after the renewal; zero means that it is gone.
    QCoro::Task<Result<std::chrono::seconds>> keepAlive(LeaseId lease);
    QCoro::Task<Result<void>> revokeLease(LeaseId lease);
    /// Makes the key under the lease unless it exists.
    QCoro::Task<Result<CreateAnswer>> createKey(Bytes key, Bytes value, LeaseId lease);
    /// Removes the key when it is still the one that was created at the revision.
    QCoro::Task<Result<void>> deleteCreatedAt(Bytes key, qint64 createRevision);
    /// The keys under the prefix, oldest first.
    QCoro::Task<Result<QList<EtcdKey>>> list(Bytes prefix);

    /// Begins a watch whose answers arrive as lines of JSON for as long as the reply lives. The caller owns the reply.
    QNetworkReply *watch(const Bytes &prefix, qint64 startRevision);

private:
    QCoro::Task<Result<Bytes>> post(QString path, Bytes body);

    QList<QUrl> m_endpoints;
    qsizetype m_current = 0;
    HttpClient m_http;
    QNetworkAccessManager m_network; // for the watch, whose reply does not end
    LifetimeScope m_scope;
};

} // namespace countersign
