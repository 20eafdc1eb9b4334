#pragma once

#include "backend/evm/chainclient.h"
#include "backend/evm/headchain.h"
#include "backend/rpc/backoff.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"
#include "backend/types/sourcestatus.h"

#include <QObject>
#include <QTimer>
#include <QVector>

#include <chrono>
#include <optional>

namespace countersign {

struct BlockFollowerOptions {
    QString sourceId;                             ///< SourceStatus::id
    std::vector<Address> addresses = {};          ///< whose logs are followed; none: heads only, unless there are topics
    std::vector<std::vector<Hash32>> topics = {}; ///< which of their logs, as in LogFilter; none: all
    std::optional<BlockNumber> firstLogBlock = {}; ///< logs from here on; absent: from the head at start
    /// held() of a follower before an outage: what was told then and is off the chain now is taken back, and the logs since
    /// then follow. Stands above firstLogBlock.
    std::vector<HeadChain::Held> resumeFrom = {};
    std::chrono::milliseconds pollInterval{1000};
    std::chrono::milliseconds staleAfter{30'000}; ///< no new block for so long: Stale
    BackoffSettings backoff = {};                 ///< after a failure
    quint64 logChunk = 2000;                      ///< blocks an eth_getLogs asks for; fewer while the node refuses
    qsizetype keepHeaders = 256;                  ///< how deep a reorganisation is followed header by header
};

/// Follows the head of one chain and the logs of some contracts. What a reorganisation removes is taken back, newest
/// first, before what replaces it is added; a gap (sleep, lost connection) is repaired by asking for its logs.
/// Survives any failure of the node: it says so by statusChanged and goes on trying.
class BlockFollower final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BlockFollower)

public:
    /// `chain` and `clock` outlive this object.
    BlockFollower(ChainClient &chain, const Clock &clock, BlockFollowerOptions options, QObject *parent = nullptr);
    ~BlockFollower() override;

    void start();
    /// Looks at the head at once: what a newHeads notification is connected to.
    void poke();

    const SourceStatus &status() const { return m_status; }
    /// Newest header known; absent before the first answer.
    std::optional<BlockHeader> head() const { return m_heads.tip(); }
    /// A header that is still held; null below them.
    const BlockHeader *header(BlockNumber number) const { return m_heads.at(number); }
    /// The newest blocks with their logs as they were told: what to keep for resumeFrom.
    std::vector<HeadChain::Held> held() const { return m_heads.all(); }
    /// All logs below have been told; absent while it is not known from where on they are wanted.
    std::optional<BlockNumber> nextLogBlock() const { return m_nextLogBlock; }

signals:
    void headChanged(const countersign::BlockHeader &head);
    /// Blocks from `fromBlock` on (`depth` of them, newest first in `removed`) are no longer on the chain.
    void reorganised(countersign::BlockNumber fromBlock, int depth, const QVector<countersign::BlockHeader> &removed);
    /// In chain order.
    void logsAdded(const QVector<countersign::EvmLog> &logs);
    /// Newest first.
    void logsRemoved(const QVector<countersign::EvmLog> &logs);
    void statusChanged(const countersign::SourceStatus &status);

private:
    // Again: the chain changed between two questions, and what was read does not fit together.
    enum class Step { Done, Again };
    QCoro::Task<> look();
    QCoro::Task<Result<Step>> advance();
    // The height of the newest block that the node's chain and ours share; Again when the chain moves meanwhile.
    QCoro::Task<Result<std::optional<BlockNumber>>> commonAncestor(BlockNumber head);
    QCoro::Task<Result<std::vector<BlockHeader>>> freshHeaders(BlockHeader head, std::optional<BlockNumber> ancestor);
    QCoro::Task<Result<void>> repairLogsBelow(BlockNumber end);
    QCoro::Task<Result<std::vector<EvmLog>>> logsByRange(BlockNumber from, BlockNumber to);
    QCoro::Task<Result<std::vector<EvmLog>>> logsOf(std::vector<BlockHeader> fresh);
    void resume();
    bool followsLogs() const { return !m_options.addresses.empty() || !m_options.topics.empty(); }
    LogFilter wanted() const { return {.addresses = m_options.addresses, .topics = m_options.topics}; }
    bool askForLess(const Error &error, quint64 asked);
    void askForMore();
    void takeBackAbove(std::optional<BlockNumber> ancestor);
    void settle(const Result<Step> &step);
    void setStatus(SourceState state, const QString &error, std::optional<Timestamp> nextAttempt);

    ChainClient &m_chain;
    const Clock &m_clock;
    BlockFollowerOptions m_options;
    HeadChain m_heads;
    std::optional<BlockNumber> m_nextLogBlock;
    QTimer m_timer;
    SourceStatus m_status;
    Backoff m_backoff;
    Timestamp m_headSince;
    quint64 m_chunk;
    int m_chunksRead = 0; // since the last refusal
    int m_olderHeads = 0;
    bool m_looking = false;
    bool m_pokedMeanwhile = false;
    LifetimeScope m_scope;
};

} // namespace countersign
