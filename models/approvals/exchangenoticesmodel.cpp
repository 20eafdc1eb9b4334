#include "models/approvals/exchangenoticesmodel.h"

#include "backend/types/strings.h"
#include "models/approvals/rowsplice.h"

#include <algorithm>

namespace countersign {

namespace {

// A folder full of rubbish must not bury the alarms.
constexpr qsizetype shownFiles = 20;

} // namespace

ExchangeNoticesModel::ExchangeNoticesModel(const ProposalExchange &exchange, QObject *parent)
    : QAbstractListModel(parent)
    , m_exchange(exchange)
{
    connect(&m_exchange, &ProposalExchange::changed, this, &ExchangeNoticesModel::rebuild);
    connect(&m_exchange, &ProposalExchange::failed, this, &ExchangeNoticesModel::rebuild);
    connect(&m_exchange, &ProposalExchange::fileRejected, this, &ExchangeNoticesModel::rebuild);
    connect(&m_exchange, &ProposalExchange::alarmed, this, &ExchangeNoticesModel::rebuild);
    rebuild();
}

QString ExchangeNoticesModel::meaning(ExchangeAlarmKind kind)
{
    switch (kind) {
    case ExchangeAlarmKind::Rollback:
        return tr("Somebody removed what was there, or an old copy was put back. Ask the author what they published last.");
    case ExchangeAlarmKind::Gap:
        return tr("Entries were removed from the middle, or have not arrived. Copy them from another holder.");
    case ExchangeAlarmKind::Fork:
        return tr("The author used two consoles at once, or their key is in other hands. Ask them before you sign.");
    case ExchangeAlarmKind::Missing:
        return tr("A member has seen an entry that is not here: it is withheld, or still on its way.");
    case ExchangeAlarmKind::MemoryLost:
        break;
    }
    return tr("This console cannot compare with what it saw before. A rollback would not show until it has seen more.");
}

QString ExchangeNoticesModel::meaning(ExchangeConflictKind kind)
{
    switch (kind) {
    case ExchangeConflictKind::RivalNonce:
        return tr("Decide which, and reject the others.");
    case ExchangeConflictKind::CompetingEnvelopes:
        return tr("The transaction is the same, the words about it differ. Believe the decoded calls, not the words.");
    case ExchangeConflictKind::SignedOldEnvelope:
        return tr("The signature counts; its owner had other words before them. Tell them.");
    case ExchangeConflictKind::SignedReplaced:
        return tr("The signature still counts on the chain. Only using up the nonce takes it back.");
    case ExchangeConflictKind::SignedRivals:
        return tr("Whichever is executed first wins, and anybody with the signatures may execute.");
    case ExchangeConflictKind::SignedAndRejected:
        return tr("The signature still counts on the chain. Only using up the nonce takes it back.");
    case ExchangeConflictKind::WrongExchange:
        return tr("The entry is shown nowhere else and counts for nothing.");
    case ExchangeConflictKind::MissingAttachment:
        break;
    }
    return tr("Ask the proposer to publish it; until then what rests on it cannot be checked.");
}

bool ExchangeNoticesModel::isSame(const Row &row, const Row &other)
{
    if (row.alarm || other.alarm)
        return row.alarm && other.alarm && row.alarm->id() == other.alarm->id();
    return row.text == other.text && row.proposal == other.proposal;
}

void ExchangeNoticesModel::rebuild()
{
    const ExchangeSnapshot &snapshot = m_exchange.snapshot();
    const ExchangeStatus status = m_exchange.status();
    QList<Row> next;
    if (status.error)
        next.append(Row{Tone::Bad, tr("The exchange cannot be read: %1").arg(status.error->message), status.error->detail, {}, {}});
    for (const ExchangeAlarm &alarm : snapshot.alarms)
        next.append(Row{alarm.isAccepted ? Tone::Neutral : Tone::Bad, alarm.text, meaning(alarm.kind), {}, alarm});
    for (const ExchangeConflict &conflict : snapshot.conflicts)
        next.append(Row{Tone::Warn, conflict.text, meaning(conflict.kind), conflict.proposals.value(0), {}});
    for (const QString &warning : status.warnings)
        next.append(Row{Tone::Neutral, warning, {}, {}, {}});
    const qsizetype files = snapshot.rejected.size();
    for (qsizetype i = std::max<qsizetype>(0, files - shownFiles); i < files; ++i) {
        const RejectedFile &file = snapshot.rejected[i];
        next.append(Row{Tone::Warn, tr("The file %1 was not believed: %2").arg(file.name, file.reason),
            file.quarantined ? tr("It was moved into the folder quarantine, with its reason beside it.") : QString(), {}, {}});
    }
    if (files > shownFiles)
        next.append(Row{Tone::Neutral, tr("Further files that were not believed: %1").arg(files - shownFiles), {}, {}, {}});
    QList<Row> ordered;
    for (const Tone tone : {Tone::Bad, Tone::Warn, Tone::Neutral}) {
        for (const Row &row : std::as_const(next)) {
            if (row.tone == tone)
                ordered.append(row);
        }
    }
    if (ordered == m_rows)
        return;
    spliceRows(
        m_rows, ordered, &ExchangeNoticesModel::isSame,
        [this](int at, int count) {
            beginRemoveRows({}, at, at + count - 1);
            m_rows.remove(at, count);
            endRemoveRows();
        },
        [&](int at, int count) {
            beginInsertRows({}, at, at + count - 1);
            for (int i = at; i < at + count; ++i)
                m_rows.insert(i, ordered[i]);
            endInsertRows();
        });
    for (int i = 0; i < rowCount(); ++i) {
        if (m_rows[i] == ordered[i])
            continue;
        m_rows[i] = ordered[i];
        emit dataChanged(index(i), index(i));
    }
    emit countsChanged();
}

int ExchangeNoticesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ExchangeNoticesModel::alarmCount() const
{
    return static_cast<int>(std::ranges::count(m_rows, Tone::Bad, &Row::tone));
}

const ExchangeAlarm *ExchangeNoticesModel::alarm(int row) const
{
    const Row &found = m_rows.at(row);
    return found.alarm ? &*found.alarm : nullptr;
}

QVariant ExchangeNoticesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return row.text;
    case Qt::ToolTipRole:
    case DetailRole:
        return row.detail;
    case ToneRole:
        return QVariant::fromValue(row.tone);
    case ProposalRole:
        return QVariant::fromValue(row.proposal);
    case AlarmRole:
        return row.alarm.has_value() && !row.alarm->isAccepted;
    default:
        return {};
    }
}

} // namespace countersign
