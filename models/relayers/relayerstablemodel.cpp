#include "models/relayers/relayerstablemodel.h"

#include "backend/types/strings.h"
#include "models/intents/intenttext.h"
#include "models/relayers/rowspan.h"

#include <QLocale>

#include <algorithm>

namespace countersign {

namespace {

constexpr std::chrono::minutes quietFor{2}; // a relayer that runs writes more often

QString countText(const std::optional<double> &count)
{
    return count ? QLocale().toString(*count, 'f', 0) : QString();
}

} // namespace

RelayersTableModel::RelayersTableModel(const Clock &clock, QObject *parent)
    : QAbstractTableModel(parent)
    , m_clock(clock)
{
}

int RelayersTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int RelayersTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

bool RelayersTableModel::isUp(const RelayerFacts &relayer) const
{
    if (relayer.metrics == RelayerFacts::Metrics::Down)
        return false;
    if (relayer.metrics != RelayerFacts::Metrics::NotKnown)
        return true;
    return relayer.lastLine && m_clock.now() - *relayer.lastLine < quietFor;
}

// Behind the relayer that has read most of the ledger.
QString RelayersTableModel::behindText(const RelayerFacts &relayer) const
{
    if (!relayer.reading.ledgerOffset)
        return {};
    qint64 furthest = *relayer.reading.ledgerOffset;
    for (const RelayerFacts &other : m_rows)
        furthest = std::max(furthest, other.reading.ledgerOffset.value_or(furthest));
    return QLocale().toString(furthest - *relayer.reading.ledgerOffset);
}

QString RelayersTableModel::metricsText(const RelayerFacts &relayer) const
{
    switch (relayer.metrics) {
    case RelayerFacts::Metrics::Prometheus:
        return tr("Prometheus");
    case RelayerFacts::Metrics::Direct:
        return tr("read here");
    case RelayerFacts::Metrics::Down:
        return tr("no answer");
    case RelayerFacts::Metrics::NotKnown:
        break;
    }
    return tr("not read");
}

QString RelayersTableModel::tip(const RelayerFacts &relayer) const
{
    QStringList lines{relayer.reading.id};
    if (relayer.reading.ledgerOffset)
        lines.append(tr("Ledger read up to offset %1").arg(*relayer.reading.ledgerOffset));
    if (relayer.lastAct)
        lines.append(tr("Last transaction sent %1").arg(relayer.lastAct->toIsoString()));
    if (relayer.lastLine)
        lines.append(tr("Last line of its log %1").arg(relayer.lastLine->toIsoString()));
    for (const QString &problem : {relayer.metricsProblem, relayer.logProblem}) {
        if (!problem.isEmpty())
            lines.append(problem);
    }
    return lines.join(u'\n');
}

QVariant RelayersTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const RelayerFacts &row = m_rows.at(index.row());
    const RelayerReading &reading = row.reading;
    if (role == ToneRole) {
        if (!isUp(row))
            return static_cast<int>(row.metrics == RelayerFacts::Metrics::Down ? Tone::Bad : Tone::Neutral);
        return static_cast<int>(row.metricsProblem.isEmpty() && row.logProblem.isEmpty() ? Tone::Good : Tone::Warn);
    }
    if (role == Qt::ToolTipRole)
        return tip(row);
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(index.column())) {
    case RelayerColumn:
        return reading.leader ? tr("%1, leads").arg(reading.id) : reading.id;
    case QueueColumn:
        return countText(reading.queueDepth);
    case RateColumn:
        return reading.rate ? QLocale().toString(*reading.rate * 60, 'f', 1) : QString();
    case SuccessColumn:
        return reading.successRate ? tr("%1 %").arg(QLocale().toString(*reading.successRate * 100, 'f', 1)) : QString();
    case BehindColumn:
        return behindText(row);
    case LogColumn:
        return row.lastLine ? IntentText::roughDuration(std::max(m_clock.now() - *row.lastLine, std::chrono::microseconds(0)))
                            : row.logProblem.isEmpty() ? tr("none") : tr("not read");
    case MetricsColumn:
        return metricsText(row);
    case ColumnCount:
        break;
    }
    return {};
}

QVariant RelayersTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const bool isHint = role == Qt::ToolTipRole;
    switch (static_cast<Column>(section)) {
    case RelayerColumn:
        return tr("Relayer");
    case QueueColumn:
        return isHint ? tr("Intents that wait in it") : tr("Queue");
    case RateColumn:
        return isHint ? tr("Intents that it ended a minute") : tr("A minute");
    case SuccessColumn:
        return isHint ? tr("Share of its executions that the chains took") : tr("Success");
    case BehindColumn:
        return isHint ? tr("Ledger offsets behind the relayer that has read most") : tr("Behind");
    case LogColumn:
        return isHint ? tr("How long ago it last wrote to its log") : tr("Last line");
    case MetricsColumn:
        return isHint ? tr("Who reads its metrics") : tr("Metrics");
    case ColumnCount:
        break;
    }
    return {};
}

void RelayersTableModel::setRelayers(const QVector<RelayerFacts> &relayers)
{
    spliceRows(m_rows, relayers, [](const RelayerFacts &row) { return row.reading.id; },
        {[this](int first, int last) { beginInsertRows({}, first, last); }, [this] { endInsertRows(); },
            [this](int first, int last) { beginRemoveRows({}, first, last); }, [this] { endRemoveRows(); },
            [this](int first, int last) { emit dataChanged(index(first, 0), index(last, ColumnCount - 1)); }});
}

void RelayersTableModel::tick()
{
    if (!m_rows.isEmpty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

} // namespace countersign
