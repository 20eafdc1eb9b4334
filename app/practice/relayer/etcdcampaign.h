#pragma once

#include "app/practice/relayer/etcdmessages.h"
#include "backend/types/lifetimescope.h"

#include <QCoroTask>

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <chrono>

class QNetworkReply;

namespace countersign {

class EtcdClient;

/// One candidate of an election on the key layout of etcd's concurrency library: the key `<name>/<lease>` is made
/// under a lease, and the live key with the lowest create revision leads. The create revision is the fencing token.
/// A campaign that loses its lease says so and stands again.
class EtcdCampaign final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EtcdCampaign)

public:
    EtcdCampaign(EtcdClient &client, const QString &election, const QString &candidate, std::chrono::seconds ttl,
                 QObject *parent = nullptr);

    void start();
    /// Gives the place up at once: the key goes, the lease is revoked. Await it before the process ends.
    QCoro::Task<> resign();

    /// True only while this candidate was seen to lead and its lease lives by our own clock, counted from before the
    /// last renewal was sent: the check to make before anything that only a leader may do.
    bool leads() const;
    bool stands() const { return m_revision != 0; }
    qint64 revision() const { return m_revision; }

signals:
    void elected(qint64 revision);
    void lost(const QString &reason);

private:
    using Moment = std::chrono::steady_clock::time_point;

    QCoro::Task<> run();
    QCoro::Task<Result<void>> join();
    QCoro::Task<> renewUntilLost();
    QCoro::Task<> lookWhoLeads();
    void followChanges(qint64 fromRevision);
    void extendLease(Moment sentAt, std::chrono::seconds ttl);
    void lose(const QString &reason);

    EtcdClient &m_client;
    const Bytes m_prefix;
    const Bytes m_candidate;
    const std::chrono::seconds m_ttl;
    LeaseId m_lease;
    Bytes m_key;
    qint64 m_revision = 0;
    bool m_elected = false;
    bool m_resigned = false;
    Moment m_leaseUntil{};
    QTimer m_leaseTimer;
    QPointer<QNetworkReply> m_watch;
    LifetimeScope m_scope;
};

} // namespace countersign
