#include "models/intents/intentlanesmodel.h"

#include "backend/types/strings.h"
#include "models/intents/intenttablemodel.h"
#include "models/intents/intenttext.h"

namespace countersign {

IntentLanesModel::IntentLanesModel(const IntentStore &store, const Clock &clock, QObject *parent)
    : QAbstractListModel(parent)
    , m_store(store)
    , m_clock(clock)
{
    survey();
}

int IntentLanesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(intentPhaseCount);
}

QVariant IntentLanesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto at = static_cast<std::size_t>(index.row());
    const IntentPhase phase = allIntentPhases[at];
    const Lane &lane = m_lanes[at];
    switch (role) {
    case Qt::DisplayRole:
        return IntentText::phase(phase);
    case PhaseRole:
        return static_cast<int>(phase);
    case CountRole:
        return lane.count;
    case StuckRole:
        return lane.stuck;
    case OldestAgeRole:
        return lane.oldest == 0 ? QVariant() : QVariant(static_cast<qlonglong>((m_clock.now() - Timestamp::fromMicros(lane.oldest)).count()));
    case ToneRole:
        if (lane.stuck > 0)
            return static_cast<int>(Tone::Warn);
        return static_cast<int>(lane.count == 0 ? Tone::Neutral : IntentTableModel::toneOf(phase, 0));
    case SideExitRole:
        return phase > IntentPhase::Acknowledged;
    case FilterRole:
        return QString(u"state:"_s + intentPhaseName(phase));
    default:
        return {};
    }
}

QHash<int, QByteArray> IntentLanesModel::roleNames() const
{
    return {{Qt::DisplayRole, "display"}, {PhaseRole, "phase"},   {CountRole, "count"},       {StuckRole, "stuck"},
            {OldestAgeRole, "oldestAge"}, {ToneRole, "tone"},     {SideExitRole, "sideExit"}, {FilterRole, "filter"}};
}

void IntentLanesModel::applyBatch(const IntentBatch &)
{
    for (std::size_t i = 0; i < intentPhaseCount; ++i) {
        const quint32 count = m_store.count(allIntentPhases[i]);
        if (m_lanes[i].count == count)
            continue;
        m_lanes[i].count = count;
        if (count == 0)
            m_lanes[i].oldest = 0;
        const QModelIndex lane = index(static_cast<int>(i));
        emit dataChanged(lane, lane, {CountRole, ToneRole, OldestAgeRole});
    }
}

void IntentLanesModel::survey()
{
    for (std::size_t i = 0; i < intentPhaseCount; ++i)
        m_lanes[i] = {m_store.count(allIntentPhases[i]), 0, 0};
    for (const quint32 at : m_store.openRows()) {
        const IntentRow row = m_store.row(at);
        Lane &lane = m_lanes[indexOf(row.phase)];
        lane.stuck += row.has(IntentFlag::Stuck) ? 1U : 0U;
        const qint64 since = row.phaseSince().micros();
        if (lane.oldest == 0 || since < lane.oldest)
            lane.oldest = since;
    }
}

void IntentLanesModel::tick()
{
    survey();
    emit dataChanged(index(0), index(static_cast<int>(intentPhaseCount) - 1), {CountRole, StuckRole, OldestAgeRole, ToneRole});
}

} // namespace countersign
