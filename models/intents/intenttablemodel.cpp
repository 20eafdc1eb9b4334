#include "models/intents/intenttablemodel.h"

#include "backend/types/strings.h"
#include "models/intents/intentmatcher.h"
#include "models/intents/intenttext.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace countersign {

namespace {

/// A change that falls into more pieces than this is announced as one new layout.
constexpr std::size_t mostRanges = 16;

constexpr std::array<IntentSortKey, IntentTableModel::ColumnCount> sortKeys{
    IntentSortKey::State, IntentSortKey::Id,     IntentSortKey::Age,   IntentSortKey::Vault,    IntentSortKey::Chain,
    IntentSortKey::Party, IntentSortKey::Action, IntentSortKey::Amount, IntentSortKey::Asset,    IntentSortKey::Nonce,
    IntentSortKey::Attempts, IntentSortKey::Relayer, IntentSortKey::Created, IntentSortKey::Since, IntentSortKey::Reason};

struct Range {
    std::size_t first = 0; ///< physical positions
    std::size_t last = 0;
};

/// Neighbouring positions as ranges; `positions` ascending.
std::vector<Range> rangesOf(const std::vector<std::size_t> &positions)
{
    std::vector<Range> ranges;
    for (const std::size_t position : positions) {
        if (!ranges.empty() && ranges.back().last + 1 == position)
            ranges.back().last = position;
        else
            ranges.push_back({position, position});
    }
    return ranges;
}

} // namespace

IntentTableModel::IntentTableModel(const IntentStore &store, const Clock &clock, QObject *parent)
    : QAbstractTableModel(parent)
    , m_store(store)
    , m_clock(clock)
    , m_order(store)
{
    m_order.setDescending(true);
    std::vector<quint32> rows;
    select(0, rows);
    m_order.assign(std::move(rows), IntentSortKey::Created);
    m_seen = m_store.size();
}

int IntentTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_order.size());
}

int IntentTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant IntentTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const quint32 at = storeRow(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return IntentText::cell(m_store, m_store.row(at), index.column(), m_clock.now());
    case Qt::ToolTipRole:
        return IntentText::toolTip(m_store, m_store.row(at), index.column(), m_clock.now());
    case Qt::TextAlignmentRole: {
        const bool number = index.column() == AmountColumn || index.column() == NonceColumn || index.column() == AgeColumn || index.column() == AttemptsColumn;
        return QVariant::fromValue(static_cast<int>(Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft)));
    }
    case StoreRowRole:
        return at;
    case PhaseRole:
        return static_cast<int>(m_store.row(at).phase);
    case FlagsRole:
        return static_cast<int>(m_store.row(at).flags);
    case ToneRole: {
        const IntentRow row = m_store.row(at);
        return static_cast<int>(toneOf(row.phase, row.flags));
    }
    case ValueRole:
        return IntentText::value(m_store, m_store.row(at), index.column(), m_clock.now());
    default:
        return {};
    }
}

QVariant IntentTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= ColumnCount)
        return {};
    return IntentText::header(section);
}

Tone IntentTableModel::toneOf(IntentPhase phase, quint8 flags)
{
    if ((flags & bit(IntentFlag::Contradicted)) != 0 || phase == IntentPhase::Failed)
        return Tone::Bad;
    if ((flags & (bit(IntentFlag::Stuck) | bit(IntentFlag::Retrying))) != 0 || phase == IntentPhase::Expired || phase == IntentPhase::Rejected)
        return Tone::Warn;
    if (phase == IntentPhase::Acknowledged)
        return Tone::Good;
    return phase == IntentPhase::Created ? Tone::Neutral : Tone::Info;
}

QString IntentTableModel::text(const IntentStore &store, const IntentRow &row, int column, Timestamp now)
{
    return IntentText::cell(store, row, column, now);
}

void IntentTableModel::select(quint32 from, std::vector<quint32> &found) const
{
    found.reserve(found.size() + (m_filter.isEmpty() ? m_store.size() - from : 0));
    IntentMatcher(m_filter, m_store, m_clock.now()).scan(from, m_store.size(), found);
}

