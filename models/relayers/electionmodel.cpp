#include "models/relayers/electionmodel.h"

#include "backend/types/strings.h"
#include "models/intents/intenttext.h"
#include "models/relayers/rowspan.h"

#include <algorithm>

namespace countersign {

namespace {

constexpr double leaseRunsShort = 0.34; // a candidate keeps its lease alive every third of it

std::optional<double> shareOf(const Candidate &candidate)
{
    if (!candidate.leaseLeft || !candidate.leaseGranted || candidate.leaseGranted->count() <= 0)
        return std::nullopt;
    return std::clamp(
        static_cast<double>(candidate.leaseLeft->count()) / static_cast<double>(candidate.leaseGranted->count()), 0.0, 1.0);
}

// Newest first with gaps, as etcd's reader has it: oldest first, and every gap a span of nobody.
QVector<LeadershipSpan> spansOf(const QVector<LeadershipTerm> &history)
{
    QVector<LeadershipSpan> spans;
    for (auto term = history.crbegin(); term != history.crend(); ++term) {
        if (!spans.isEmpty() && spans.constLast().until && *spans.constLast().until < term->since)
            spans.append({QString(), *spans.constLast().until, term->since, false});
        spans.append({term->relayer, term->since, term->until, term->earlier});
    }
    if (!spans.isEmpty() && spans.constLast().until)
        spans.append({QString(), *spans.constLast().until, std::nullopt, false});
    return spans;
}

} // namespace

ElectionModel::ElectionModel(const Clock &clock, QObject *parent)
    : QAbstractTableModel(parent)
    , m_clock(clock)
{
}

int ElectionModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ElectionModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ElectionModel::placeText(int place)
{
    return place == 0 ? tr("Leads") : place == 1 ? tr("Next") : tr("No. %1").arg(place + 1);
}

QString ElectionModel::leaseText(const Candidate &candidate) const
{
    if (!candidate.leaseLeft)
        return tr("not known");
    if (!candidate.leaseGranted || candidate.leaseGranted->count() <= 0)
        return tr("%1 s").arg(candidate.leaseLeft->count());
    return tr("%1 of %2 s").arg(candidate.leaseLeft->count()).arg(candidate.leaseGranted->count());
}

QString ElectionModel::saysText(const Row &row)
{
    if (!row.says)
        return tr("nothing");
    if (*row.says)
        return row.place == 0 ? tr("leads") : tr("leads too");
    return row.place == 0 ? tr("does not lead") : tr("waits");
}

Tone ElectionModel::toneOf(const Row &row)
{
    if (row.says && *row.says != (row.place == 0))
        return Tone::Bad;
    const std::optional<double> share = shareOf(row.candidate);
    if (share && *share < leaseRunsShort)
        return Tone::Warn;
    return row.place == 0 ? Tone::Good : Tone::Neutral;
}

QVariant ElectionModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows.at(index.row());
    if (role == ToneRole)
        return static_cast<int>(toneOf(row));
    if (role == LeaseShareRole) {
        const std::optional<double> share = shareOf(row.candidate);
        return share ? QVariant(*share) : QVariant();
    }
    if (role == Qt::ToolTipRole)
        return tr("%1\nKey %2\nLease %3").arg(row.candidate.relayer, row.candidate.key, QString::number(row.candidate.lease, 16));
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(index.column())) {
    case PlaceColumn:
        return placeText(row.place);
    case RelayerColumn:
        return row.candidate.relayer;
    case LeaseColumn:
        return leaseText(row.candidate);
    case SinceColumn: {
        const auto led = row.place == 0 ? ledFor() : std::nullopt;
        const bool isEarlier = !m_history.isEmpty() && m_history.constLast().isEarlier;
        return led ? (isEarlier ? tr("over %1") : tr("%1")).arg(IntentText::roughDuration(*led)) : QString();
    }
    case SaysColumn:
        return saysText(row);
    case FenceColumn:
        return QString::number(row.candidate.createRevision);
    case ColumnCount:
        break;
    }
    return {};
}

QVariant ElectionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const bool isHint = role == Qt::ToolTipRole;
    switch (static_cast<Column>(section)) {
    case PlaceColumn:
        return isHint ? tr("Order of succession: who has stood for election longest leads") : tr("Place");
    case RelayerColumn:
        return tr("Relayer");
    case LeaseColumn:
        return isHint ? tr("What is left of its lease, as etcd says; when it runs out, its place is lost") : tr("Lease left");
    case SinceColumn:
        return isHint ? tr("How long it has led, as this console has seen it") : tr("Led for");
    case SaysColumn:
        return isHint ? tr("What its own metric relayer_is_leader says") : tr("Says itself");
    case FenceColumn:
        return isHint ? tr("Revision at which its key was made: the fencing token of the leader") : tr("Revision");
    case ColumnCount:
        break;
    }
    return {};
}

void ElectionModel::setElection(const QString &name, const ElectionState &state, const QHash<QString, bool> &claims)
{
    m_name = name;
    m_splitBrain = state.splitBrain;
    m_history = spansOf(state.history);
    QVector<Row> rows;
    for (const Candidate &candidate : state.candidates) {
        const auto claim = claims.constFind(candidate.relayer);
        const std::optional<bool> says = claim == claims.cend() ? std::nullopt : std::optional(*claim);
        rows.append({candidate, says, static_cast<int>(rows.size())});
    }
    spliceRows(m_rows, rows, [](const Row &row) { return row.candidate.key; },
        {[this](int first, int last) { beginInsertRows({}, first, last); }, [this] { endInsertRows(); },
            [this](int first, int last) { beginRemoveRows({}, first, last); }, [this] { endRemoveRows(); },
            [this](int first, int last) { emit dataChanged(index(first, 0), index(last, ColumnCount - 1)); }});
    emit changed();
}

void ElectionModel::tick()
{
    if (!m_rows.isEmpty())
        emit dataChanged(index(0, SinceColumn), index(0, SinceColumn), {Qt::DisplayRole});
}

std::optional<std::chrono::microseconds> ElectionModel::ledFor() const
{
    if (m_history.isEmpty() || m_history.constLast().until || m_history.constLast().relayer.isEmpty())
        return std::nullopt;
    return m_clock.now() - m_history.constLast().since;
}

} // namespace countersign
