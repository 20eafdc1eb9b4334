#pragma once

#include "backend/intents/intentstore.h"
#include "backend/types/clock.h"
#include "models/intents/intentfilter.h"
#include "models/intents/intentorder.h"
#include "models/sources/tone.h"

#include <QAbstractTableModel>
#include <QSet>

#include <functional>
#include <vector>

namespace countersign {

/// The intents of the store as a table that filters and sorts itself: an order of row numbers over columns that never move. Sorting is
/// live: a batch is merged in, the rest is not touched. While it is held (the user has scrolled away or selected), rows stay where they
/// are and what would come is counted.
class IntentTableModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(IntentTableModel)

public:
    enum Column {
        StateColumn,
        IdColumn,
        AgeColumn,
        VaultColumn,
        ChainColumn,
        PartyColumn,
        ActionColumn,
        AmountColumn,
        AssetColumn,
        NonceColumn,
        AttemptsColumn,
        RelayerColumn,
        CreatedColumn,
        SinceColumn, ///< entry into the phase
        ReasonColumn,
        ColumnCount
    };
    enum Role {
        StoreRowRole = Qt::UserRole + 1, ///< uint, the row in the store
        PhaseRole, ///< int of IntentPhase
        FlagsRole, ///< int of IntentFlag bits
        ToneRole, ///< int of Tone
        ValueRole, ///< by column: Timestamp (created, since), qlonglong microseconds (age), double (amount), qlonglong, or text
    };

    /// Both outlive the model.
    IntentTableModel(const IntentStore &store, const Clock &clock, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

    /// Takes in what the correlator did; once a frame.
    void applyBatch(const IntentBatch &batch);
    /// Lets ages move on and filters on age follow; about once a second.
    void tick();

    void setFilter(const IntentFilter &filter);
    const IntentFilter &filter() const { return m_filter; }

    /// While held, rows neither move nor come nor go; released, everything takes its place.
    void setHeld(bool held);
    bool isHeld() const { return m_held; }
    /// How many rows would come if it were released: "N new".
    int pendingCount() const { return static_cast<int>(m_pending.size()); }

    /// Without QVariant, for delegates that paint many cells.
    quint32 storeRow(int row) const { return m_order.at(static_cast<std::size_t>(row)); }
    IntentRow intent(int row) const { return m_store.row(storeRow(row)); }
    const IntentStore &store() const { return m_store; }
    /// -1 when the filter hides it.
    int rowOf(quint32 storeRow) const;

    int sortColumn() const { return m_sortColumn; }
    Qt::SortOrder sortOrder() const { return m_order.isDescending() ? Qt::DescendingOrder : Qt::AscendingOrder; }

    static Tone toneOf(IntentPhase phase, quint8 flags);
    static QString text(const IntentStore &store, const IntentRow &row, int column, Timestamp now);

signals:
    void pendingCountChanged(int count);
    /// Rows shown of rows known.
    void countsChanged(int shown, int known);

private:
    /// What a change of some rows means for the order.
    struct Plan {
        std::vector<quint32> leaving; ///< in the order, and the filter hides them now
        std::vector<quint32> moving; ///< in the order, at another place
        std::vector<quint32> entering;
    };
    void place(const std::vector<quint32> &changed, Plan &plan);
    void carryOut(Plan plan);
    void enter(std::vector<quint32> entering);
    void leave(const std::vector<quint32> &leaving);
    void shift(std::vector<quint32> moving);
    void mergeTail(std::size_t sorted);
    void rearrange(const std::function<void()> &change);
    void select(quint32 from, std::vector<quint32> &found) const;
    void announce();

    const IntentStore &m_store;
    const Clock &m_clock;
    IntentFilter m_filter;
    IntentOrder m_order;
    int m_sortColumn = CreatedColumn;
    bool m_held = false;
    QSet<quint32> m_pending; ///< store rows that would be inserted
    std::vector<quint32> m_recheck; ///< changed while held, before the sorting changed
    int m_lastPending = 0;
    quint32 m_seen = 0; ///< rows of the store that were looked at
};

} // namespace countersign