void IntentTableModel::setFilter(const IntentFilter &filter)
{
    beginResetModel();
    m_filter = filter;
    m_order.settle();
    m_pending.clear();
    m_recheck.clear();
    std::vector<quint32> rows;
    select(0, rows);
    m_order.assign(std::move(rows), m_order.key());
    m_seen = m_store.size();
    endResetModel();
    announce();
}

void IntentTableModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= ColumnCount)
        return;
    const IntentSortKey key = sortKeys[static_cast<std::size_t>(column)];
    if (column == m_sortColumn && order == sortOrder())
        return;
    m_sortColumn = column;
    rearrange([&] {
        m_order.setDescending(order == Qt::DescendingOrder);
        const std::vector<quint32> changed = m_order.remembered();
        m_recheck.insert(m_recheck.end(), changed.begin(), changed.end());
        m_order.settle(); // whatever was held back is in its place now
        std::vector<quint32> rows = std::move(m_order.rows());
        m_order.assign(std::move(rows), key);
    });
}

void IntentTableModel::applyBatch(const IntentBatch &batch)
{
    const quint32 known = m_seen;
    m_seen = m_store.size();
    std::vector<quint32> changed;
    changed.reserve(static_cast<std::size_t>(batch.changed.size()));
    for (const IntentBatch::Change &change : batch.changed) {
        if (change.row >= known)
            continue; // new to this model as well: it comes with the new ones
        m_order.remember(change.row, change.before);
        changed.push_back(change.row);
    }
    Plan plan;
    place(changed, plan);
    std::vector<quint32> fresh;
    select(known, fresh);
    if (m_held) {
        for (const quint32 row : plan.entering)
            m_pending.insert(row);
        for (const quint32 row : fresh)
            m_pending.insert(row);
    } else {
        plan.entering.insert(plan.entering.end(), fresh.begin(), fresh.end());
        carryOut(std::move(plan));
    }
    announce();
}

void IntentTableModel::place(const std::vector<quint32> &changed, Plan &plan)
{
    if (changed.empty())
        return;
    const IntentMatcher matcher(m_filter, m_store, m_clock.now());
    IntentOrder now(m_store); // compares rows as they are, while m_order compares them as they were
    now.assign({}, m_order.key());
    std::vector<std::size_t> touched;
    for (const quint32 row : changed) {
        const auto position = m_order.positionOf(row);
        const bool wanted = matcher.matches(row);
        if (!position) {
            if (wanted)
                plan.entering.push_back(row);
            else if (m_held)
                m_pending.remove(row);
            continue;
        }
        touched.push_back(*position);
        if (!wanted) {
            plan.leaving.push_back(row);
            continue;
        }
        const std::size_t at = m_order.physical(*position);
        const auto &rows = m_order.rows();
        const bool afterLast = at == 0 || (!m_order.isRemembered(rows[at - 1]) && now.less(rows[at - 1], row));
        const bool beforeNext = at + 1 == rows.size() || (!m_order.isRemembered(rows[at + 1]) && now.less(row, rows[at + 1]));
        if (!m_order.keyChanged(row) || (afterLast && beforeNext))
            continue;
        plan.moving.push_back(row);
    }
    std::ranges::sort(touched);
    const std::vector<Range> ranges = rangesOf(touched);
    if (ranges.size() > 256) {
        emit dataChanged(index(static_cast<int>(touched.front()), 0), index(static_cast<int>(touched.back()), ColumnCount - 1));
    } else {
        for (const Range &range : ranges)
            emit dataChanged(index(static_cast<int>(range.first), 0), index(static_cast<int>(range.last), ColumnCount - 1));
    }
}

void IntentTableModel::carryOut(Plan plan)
{
    leave(plan.leaving);
    shift(std::move(plan.moving));
    m_order.settle();
    enter(std::move(plan.entering));
}

