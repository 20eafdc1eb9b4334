#include "models/sources/sourcelistmodel.h"

#include "backend/types/strings.h"

#include <algorithm>
#include <tuple>

namespace countersign {

namespace {

auto place(const SourceStatus &status)
{
    return std::tuple(static_cast<int>(status.kind), status.id);
}

} // namespace

SourceListModel::SourceListModel(const Clock &clock, QObject *parent)
    : QAbstractListModel(parent)
    , m_clock(clock)
{
}

int SourceListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_statuses.size());
}

Tone SourceListModel::toneOf(SourceState state)
{
    switch (state) {
    case SourceState::Live:
        return Tone::Good;
    case SourceState::Connecting:
        return Tone::Neutral;
    case SourceState::Lagging:
    case SourceState::Stale:
        return Tone::Warn;
    case SourceState::Down:
        return Tone::Bad;
    }
    return Tone::Neutral;
}

QVariant SourceListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const SourceStatus &status = m_statuses[index.row()];
    switch (role) {
    case Qt::DisplayRole:
    case IdRole:
        return status.id;
    case Qt::ToolTipRole:
        return text(status);
    case KindRole:
        return static_cast<int>(status.kind);
    case StateRole:
        return static_cast<int>(status.state);
    case ToneRole:
        return static_cast<int>(toneOf(status.state));
    case AgeRole:
        return status.lastData ? QVariant(static_cast<qlonglong>(std::max<qint64>((m_clock.now() - *status.lastData).count(), 0))) : QVariant();
    case SinceRole:
        return QVariant::fromValue(status.since);
    case ErrorRole:
        return status.lastError;
    case NextAttemptRole:
        return status.nextAttempt ? QVariant(static_cast<qlonglong>(std::max<qint64>((*status.nextAttempt - m_clock.now()).count(), 0))) : QVariant();
    case StatusRole:
        return QVariant::fromValue(status);
    default:
        return {};
    }
}

QVariant SourceListModel::text(const SourceStatus &status) const
{
    QString all = tr("%1 %2 is %3 since %4").arg(sourceKindName(status.kind), status.id, sourceStateName(status.state), status.since.toIsoString());
    if (!status.lastError.isEmpty())
        all += u'\n' + tr("last failure: %1").arg(status.lastError);
    return all;
}

QHash<int, QByteArray> SourceListModel::roleNames() const
{
    return {{IdRole, "sourceId"}, {KindRole, "kind"},   {StateRole, "state"},             {ToneRole, "tone"},    {AgeRole, "age"},
            {SinceRole, "since"}, {ErrorRole, "error"}, {NextAttemptRole, "nextAttempt"}, {StatusRole, "status"}};
}

void SourceListModel::apply(const SourceStatus &status)
{
    const auto at = std::ranges::lower_bound(m_statuses, place(status), {}, place);
    const int row = static_cast<int>(at - m_statuses.begin());
    if (at != m_statuses.end() && place(*at) == place(status)) {
        if (*at == status)
            return;
        m_statuses[row] = status;
        emit dataChanged(index(row), index(row));
    } else {
        beginInsertRows({}, row, row);
        m_statuses.insert(row, status);
        endInsertRows();
    }
    emit changed();
}

void SourceListModel::remove(SourceKind kind, const QString &id)
{
    for (int row = 0; row < m_statuses.size(); ++row) {
        if (m_statuses[row].kind != kind || m_statuses[row].id != id)
            continue;
        beginRemoveRows({}, row, row);
        m_statuses.removeAt(row);
        endRemoveRows();
        emit changed();
        return;
    }
}

void SourceListModel::tick()
{
    if (!m_statuses.isEmpty())
        emit dataChanged(index(0), index(static_cast<int>(m_statuses.size()) - 1), {AgeRole, NextAttemptRole});
}

Tone SourceListModel::worst() const
{
    Tone worst = m_statuses.isEmpty() ? Tone::Neutral : Tone::Good;
    for (const SourceStatus &status : m_statuses) {
        const Tone tone = toneOf(status.state);
        if (tone == Tone::Bad)
            return tone;
        if (tone == Tone::Warn || (tone == Tone::Neutral && worst == Tone::Good))
            worst = tone;
    }
    return worst;
}

} // namespace countersign
