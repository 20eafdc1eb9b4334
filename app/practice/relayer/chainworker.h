#pragma once

#include "app/practice/relayer/acknowledger.h"
#include "app/practice/relayer/relayerconfig.h"
#include "app/practice/relayer/relayerqueue.h"
#include "app/practice/relayer/vaultgateway.h"
#include "backend/evm/blockfollower.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"

#include <QObject>
#include <QTimer>

#include <deque>
#include <functional>

namespace countersign {

class JsonLineLog;
class RelayerMetrics;

/// What all chains of one relayer share.
struct RelayerContext {
    QString relayerId;
    const Clock &clock;
    JsonLineLog &log;
    RelayerMetrics &metrics;
    const Acknowledger &acknowledger;
    std::function<bool()> leads; ///< the fence: asked before every transaction and every acknowledgement
};

/// Carries the intents of one chain: sends, waits until a transaction is deep enough, takes a reorganised one up again,
/// tells the ledger. Works only while its relayer leads; what it knows beyond the ledger and the chain is thrown away
/// with the leadership.
class ChainWorker final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChainWorker)

public:
    /// Everything that is passed by reference outlives the worker.
    ChainWorker(const RelayedChain &chain, const PracticeKey &key, const JsonAbi &abi, const RelayerContext &context,
                QObject *parent = nullptr);

    ChainId chainId() const { return m_config.chainId; }
    void lead();
    void rest();
    void add(const AuthorisedIntent &intent, Offset offset);
    /// The ledger archived the contract.
    void remove(const QString &contractId);
    /// What was told of the ledger is void.
    void clear();
    void updateMetrics();

private:
    QCoro::Task<> submitWaiting();
    QCoro::Task<> submitOne(AuthorisedIntent intent);
    QCoro::Task<> takeUpExecution(AuthorisedIntent intent);
    QCoro::Task<> lookForReceipts();
    void judgeReceipt(WorkItem &item, const std::optional<TransactionReceipt> &receipt);
    QCoro::Task<> judgeReverted(AuthorisedIntent intent);
    QCoro::Task<> acknowledgeFinal();
    void restoreAbove(BlockNumber block);
    void settle(const QString &contractId, WorkOutcome outcome, const QString &errorName);
    void retryLater(const QString &contractId, const Error &error);
    void finishAcknowledged(const QString &contractId);
    void onHead(const BlockHeader &head);
    void onReorganised(BlockNumber fromBlock, int depth);
    void wake();

    const RelayedChain m_config;
    RelayerContext m_context;
    VaultGateway m_gateway;
    BlockFollower m_follower;
    RelayerQueue m_queue;
    /// Executed and acknowledged here a while ago: a deep reorganisation may still undo them.
    std::deque<WorkItem> m_recent;
    BlockNumber m_head;
    QTimer m_timer;
    bool m_leads = false;
    bool m_submitting = false;
    bool m_looking = false;
    bool m_acknowledging = false;
    LifetimeScope m_scope;
};

} // namespace countersign