void IntentTableModel::leave(const std::vector<quint32> &leaving)
{
    if (leaving.empty())
        return;
    std::vector<std::size_t> positions;
    for (const quint32 row : leaving) {
        if (const auto position = m_order.positionOf(row))
            positions.push_back(m_order.physical(*position));
    }
    std::ranges::sort(positions);
    auto &rows = m_order.rows();
    std::vector<Range> ranges = rangesOf(positions);
    if (ranges.size() > mostRanges) {
        // Gather them at the end of the vector, where they leave as one range.
        rearrange([&] {
            std::vector<quint32> gone;
            gone.reserve(positions.size());
            std::size_t write = positions.front();
            std::size_t next = 0;
            for (std::size_t read = positions.front(); read < rows.size(); ++read) {
                if (next < positions.size() && positions[next] == read) {
                    gone.push_back(rows[read]);
                    ++next;
                } else {
                    rows[write++] = rows[read];
                }
            }
            std::ranges::copy(gone, rows.begin() + static_cast<std::ptrdiff_t>(write));
        });
        ranges = {{rows.size() - positions.size(), rows.size() - 1}};
    }
    for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
        const std::size_t a = m_order.physical(range->first);
        const std::size_t b = m_order.physical(range->last);
        beginRemoveRows({}, static_cast<int>(std::min(a, b)), static_cast<int>(std::max(a, b)));
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(range->first), rows.begin() + static_cast<std::ptrdiff_t>(range->last + 1));
        endRemoveRows();
    }
}

void IntentTableModel::shift(std::vector<quint32> moving)
{
    if (moving.empty())
        return;
    std::vector<std::size_t> positions;
    for (const quint32 row : moving) {
        if (const auto position = m_order.positionOf(row))
            positions.push_back(m_order.physical(*position));
    }
    rearrange([&] {
        auto &rows = m_order.rows();
        std::ranges::sort(positions);
        std::size_t write = positions.front();
        std::size_t next = 0;
        for (std::size_t read = positions.front(); read < rows.size(); ++read) {
            if (next < positions.size() && positions[next] == read)
                ++next;
            else
                rows[write++] = rows[read];
        }
        rows.resize(write);
        m_order.settle();
        m_order.sort(moving);
        rows.insert(rows.end(), moving.begin(), moving.end());
        mergeTail(write);
    });
}

void IntentTableModel::enter(std::vector<quint32> entering)
{
    if (entering.empty())
        return;
    m_order.sort(entering);
    auto &rows = m_order.rows();
    std::vector<std::size_t> positions; // before which of the present rows each goes
    positions.reserve(entering.size());
    std::size_t runs = 0;
    for (const quint32 row : entering) {
        const std::size_t at = m_order.lowerBound(row);
        runs += (positions.empty() || positions.back() != at) ? 1U : 0U;
        positions.push_back(at);
    }
    const auto announceInsert = [this](std::size_t physicalFirst, std::size_t count) {
        const std::size_t first = m_order.isDescending() ? m_order.size() - physicalFirst : physicalFirst;
        beginInsertRows({}, static_cast<int>(first), static_cast<int>(first + count - 1));
    };
    if (runs <= mostRanges) {
        for (std::size_t end = entering.size(); end > 0;) {
            std::size_t first = end - 1;
            while (first > 0 && positions[first - 1] == positions[end - 1])
                --first;
            announceInsert(positions[first], end - first);
            rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(positions[first]), entering.begin() + static_cast<std::ptrdiff_t>(first),
                        entering.begin() + static_cast<std::ptrdiff_t>(end));
            endInsertRows();
            end = first;
        }
        return;
    }
    const std::size_t sorted = rows.size();
    announceInsert(sorted, entering.size());
    rows.insert(rows.end(), entering.begin(), entering.end());
    endInsertRows();
    rearrange([&] { mergeTail(sorted); });
}

