#pragma once

#include "backend/intents/hop.h"
#include "backend/intents/intentrow.h"
#include "backend/intents/routestatistics.h"
#include "backend/intents/stringpool.h"
#include "backend/intents/stuckrule.h"
#include "backend/intents/textarena.h"
#include "backend/types/hash32.h"

#include <QHash>
#include <QVector>

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace countersign {

/// Columns of up to 2^14 rows; a filter runs down one column without touching the others.
struct IntentColumns {
    static constexpr quint32 bits = 14;
    static constexpr quint32 rows = 1U << bits;
    template<class T>
    using Column = std::array<T, rows>;

    Column<IntentPhase> phase;
    Column<quint8> flags;
    Column<quint8> attempts;
    Column<qint8> amountScale;
    Column<quint16> vault;
    Column<quint16> chain;
    Column<quint16> party;
    Column<quint16> asset;
    Column<quint16> action;
    Column<quint16> relayer;
    Column<quint16> adapter;
    Column<quint32> id;
    Column<quint32> reason;
    Column<quint32> deadline;
    Column<quint32> since;
    Column<quint32> evidence;
    Column<qint64> created;
    Column<qint64> amount;
    Column<qint64> nonce;
    Column<std::array<quint8, 16>> key;
};

/// The pools of texts that rows refer to by code.
struct IntentTexts {
    StringPool vaults;
    StringPool chains;
    StringPool parties;
    StringPool assets;
    StringPool actions;
    StringPool relayers;
    StringPool adapters;
    StringPool reasons{1'000'000};
};

class EvidenceBook;

/// Every intent that the console knows, in columns: 78 bytes a row, an index of 4 to 8, and the id's text. Hops with their evidence
/// are kept aside. Rows keep their number for ever. Written by IntentCorrelator only; read by models, on the same thread.
class IntentStore final
{
public:
    IntentStore();
    ~IntentStore();
    Q_DISABLE_COPY_MOVE(IntentStore)

    quint32 size() const { return m_size; }
    IntentRow row(quint32 row) const;
    QString id(quint32 row) const; ///< the ledger's id, or "0x…" where only the chain knows it
    QByteArrayView idUtf8(quint32 row) const;
    QString reason(quint32 row) const;
    std::optional<quint32> find(const Hash32 &intentHash) const;
    std::optional<quint32> find(const QString &intentId) const;

    /// The way of an intent in the order of time; empty where it was sealed.
    QVector<Hop> hops(quint32 row) const;

    const IntentColumns &columns(quint32 chunk) const { return *m_chunks[chunk]; }
    quint32 chunkCount() const { return static_cast<quint32>(m_chunks.size()); }
    const IntentTexts &texts() const { return m_texts; }
    const TextArena &ids() const { return m_ids; }
    const RouteStatistics &statistics() const { return m_statistics; }
    const StuckRule &stuckRule() const { return m_stuckRule; }

    quint32 count(IntentPhase phase) const { return m_counts[indexOf(phase)]; }
    quint32 openCount() const; ///< not settled
    quint32 stuckCount() const { return m_stuck; }
    /// Rows not settled, in no order.
    std::span<const quint32> openRows() const { return m_open; }
    std::optional<quint32> oldestOpen() const; ///< the one that waits longest; walks the open rows

    // --- for IntentCorrelator, and for tests and benchmarks that fill a store without facts ---
    quint32 append(const IntentRow &row, QByteArrayView id);
    void replace(quint32 row, const IntentRow &changed);
    void rename(quint32 row, QByteArrayView id);
    IntentTexts &texts() { return m_texts; }
    RouteStatistics &statistics() { return m_statistics; }
    EvidenceBook &evidence() { return *m_evidence; }
    const EvidenceBook &evidence() const { return *m_evidence; }
    void setStuckRule(const StuckRule &rule) { m_stuckRule = rule; }
    void reserve(quint32 rows);

private:
    quint32 probe(const std::array<quint8, 16> &key) const;
    void grow();
    void write(quint32 row, const IntentRow &value);
    void account(quint32 row, const IntentRow *before, const IntentRow &after);

    quint32 m_size = 0;
    std::vector<std::unique_ptr<IntentColumns>> m_chunks;
    std::vector<quint32> m_index; ///< open addressing, row + 1
    IntentTexts m_texts;
    TextArena m_ids;
    RouteStatistics m_statistics;
    StuckRule m_stuckRule;
    std::unique_ptr<EvidenceBook> m_evidence;
    std::array<quint32, intentPhaseCount> m_counts{};
    quint32 m_stuck = 0;
    std::vector<quint32> m_open;
    QHash<quint32, quint32> m_openAt; ///< where an open row stands in m_open
};

} // namespace countersign
