#pragma once

#include "models/relayers/electionmodel.h"
#include "models/relayers/etcdmembersmodel.h"
#include "models/relayers/logtablemodel.h"
#include "models/relayers/relayerstablemodel.h"

#include "backend/types/sourcestatus.h"

#include <QHash>
#include <QObject>
#include <QStringList>

namespace countersign {

/// Who leads, who lags, what do they say: one sentence, and the models behind it.
class RelayersState final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RelayersState)

public:
    /// \a archive: see LogTableModel. Both outlive this object.
    RelayersState(const Clock &clock, LogArchive *archive, QObject *parent = nullptr);

    // --- in ---
    /// Of the environment; empty: it names none.
    void setMainElection(const QString &name);
    void setElection(const QString &name, const ElectionState &state, const QHash<QString, bool> &claims);
    void setElectionStatus(const SourceStatus &status); ///< of the main one
    void setCluster(const EtcdClusterState &state);
    void setRelayers(const QVector<RelayerFacts> &relayers);
    void tick(); ///< about once a second

    // --- out ---
    ElectionModel &election() { return m_election; }
    EtcdMembersModel &members() { return m_members; }
    RelayersTableModel &relayers() { return m_relayers; }
    LogTableModel &log() { return m_log; }
    QStringList elections() const; ///< the main one first
    const QString &chosenElection() const { return m_chosen; }
    void chooseElection(const QString &name);
    const SourceStatus &electionStatus() const { return m_status; }
    QString sentence() const; ///< "relayer-2 leads for 12 min; 3 stand for election, 3 of 3 relayers up"
    Tone tone() const;
    /// What contradicts itself, or what etcd raises alarm about; empty: nothing.
    QString alarm() const;

signals:
    void changed();
    void electionsChanged();

private:
    struct Known {
        ElectionState state;
        QHash<QString, bool> claims;
    };
    void showChosen();

    const Clock &m_clock;
    ElectionModel m_election;
    EtcdMembersModel m_members;
    RelayersTableModel m_relayers;
    LogTableModel m_log;
    QHash<QString, Known> m_known;
    QString m_main;
    QString m_chosen;
    SourceStatus m_status;
};

} // namespace countersign