/// Both halves are sorted: shifts the first in blocks, from the back, and drops the rows of the second into the gaps.
void IntentTableModel::mergeTail(std::size_t sorted)
{
    auto &rows = m_order.rows();
    const std::vector<quint32> tail(rows.begin() + static_cast<std::ptrdiff_t>(sorted), rows.end());
    rows.resize(sorted);
    std::vector<std::size_t> positions;
    positions.reserve(tail.size());
    for (const quint32 row : tail)
        positions.push_back(m_order.lowerBound(row));
    rows.resize(sorted + tail.size());
    std::size_t end = sorted;
    for (std::size_t i = tail.size(); i-- > 0;) {
        const auto from = rows.begin() + static_cast<std::ptrdiff_t>(positions[i]);
        std::move_backward(from, rows.begin() + static_cast<std::ptrdiff_t>(end), rows.begin() + static_cast<std::ptrdiff_t>(end + i + 1));
        rows[positions[i] + i] = tail[i];
        end = positions[i];
    }
}

/// Changes the order without adding or taking rows; what views hold on to follows its intent.
void IntentTableModel::rearrange(const std::function<void()> &change)
{
    emit layoutAboutToBeChanged({}, VerticalSortHint);
    const QModelIndexList from = persistentIndexList();
    std::vector<quint32> held;
    held.reserve(static_cast<std::size_t>(from.size()));
    for (const QModelIndex &index : from)
        held.push_back(storeRow(index.row()));
    change();
    QModelIndexList to;
    to.reserve(from.size());
    if (!held.empty()) {
        // Rows may stand out of order at this moment: a search by key would miss them.
        QHash<quint32, int> where;
        for (const quint32 row : held)
            where.insert(row, -1);
        const auto &rows = m_order.rows();
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (const auto found = where.find(rows[i]); found != where.end())
                *found = static_cast<int>(m_order.physical(i));
        }
        for (qsizetype i = 0; i < from.size(); ++i)
            to.append(index(where.value(held[static_cast<std::size_t>(i)]), from[i].column()));
    }
    changePersistentIndexList(from, to);
    emit layoutChanged({}, VerticalSortHint);
}

void IntentTableModel::setHeld(bool held)
{
    if (m_held == held)
        return;
    m_held = held;
    if (held)
        return;
    Plan plan;
    std::vector<quint32> changed = m_order.remembered();
    changed.insert(changed.end(), m_recheck.begin(), m_recheck.end());
    m_recheck.clear();
    std::ranges::sort(changed);
    changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
    place(changed, plan);
    std::vector<quint32> waiting(m_pending.cbegin(), m_pending.cend());
    m_pending.clear();
    const IntentMatcher matcher(m_filter, m_store, m_clock.now());
    for (const quint32 row : waiting) {
        if (matcher.matches(row))
            plan.entering.push_back(row);
    }
    std::ranges::sort(plan.entering);
    plan.entering.erase(std::unique(plan.entering.begin(), plan.entering.end()), plan.entering.end());
    carryOut(std::move(plan));
    announce();
}

void IntentTableModel::tick()
{
    if (m_filter.dependsOnTime()) {
        Plan plan;
        const IntentMatcher matcher(m_filter, m_store, m_clock.now());
        for (const quint32 row : m_store.openRows()) {
            if (row >= m_seen || m_order.isRemembered(row))
                continue;
            const bool shown = m_order.positionOf(row).has_value();
            const bool wanted = matcher.matches(row);
            if (shown && !wanted && !m_held)
                plan.leaving.push_back(row);
            else if (!shown && wanted)
                plan.entering.push_back(row);
        }
        if (m_held) {
            for (const quint32 row : plan.entering)
                m_pending.insert(row);
        } else {
            carryOut(std::move(plan));
        }
        announce();
    }
    if (m_order.size() > 0)
        emit dataChanged(index(0, AgeColumn), index(static_cast<int>(m_order.size()) - 1, AgeColumn), {Qt::DisplayRole, ValueRole});
}

int IntentTableModel::rowOf(quint32 storeRow) const
{
    const auto position = m_order.positionOf(storeRow);
    return position ? static_cast<int>(*position) : -1;
}

void IntentTableModel::announce()
{
    const int pending = pendingCount();
    if (pending != m_lastPending) {
        m_lastPending = pending;
        emit pendingCountChanged(pending);
    }
    emit countsChanged(static_cast<int>(m_order.size()), static_cast<int>(m_store.size()));
}

} // namespace countersign
