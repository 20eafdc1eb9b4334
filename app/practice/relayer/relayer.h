#pragma once

#include "app/practice/relayer/acknowledger.h"
#include "app/practice/relayer/chainworker.h"
#include "app/practice/relayer/etcdcampaign.h"
#include "app/practice/relayer/etcdclient.h"
#include "app/practice/relayer/relayerconfig.h"
#include "app/practice/relayer/relayermetrics.h"
#include "app/practice/support/jsonlinelog.h"
#include "app/practice/support/metricsserver.h"
#include "backend/canton/ledgerfollower.h"

#include <QObject>

#include <memory>
#include <vector>

namespace countersign {

/// One relayer: stands for election, and while it leads carries authorised intents from the ledger to their chains and
/// the outcome back. All that must survive a crash is on the ledger and on the chains, so that the next leader needs
/// nothing from this one.
class Relayer final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Relayer)

public:
    static Result<std::unique_ptr<Relayer>> create(RelayerConfig config, const Clock &clock);

    /// Error: Conflict when the metrics port is taken.
    Result<void> start();
    /// Resigns and stops; `stopped` follows.
    void stop();

signals:
    void stopped();

private:
    Relayer(RelayerConfig config, PracticeKey key, JsonAbi abi, Channel channel, const Clock &clock);

    QCoro::Task<> resignAndStop();
    void onElected(qint64 revision);
    void onLost(const QString &reason);
    void onEvents(const QVector<LedgerEvent> &events);
    ChainWorker *workerOf(ChainId chain) const;

    const RelayerConfig m_config;
    const Clock &m_clock;
    const PracticeKey m_key;
    const JsonAbi m_abi;
    const Channel m_channel;
    JsonLineLog m_log;
    RelayerMetrics m_metrics;
    MetricsServer m_server;
    EtcdClient m_etcd;
    EtcdCampaign m_campaign;
    Acknowledger m_acknowledger;
    std::vector<std::unique_ptr<ChainWorker>> m_workers;
    MemoryOffsetStore m_offsets;
    std::unique_ptr<LedgerFollower> m_follower;
    LifetimeScope m_scope;
};

} // namespace countersign
