#include "models/relayers/etcdmembersmodel.h"

#include "backend/types/strings.h"
#include "models/relayers/rowspan.h"

#include <QLocale>

#include <algorithm>
#include <utility>

namespace countersign {

namespace {

using Health = EtcdMemberState::Health;

QString nameOf(const EtcdMemberState &member)
{
    if (!member.member.name.isEmpty())
        return member.member.name;
    return member.endpoint.isEmpty() ? QString::number(member.member.id, 16) : member.endpoint;
}

Tone toneOf(Health health)
{
    switch (health) {
    case Health::Healthy:
        return Tone::Good;
    case Health::Impaired:
        return Tone::Warn;
    case Health::Down:
        return Tone::Bad;
    case Health::NotAsked:
        break;
    }
    return Tone::Neutral;
}

} // namespace

EtcdMembersModel::EtcdMembersModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

int EtcdMembersModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int EtcdMembersModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString EtcdMembersModel::tip(const EtcdMemberState &member) const
{
    QStringList lines{member.endpoint.isEmpty() ? tr("The environment names no endpoint of this member") : member.endpoint};
    if (!member.problem.isEmpty())
        lines.append(member.problem);
    if (member.status)
        lines.append(tr("%1 in use of %2, index %3, applied %4")
                         .arg(QLocale().formattedDataSize(member.status->dbSizeInUse), QLocale().formattedDataSize(member.status->dbSize))
                         .arg(member.status->raftIndex)
                         .arg(member.status->raftApplied));
    return lines.join(u'\n');
}

QVariant EtcdMembersModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const EtcdMemberState &member = m_rows.at(index.row());
    if (role == ToneRole)
        return static_cast<int>(toneOf(member.health));
    if (role == Qt::ToolTipRole)
        return tip(member);
    if (role != Qt::DisplayRole)
        return {};
    const bool isOld = member.health == Health::Down; // what it said before it fell silent is not what is
    switch (static_cast<Column>(index.column())) {
    case HealthColumn:
        switch (member.health) {
        case Health::Healthy:
            return tr("Healthy");
        case Health::Impaired:
            return tr("Impaired");
        case Health::Down:
            return tr("Down");
        case Health::NotAsked:
            return tr("Not asked");
        }
        return {};
    case MemberColumn:
        return nameOf(member);
    case RoleColumn:
        if (!member.status || isOld)
            return {};
        return member.leads ? tr("leader") : member.status->learner ? tr("learner") : tr("follower");
    case SizeColumn:
        return member.status && !isOld ? QLocale().formattedDataSize(member.status->dbSize, 1) : QString();
    case VersionColumn:
        return member.status && !isOld ? member.status->version : QString();
    case IndexColumn:
        return member.status && !isOld ? QLocale().toString(member.status->raftIndex) : QString();
    case ColumnCount:
        break;
    }
    return {};
}

QVariant EtcdMembersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case HealthColumn:
        return tr("Health");
    case MemberColumn:
        return tr("Member");
    case RoleColumn:
        return tr("Role");
    case SizeColumn:
        return tr("Database");
    case VersionColumn:
        return tr("Version");
    case IndexColumn:
        return tr("Raft index");
    case ColumnCount:
        break;
    }
    return {};
}

void EtcdMembersModel::setCluster(const EtcdClusterState &state)
{
    m_state = state;
    spliceRows(m_rows, state.members, [](const EtcdMemberState &row) { return std::pair(row.member.id, row.member.id == 0 ? row.endpoint : QString()); },
        {[this](int first, int last) { beginInsertRows({}, first, last); }, [this] { endInsertRows(); },
            [this](int first, int last) { beginRemoveRows({}, first, last); }, [this] { endRemoveRows(); },
            [this](int first, int last) { emit dataChanged(index(first, 0), index(last, ColumnCount - 1)); }});
    emit changed();
}

QString EtcdMembersModel::summary() const
{
    if (!m_state.problem.isEmpty())
        return m_state.problem;
    if (!m_state.alarms.isEmpty())
        return m_state.alarms.constFirst();
    if (m_rows.isEmpty())
        return {};
    const auto healthy = std::ranges::count(m_rows, Health::Healthy, &EtcdMemberState::health);
    return tr("%1 of %2 healthy, raft term %3").arg(healthy).arg(m_rows.size()).arg(m_state.term);
}

Tone EtcdMembersModel::tone() const
{
    if (m_rows.isEmpty() && m_state.problem.isEmpty())
        return Tone::Neutral;
    if (!m_state.problem.isEmpty() || !m_state.alarms.isEmpty())
        return Tone::Bad;
    const bool isWhole = std::ranges::all_of(
        m_rows, [](const EtcdMemberState &row) { return row.health == Health::Healthy || row.health == Health::NotAsked; });
    return isWhole ? Tone::Good : Tone::Warn;
}

} // namespace countersign
