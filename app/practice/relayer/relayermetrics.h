#pragma once

#include "backend/types/bytes.h"

#include <QMap>
#include <QString>

#include <array>
#include <chrono>
#include <optional>

namespace countersign {

/// Counters and gauges of one relayer, and their exposition as Prometheus reads it (text format 0.0.4).
class RelayerMetrics final {
public:
    /// Parts of an intent's way: on the ledger until sent, sent until mined, mined until deep enough, all of it.
    enum class Stage { Queue, Submit, Confirm, Total };

    void received() { ++m_received; }
    void processed(const QString &chain, const QString &outcome) { ++m_processed[{chain, outcome}]; }
    /// `reason` is an error's name, not its arguments: each reason is a time series.
    void failed(const QString &chain, const QString &reason) { ++m_failures[{chain, reason}]; }
    void transactionSubmitted(const QString &chain) { ++m_transactions[chain]; }
    void latency(const QString &chain, Stage stage, std::chrono::microseconds taken);

    void setLeader(bool leads) { m_leads = leads; }
    void setLedgerOffset(qint64 offset) { m_offset = offset; }
    void setChainHead(const QString &chain, quint64 head) { m_heads[chain] = head; }
    /// A relayer that does not lead has no queue.
    void setQueue(const QString &chain, qint64 depth, std::chrono::microseconds oldest);

    Bytes exposition() const;

private:
    static constexpr std::array<double, 12> bounds{0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300};
    struct Histogram {
        std::array<quint64, bounds.size()> below{}; // cumulative
        quint64 count = 0;
        double sum = 0;
    };
    struct Queue {
        qint64 depth = 0;
        double oldestSeconds = 0;
    };
    using Pair = std::pair<QString, QString>;

    double successRate(const QString &chain) const;

    quint64 m_received = 0;
    QMap<Pair, quint64> m_processed;
    QMap<Pair, quint64> m_failures;
    QMap<QString, quint64> m_transactions;
    QMap<Pair, Histogram> m_latency;
    bool m_leads = false;
    std::optional<qint64> m_offset;
    QMap<QString, quint64> m_heads;
    QMap<QString, Queue> m_queues;
};

} // namespace countersign
