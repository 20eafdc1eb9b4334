#include "models/journal/journalmodel.h"

#include "backend/types/strings.h"

#include <QFutureWatcher>
#include <QLocale>

#include <algorithm>
#include <limits>
#include <span>
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
    m_pages.clear();
    m_appended = {};
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
    auto *watcher = new QFutureWatcher<Result<JournalLines>>(this);
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, first, generation = m_generation] {
        watcher->deleteLater();
        if (generation != m_generation)
            return;
        const auto page = watcher->result();
        if (!page) {
            m_loading = false;
            emit statusChanged();
            return;
        }
        prepend(*page);
        m_firstId = first;
        loadOlder();
    });
    watcher->setFuture(m_journal.loadLines(first, last));
}

void JournalModel::prepend(const JournalLines &page)
{
    QList<qsizetype> shown;
    for (qsizetype i = 0; i < page.size(); ++i) {
        if (matches(page[i]))
            shown.append(i);
    }
    const int at = static_cast<int>(m_shown.size());
    if (!shown.isEmpty())
        beginInsertRows({}, at, at + static_cast<int>(shown.size()) - 1);
    for (qsizetype &position : m_shown)
        position += page.size();
    m_pages.append(page);
    m_rows = QList<JournalLine>(page.begin(), page.end()) + m_rows;
    m_shown = shown + m_shown;
    if (!shown.isEmpty())
        endInsertRows();
    emit statusChanged();
}

void JournalModel::append(const QList<JournalRow> &rows)
{
    // Rows that a page brings as well come once: a page ends before the first row that was appended since.
    const qsizetype before = m_appended.size();
    for (const JournalRow &row : rows) {
        if (m_rows.isEmpty() ? row.id >= m_firstId : row.id > m_rows.last().id)
            m_appended.append(row);
    }
    const std::span news(m_appended.begin() + before, m_appended.end());
    const auto shown = std::ranges::count_if(news, [this](const JournalLine &line) { return matches(line); });
    if (shown > 0)
        beginInsertRows({}, 0, static_cast<int>(shown) - 1);
    for (const JournalLine &line : news) {
        m_rows.append(line);
        if (matches(line))
            m_shown.append(m_rows.size() - 1);
    }
    if (shown > 0)
        endInsertRows();
    emit statusChanged();
}

bool JournalModel::matches(const JournalLine &line) const
{
    if (!m_filter.kinds.isEmpty() && !m_filter.kinds.contains(line.kind))
        return false;
    if (m_words.isEmpty())
        return true;
    const QString texts = line.text.toString() + u'\n' + line.actor.toString() + u'\n' + line.subject.toString() + u'\n'
        + journalKindName(line.kind);
    return std::ranges::all_of(
        m_words, [&texts](const QString &word) { return texts.contains(word, Qt::CaseInsensitive); });
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

const JournalLine &JournalModel::line(int row) const
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
    const JournalLine &entry = line(index.row());
    switch (role) {
    case IdRole:
        return entry.id;
    case TimeRole:
        return QVariant::fromValue(entry.at);
    case KindRole:
        return static_cast<int>(entry.kind);
    case IsIncidentRole:
        return entry.kind == JournalKind::Incident;
    case Qt::ToolTipRole:
        return (index.column() == SubjectColumn ? entry.subject : entry.text).toString();
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
        return entry.actor.toString();
    case SubjectColumn:
        return entry.subject.toString();
    case TextColumn:
        return entry.text.toString();
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
