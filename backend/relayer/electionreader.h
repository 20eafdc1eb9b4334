#pragma once

#include "backend/relayer/etcdreply.h"
#include "backend/rpc/backoff.h"
#include "backend/rpc/httpclient.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"
#include "backend/types/sourcestatus.h"

#include <QCoroTask>
#include <QHash>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QObject>
#include <QTimer>
#include <QUrl>
#include <QVector>

#include <chrono>
#include <optional>

namespace countersign {

struct ElectionSettings {
    QString id = QStringLiteral("etcd"); ///< of the source in its status
    QVector<QUrl> endpoints; ///< of etcd; the next one is asked when one fails
    QString name; ///< of the election; its keys are "<name>/<lease in hex>"
    BackoffSettings backoff;
    std::chrono::milliseconds leaseInterval{2'000}; ///< between two readings of the remaining leases
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

/// Reads an election of etcd's concurrency library (go.etcd.io/etcd/client/v3/concurrency, Election) through the JSON
/// gateway: lists the candidates, watches them, and asks for their leases. It never writes.
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

signals:
    void changed();
    void leaderChanged(const QString &relayer); ///< empty: nobody leads
    void statusChanged(const countersign::SourceStatus &status);

private:
    QCoro::Task<> list();
    QCoro::Task<> readLeases();
    void watch(qint64 fromRevision);
    void readWatch();
    void endWatch();
    void apply(const QVector<EtcdEvent> &events);
    void setCandidates(QVector<Candidate> candidates);
    void failed(const Error &error);
    void setState(SourceState state, const QString &error = {});
    void markAlive();
    void publish(ElectionState state);
    [[nodiscard]] QUrl endpoint(const QString &path) const;

    ElectionSettings m_settings;
    const Clock &m_clock;
    Backoff m_backoff;
    ElectionState m_state;
    SourceStatus m_status;
    QHash<QString, bool> m_claims;
    qsizetype m_endpoint = 0;
    QTimer m_retry;
    QTimer m_leases;
    HttpClient m_http;
    QNetworkAccessManager m_network; // for the watch, whose answer never ends
    QNetworkReply *m_watch = nullptr;
    QByteArray m_watchBuffer;
    bool m_readingLeases = false;
    LifetimeScope m_scope;
};

} // namespace countersign
