#pragma once

#include "backend/relayer/etcdclient.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"
#include "backend/types/timestamp.h"

#include <QCoroTask>
#include <QObject>
#include <QStringList>
#include <QTimer>
#include <QVector>

#include <chrono>
#include <optional>
#include <vector>

namespace countersign {

/// One member, as the list of members and its own answer have it.
struct EtcdMemberState {
    enum class Health : quint8 {
        NotAsked, ///< no endpoint of the environment is this member's
        Healthy,
        Impaired, ///< it answers, and says that something is wrong
        Down, ///< its endpoint does not answer
    };
    EtcdMember member; ///< id 0: an endpoint whose member nobody knows
    QString endpoint; ///< host:port; empty: not asked
    Health health = Health::NotAsked;
    std::optional<EtcdStatus> status; ///< of the last answer
    bool leads = false;
    QString problem; ///< for people; empty: none

    friend bool operator==(const EtcdMemberState &, const EtcdMemberState &) = default;
};

struct EtcdClusterState {
    QVector<EtcdMemberState> members; ///< by name
    quint64 term = 0; ///< the highest raft term that a member knows
    QStringList alarms; ///< "No space left on etcd-2 ..."; for people
    QStringList elections; ///< every prefix with candidates, by name
    QString electionsProblem; ///< why there may be more elections than these
    QString problem; ///< of the cluster: no answer, no leader, two leaders
    std::optional<Timestamp> answered; ///< when a member last answered

    friend bool operator==(const EtcdClusterState &, const EtcdClusterState &) = default;
};

struct EtcdClusterSettings {
    EtcdAccess access;
    std::chrono::milliseconds interval{5'000};
    std::chrono::milliseconds deadline{3'000};
    /// Every so many rounds all keys (without their values) are looked through for elections.
    int discoverEvery = 6;
};

/// Asks every endpoint of a cluster of etcd how its member is, and finds the elections by the form of their keys. It
/// asks only the endpoints that the environment names, whatever addresses the members tell. It never writes.
class EtcdClusterReader final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EtcdClusterReader)

public:
    EtcdClusterReader(EtcdClusterSettings settings, const Clock &clock, QObject *parent = nullptr);

    void start();
    void refresh(); ///< now

    [[nodiscard]] const EtcdClusterState &state() const { return m_state; }

signals:
    void changed();

private:
    struct Answer {
        QString endpoint;
        QUrl url;
        Result<EtcdStatus> status;
        QVector<EtcdAlarm> alarms;
    };

    QCoro::Task<> read();
    static QCoro::Task<Answer> ask(EtcdClient client, QUrl url, std::chrono::milliseconds deadline, std::stop_token stop);
    QCoro::Task<> readMembers(std::stop_token stop);
    QCoro::Task<> discover(std::stop_token stop);
    void publish(const std::vector<Answer> &answers);

    EtcdClusterSettings m_settings;
    const Clock &m_clock;
    std::vector<EtcdClient> m_clients;
    QVector<QUrl> m_urls; // of the clients
    QString m_badEndpoints;
    QVector<EtcdMember> m_members; // as last listed
    EtcdClusterState m_state;
    QTimer m_timer;
    int m_round = 0;
    bool m_reading = false;
    LifetimeScope m_scope;
};

} // namespace countersign
