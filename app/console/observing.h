#pragma once

#include "backend/canton/offsetstore.h"
#include "backend/environment/environment.h"
#include "backend/intents/chainfacts.h"
#include "backend/intents/intentcorrelator.h"
#include "backend/intents/intentstore.h"
#include "backend/relayer/etcdclient.h"
#include "backend/relayer/logline.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"
#include "models/intents/intentlanesmodel.h"
#include "models/intents/intenttablemodel.h"
#include "models/intents/intenttimelinemodel.h"
#include "models/overview/overviewstate.h"
#include "models/sources/sourcelistmodel.h"

#include <QCoroTask>
#include <QObject>
#include <QTimer>

#include <memory>
#include <vector>

namespace countersign {

class BlockFollower;
class ElectionReader;
class LedgerFollower;
class RelayerLog;

/// The observing street of one environment: its sources, the facts that they bring, one batch a frame, and the models that take it.
/// Nothing in here can sign or send.
class Observing final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Observing)

public:
    /// Both outlive this object. Nothing connects before start().
    Observing(const Environment &environment, const Clock &clock, QObject *parent = nullptr);
    ~Observing() override;

    void start();
    /// Looks at every source at once, for "try again".
    void refresh();

    IntentStore &store() { return m_store; }
    IntentTableModel &intents() { return m_intents; }
    IntentLanesModel &lanes() { return m_lanes; }
    IntentTimelineModel &timeline() { return m_timeline; }
    OverviewState &overview() { return m_overview; }
    SourceListModel &sources() { return m_sources; }
    ElectionReader *election() const { return m_election.get(); } ///< null when the environment names none

    /// What somebody else asked (Prometheus) about relayers: merged with what etcd says.
    void setRelayerReadings(const QVector<RelayerReading> &readings);
    /// What a relayer's own metrics say, while no Prometheus reads them; nothing: they are not read here any more.
    void setDirectReading(const QString &relayer, const std::optional<RelayerReading> &reading);
    QVector<RelayerReading> prometheusReadings() const; ///< one a relayer, without what was read directly
    QVector<RelayerReading> relayers() const; ///< one a relayer, all that is known
    /// How etcd is reached, before start(). Without it: by its endpoints alone.
    void setEtcdAccess(const Result<EtcdAccess> &access) { m_etcdAccess = access; }
    void applyStatus(const SourceStatus &status);

signals:
    void headChanged(countersign::ChainId chain);
    void registryChanged(const countersign::RegistryChange &change);
    void batchApplied();
    void electionChanged(); ///< its state, or how its source is
    void logLinesArrived(const QVector<countersign::LogLine> &lines);
    void relayersRead();

private:
    struct Chain;

    void startParticipant(const ParticipantSettings &participant);
    void startChain(const ChainSettings &chain);
    void startRelayer(const RelayerSettings &relayer);
    void startElection(const ElectionProfile &election);
    void fail(SourceKind kind, const QString &id, const Error &error);
    void take(QVector<Fact> facts);
    void flush();
    void tick();
    void publishRelayers();
    void publishClaims();
    void noteActs(const QVector<LogLine> &lines);
    QCoro::Task<> readRevocationTime(Chain *chain, RegistryChange change);
    void publishChains();
    void publishParticipants();

    const Environment &m_environment;
    const Clock &m_clock;
    IntentStore m_store;
    IntentCorrelator m_correlator;
    IntentTableModel m_intents;
    IntentLanesModel m_lanes;
    IntentTimelineModel m_timeline;
    OverviewState m_overview;
    SourceListModel m_sources;
    MemoryOffsetStore m_offsets;
    QVector<RelayerReading> m_readings;
    QHash<QString, RelayerReading> m_direct;
    std::optional<Result<EtcdAccess>> m_etcdAccess;
    QVector<Fact> m_inbox;
    Timestamp m_lastFlush;
    QTimer m_frame;
    QTimer m_second;
    std::vector<std::unique_ptr<LedgerFollower>> m_participants;
    std::vector<std::unique_ptr<Chain>> m_chains;
    std::vector<std::unique_ptr<RelayerLog>> m_logs;
    std::unique_ptr<ElectionReader> m_election;
    LifetimeScope m_scope;
};

} // namespace countersign
