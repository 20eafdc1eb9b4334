#include "models/journal/journalmodel.h"

#include "backend/types/strings.h"

#include <QFutureWatcher>
#include <QLocale>

#include <algorithm>
#include <limits>
#include <utility>

namespace countersign {

namespace {

constexpr qint64 pageRows = 20'000;

} // namespace

JournalModel::JournalModel(Journal &journal, QObject *parent)
    : QAbstractTableModel(parent)
    , m_journal(journal)
{
    connect(&m_journal, &Journal::rowsAppended, this, &JournalModel::append);
    connect(&m_journal, &Journal::statusChanged, this, [this](const JournalStatus &status) {
        const bool isReadable
            = status.state == JournalStatus::State::Ready || status.state == JournalStatus::State::Broken;
        const bool isOther = status.verification.predecessorHash != m_predecessorHash;
        m_predecessorHash = status.verification.predecessorHash;
        if (isReadable && (isOther || !m_loaded))
            reload();
        emit statusChanged();
    });
    const auto state = m_journal.status().state;
    if (state == JournalStatus::State::Ready || state == JournalStatus::State::Broken)
        reload();
}

void JournalModel::reload()
{
    m_loaded = true;
    ++m_generation;
    beginResetModel();
    m_rows.clear();
    m_shown.clear();
    endResetModel();
    // A broken journal may hold rows beyond the last good one; they are shown too, and the status says from where on
    // they prove nothing.
    const bool broken = m_journal.status().state == JournalStatus::State::Broken;
    m_firstId = broken ? std::numeric_limits<qint64>::max() : m_journal.status().head.count + 1;
    m_loading = true;
    loadOlder();
}

void JournalModel::loadOlder()
{
    if (m_firstId <= 1) {
        m_loading = false;
        emit statusChanged();
        return;
    }
    const qint64 last = m_firstId - 1;
    const qint64 first = last > std::numeric_limits<qint64>::max() - 2 ? 1 : std::max<qint64>(1, last - pageRows + 1);
    auto *watcher = new QFutureWatcher<Result<QList<JournalRow>>>(this);
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, first, generation = m_generation] {
        watcher->deleteLater();
        if (generation != m_generation)
            return;
        const auto rows = watcher->result();
        if (!rows) {
            m_loading = false;
            emit statusChanged();
            return;
        }
        prepend(*rows);
        m_firstId = first;
        loadOlder();
    });
    watcher->setFuture(m_journal.load(first, last));
}

void JournalModel::prepend(const QList<JournalRow> &rows)
{
    QList<qsizetype> shown;
    for (qsizetype i = 0; i < rows.size(); ++i) {
        if (matches(rows[i]))
            shown.append(i);
    }
    const int at = static_cast<int>(m_shown.size());
    if (!shown.isEmpty())
        beginInsertRows({}, at, at + static_cast<int>(shown.size()) - 1);
    for (qsizetype &position : m_shown)
        position += rows.size();
    m_rows = rows + m_rows;
    m_shown = shown + m_shown;
    if (!shown.isEmpty())
        endInsertRows();
    emit statusChanged();
}

void JournalModel::append(const QList<JournalRow> &rows)
{
    // Rows that a page brings as well come once: a page ends before the first row that was appended since.
    QList<JournalRow> news;
    for (const JournalRow &row : rows) {
        if (m_rows.isEmpty() ? row.id >= m_firstId : row.id > m_rows.last().id)
            news.append(row);
    }
    const auto shown = std::ranges::count_if(news, [this](const JournalRow &row) { return matches(row); });
    if (shown > 0)
        beginInsertRows({}, 0, static_cast<int>(shown) - 1);
    for (const JournalRow &row : std::as_const(news)) {
        m_rows.append(row);
        if (matches(row))
            m_shown.append(m_rows.size() - 1);
    }
    if (shown > 0)
        endInsertRows();
    emit statusChanged();
}

bool JournalModel::matches(const JournalRow &row) const
{
    if (!m_filter.kinds.isEmpty() && !m_filter.kinds.contains(row.kind))
        return false;
    return std::ranges::all_of(m_words, [&row](const QString &word) {
        return row.text.contains(word, Qt::CaseInsensitive) || row.actor.contains(word, Qt::CaseInsensitive)
            || row.subject.contains(word, Qt::CaseInsensitive)
            || journalKindName(row.kind).contains(word, Qt::CaseInsensitive);
    });
}

void JournalModel::setFilter(const JournalFilter &filter)
{
    if (filter == m_filter)
        return;
    beginResetModel();
    m_filter = filter;
    m_words = filter.text.split(u' ', Qt::SkipEmptyParts);
    m_shown.clear();
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        if (matches(m_rows[i]))
            m_shown.append(i);
    }
    endResetModel();
    emit statusChanged();
}

const JournalRow &JournalModel::row(int row) const
{
    return m_rows.at(m_shown.at(m_shown.size() - 1 - row));
}

int JournalModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int JournalModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant JournalModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const JournalRow &entry = row(index.row());
    switch (role) {
    case IdRole:
        return entry.id;
    case TimeRole:
        return QVariant::fromValue(entry.at);
    case KindRole:
        return static_cast<int>(entry.kind);
    case HashRole:
        return entry.hash.toString();
    case EvidenceRole:
        return entry.evidence;
    case IsIncidentRole:
        return entry.kind == JournalKind::Incident;
    case Qt::ToolTipRole:
        return index.column() == SubjectColumn ? entry.subject : entry.text;
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    switch (index.column()) {
    case TimeColumn:
        return entry.at.toIsoString();
    case KindColumn:
        return journalKindName(entry.kind);
    case ActorColumn:
        return entry.actor;
    case SubjectColumn:
        return entry.subject;
    case TextColumn:
        return entry.text;
    default:
        return {};
    }
}

QVariant JournalModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (section) {
    case TimeColumn:
        return tr("Time (UTC)");
    case KindColumn:
        return tr("Kind");
    case ActorColumn:
        return tr("Who");
    case SubjectColumn:
        return tr("About");
    case TextColumn:
        return tr("What");
    default:
        return {};
    }
}

QString JournalModel::statusText() const
{
    const JournalStatus &status = m_journal.status();
    switch (status.state) {
    case JournalStatus::State::Opening:
        return tr("The journal is being opened and verified");
    case JournalStatus::State::Blocked:
    case JournalStatus::State::Broken:
    case JournalStatus::State::Unavailable:
        return status.error.message;
    case JournalStatus::State::Ready:
        break;
    }
    const QString rows = tr("%1 rows").arg(QLocale().toString(status.head.count));
    return m_verifying ? tr("%1, being verified").arg(rows) : tr("%1, chain whole").arg(rows);
}

void JournalModel::verify()
{
    if (m_verifying)
        return;
    m_verifying = true;
    auto *watcher = new QFutureWatcher<JournalVerification>(this);
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher] {
        watcher->deleteLater();
        m_verifying = false;
        emit statusChanged();
    });
    watcher->setFuture(m_journal.verify());
    emit statusChanged();
}

} // namespace countersign
