#pragma once

#include "backend/relayer/etcdclient.h"
#include "backend/rpc/backoff.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"
#include "backend/types/sourcestatus.h"

#include <QCoroTask>
#include <QHash>
#include <QObject>
#include <QTimer>
#include <QVector>

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace countersign {

struct ElectionSettings {
    QString id = QStringLiteral("etcd"); ///< of the source in its status
    EtcdAccess access; ///< the next endpoint is asked when one fails
    QString name; ///< of the election; its keys are "<name>/<lease in hex>"
    BackoffSettings backoff;
    std::chrono::milliseconds leaseInterval{2'000}; ///< between two readings of the remaining leases
    std::chrono::seconds actGrace{15}; ///< after a change of the leader, in which what the last one did is no surprise
};

/// A campaigner, as etcd has it.
struct Candidate {
    QString relayer; ///< the value of its key
    QString key;
    qint64 createRevision = 0; ///< of the leader: the fencing token
    qint64 lease = 0;
    std::optional<std::chrono::seconds> leaseLeft;
    std::optional<std::chrono::seconds> leaseGranted;

    friend bool operator==(const Candidate &, const Candidate &) = default;
};

/// A time for which one candidate led, as far as this reader saw it.
struct LeadershipTerm {
    QString relayer;
    qint64 createRevision = 0;
    Timestamp since; ///< seen here, which is later than it happened
    std::optional<Timestamp> until;
    bool earlier = false; ///< it led already when this reader first looked: it began some time before since

    friend bool operator==(const LeadershipTerm &, const LeadershipTerm &) = default;
};

struct ElectionState {
    QVector<Candidate> candidates; ///< the leader first, then the order of succession
    QVector<LeadershipTerm> history; ///< newest first, at most 200
    qint64 revision = 0;
    /// Not empty when relayers and etcd disagree about who leads: what is wrong, for people.
    QString splitBrain;

    [[nodiscard]] QString leader() const { return candidates.isEmpty() ? QString() : candidates.first().relayer; }
    friend bool operator==(const ElectionState &, const ElectionState &) = default;
};

/// What relayers say of themselves (relayer_is_leader) against what etcd says; empty when they agree.
[[nodiscard]] QString splitBrainOf(const QString &leaderInEtcd, const QHash<QString, bool> &claims);

/// What relayers did last against who leads by etcd: empty, or that somebody else than the leader was the last to act
/// since that leader was seen. \a grace after the change is not held against anyone.
[[nodiscard]] QString strangeActOf(
    const QVector<LeadershipTerm> &history, const QHash<QString, Timestamp> &acts, std::chrono::seconds grace);

/// Reads an election of etcd's concurrency library (go.etcd.io/etcd/client/v3/concurrency, Election): lists the
/// candidates, watches them, and asks for their leases. After a lost connection it goes on where it stopped, so that no
/// change of the leader is missed; when etcd has compacted that away, it lists again. It never writes.
class ElectionReader final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ElectionReader)

public:
    ElectionReader(ElectionSettings settings, const Clock &clock, Backoff::Random random = Backoff::systemRandom(),
        QObject *parent = nullptr);
    ~ElectionReader() override;

    void start();

    [[nodiscard]] const ElectionState &state() const { return m_state; }
    [[nodiscard]] const SourceStatus &status() const { return m_status; }
    /// What a relayer's own metric says about it; nothing takes its word back (it does not answer).
    void setClaim(const QString &relayer, std::optional<bool> leads);
    /// When a relayer last sent a transaction.
    void setLastAct(const QString &relayer, Timestamp at);
    [[nodiscard]] const QString &name() const { return m_settings.name; }
    [[nodiscard]] quint64 compactions() const { return m_compactions; } ///< how often the past was gone

signals:
    void changed();
    void leaderChanged(const QString &relayer); ///< empty: nobody leads
    void statusChanged(const countersign::SourceStatus &status);

private:
    QCoro::Task<> list();
    QCoro::Task<> readLeases();
    void listSoon();
    void watch(qint64 fromRevision);
    void takeWatch(const QList<EtcdWatchReply> &replies);
    void apply(const QVector<EtcdEvent> &events);
    void setCandidates(QVector<Candidate> candidates);
    void failed(const Error &error);
    void setState(SourceState state, const QString &error = {});
    void markAlive();
    void publish(ElectionState state);
    void followLeader(ElectionState &state) const;
    [[nodiscard]] const Result<EtcdClient> &client() const;

    ElectionSettings m_settings;
    const Clock &m_clock;
    Backoff m_backoff;
    ElectionState m_state;
    SourceStatus m_status;
    QHash<QString, bool> m_claims;
    QHash<QString, Timestamp> m_acts;
    std::vector<Result<EtcdClient>> m_clients; // one an endpoint
    size_t m_endpoint = 0;
    QTimer m_retry;
    QTimer m_leases;
    std::unique_ptr<EtcdClient::Watch> m_watch;
    quint64 m_compactions = 0;
    bool m_readingLeases = false;
    bool m_listed = false; // what is known is whole up to m_state.revision
    LifetimeScope m_scope;
};

} // namespace countersign
