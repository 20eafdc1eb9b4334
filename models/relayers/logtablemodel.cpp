#include "models/relayers/logtablemodel.h"

#include "backend/types/strings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <utility>

namespace countersign {

namespace {

constexpr std::chrono::milliseconds frame{16};
constexpr qsizetype inboxLimit = LogTableModel::liveLines; // older ones would be pushed out at once

Tone toneOf(LogLevel level)
{
    switch (level) {
    case LogLevel::Warning:
        return Tone::Warn;
    case LogLevel::Error:
    case LogLevel::Fatal:
        return Tone::Bad;
    case LogLevel::Info:
        return Tone::Info;
    default:
        return Tone::Neutral;
    }
}

QString valueText(const QJsonValue &value)
{
    if (value.isString())
        return value.toString();
    if (value.isObject())
        return QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact));
    if (value.isArray())
        return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact));
    return value.toVariant().toString();
}

} // namespace

LogTableModel::LogTableModel(LogArchive *archive, QObject *parent)
    : QAbstractTableModel(parent)
    , m_archive(archive)
{
    m_frame.setSingleShot(true);
    connect(&m_frame, &QTimer::timeout, this, &LogTableModel::takeInbox);
}

LogTableModel::~LogTableModel()
{
    m_stop.request_stop();
}

int LogTableModel::rowCount(const QModelIndex &parent) const
{
    if (parent.isValid())
        return 0;
    return static_cast<int>(m_mode == Mode::Live ? static_cast<qsizetype>(m_shown.size()) : m_page.size());
}

int LogTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

const LogTableModel::Row &LogTableModel::rowAt(int row) const
{
    if (m_mode == Mode::History)
        return m_page.at(row);
    return m_live[m_shown[m_shown.size() - 1 - static_cast<size_t>(row)] - m_firstNumber];
}

QString LogTableModel::fieldsText(const LogLine &line)
{
    QStringList parts;
    for (auto field = line.fields.constBegin(); field != line.fields.constEnd(); ++field) {
        if (field.key() != "intentId"_L1)
            parts.append(u"%1=%2"_s.arg(field.key(), valueText(field.value())));
    }
    return parts.join(u"  "_s);
}

QVariant LogTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = rowAt(index.row());
    switch (role) {
    case ToneRole:
        return static_cast<int>(toneOf(row.level));
    case IntentRole:
        return row.line.text(u"intentId");
    case Qt::ToolTipRole:
        return index.column() == TimeColumn ? row.line.time.toIsoString() : QVariant();
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    switch (static_cast<Column>(index.column())) {
    case TimeColumn:
        return row.line.time.toDateTime().toString(m_mode == Mode::History ? u"MM-dd HH:mm:ss.zzz" : u"HH:mm:ss.zzz");
    case LevelColumn:
        return row.level == LogLevel::Unknown ? row.line.level : logLevelName(row.level);
    case RelayerColumn:
        return row.line.relayer;
    case MessageColumn:
        return row.isGone ? tr("This line is no longer in its file") : row.line.message;
    case IntentColumn:
        return row.line.text(u"intentId");
    case FieldsColumn:
        return fieldsText(row.line);
    case ColumnCount:
        break;
    }
    return {};
}

QVariant LogTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case TimeColumn:
        return tr("Time (UTC)");
    case LevelColumn:
        return tr("Level");
    case RelayerColumn:
        return tr("Relayer");
    case MessageColumn:
        return tr("Message");
    case IntentColumn:
        return tr("Intent");
    case FieldsColumn:
        return tr("Fields");
    case ColumnCount:
        break;
    }
    return {};
}

bool LogTableModel::matches(const LogLine &line) const
{
    return !m_matcher || m_matcher->holds(line, line.raw);
}

void LogTableModel::append(const QVector<LogLine> &lines)
{
    m_inbox += lines;
    if (m_inbox.size() > inboxLimit)
        m_inbox.remove(0, m_inbox.size() - inboxLimit);
    if (!m_frame.isActive())
        m_frame.start(frame);
}

// Several logs write at once: within a frame lines go by their times, over frames by their arrival.
void LogTableModel::takeInbox()
{
    if (m_isHeld || m_mode == Mode::History) {
        const qsizetype waiting = m_inbox.size();
        if (std::exchange(m_pending, waiting) != waiting)
            emit countsChanged();
        return;
    }
    QVector<LogLine> lines = std::exchange(m_inbox, {});
    m_pending = 0;
    std::ranges::sort(lines, {}, [](const LogLine &line) { return std::pair(line.time, line.position); });
    std::vector<quint64> shown;
    for (LogLine &line : lines) {
        const quint64 number = m_firstNumber + m_live.size();
        if (matches(line))
            shown.push_back(number);
        const LogLevel level = logLevelOf(line.level);
        m_live.push_back({std::move(line), level, false});
    }
    if (!shown.empty()) {
        beginInsertRows({}, 0, static_cast<int>(shown.size()) - 1);
        m_shown.insert(m_shown.end(), shown.cbegin(), shown.cend());
        endInsertRows();
    }
    const quint64 tooMany = m_live.size() > static_cast<size_t>(liveLines) ? m_live.size() - static_cast<size_t>(liveLines) : 0;
    const quint64 first = m_firstNumber + tooMany;
    const auto staying = std::lower_bound(m_shown.cbegin(), m_shown.cend(), first);
    if (const auto leaving = std::distance(m_shown.cbegin(), staying); leaving > 0) {
        const int rows = rowCount();
        beginRemoveRows({}, rows - static_cast<int>(leaving), rows - 1);
        m_shown.erase(m_shown.cbegin(), staying);
        endRemoveRows();
    }
    m_live.erase(m_live.cbegin(), m_live.cbegin() + static_cast<std::ptrdiff_t>(tooMany));
    m_firstNumber = first;
    emit countsChanged();
}

void LogTableModel::setQuery(const LogQuery &query)
{
    if (query == m_query)
        return;
    m_query = query;
    m_matcher = query.conditions.isEmpty() && !query.from && !query.until ? nullptr : std::make_unique<LogMatcher>(query);
    if (m_mode == Mode::History)
        searchHistory();
    else
        rebuild();
}

void LogTableModel::rebuild()
{
    beginResetModel(); // another question: other rows
    m_shown.clear();
    for (size_t i = 0; i < m_live.size(); ++i) {
        if (matches(m_live[i].line))
            m_shown.push_back(m_firstNumber + i);
    }
    endResetModel();
    emit countsChanged();
}

void LogTableModel::setHeld(bool held)
{
    if (m_isHeld == held)
        return;
    m_isHeld = held;
    takeInbox();
    emit countsChanged();
}

double LogTableModel::progress() const
{
    if (!m_progress || m_progress->blocks == 0)
        return 0;
    return static_cast<double>(m_progress->blocksDone) / static_cast<double>(m_progress->blocks);
}

void LogTableModel::endSearch()
{
    m_stop.request_stop();
    m_stop = {};
    ++m_generation;
    m_isSearching = false;
    m_isFetching = false;
}

void LogTableModel::searchHistory()
{
    if (!m_archive)
        return;
    endSearch();
    beginResetModel();
    m_mode = Mode::History;
    m_found = {};
    m_page.clear();
    endResetModel();
    m_isSearching = true;
    m_progress = std::make_shared<LogScanProgress>();
    m_archive->search(m_query, {}, m_stop.get_token(), m_progress)
        .then(this, [this, generation = m_generation](const LogScanResult &result) {
            if (generation == m_generation)
                takeFound(result);
        });
    emit modeChanged();
    emit countsChanged();
}

void LogTableModel::takeFound(const LogScanResult &result)
{
    m_isSearching = false;
    m_found = result;
    if (canFetchMore({}))
        fetchMore({});
    emit countsChanged();
}

void LogTableModel::showLive()
{
    if (m_mode == Mode::Live)
        return;
    endSearch();
    m_mode = Mode::Live;
    m_found = {};
    m_page.clear();
    rebuild();
    takeInbox();
    emit modeChanged();
}

bool LogTableModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && m_mode == Mode::History && !m_isFetching && m_page.size() < m_found.hits.size();
}

void LogTableModel::fetchMore(const QModelIndex &parent)
{
    if (!canFetchMore(parent))
        return;
    m_isFetching = true;
    const QVector<LogHit> hits = m_found.hits.mid(m_page.size(), pageSize);
    m_archive->read(hits).then(this, [this, hits, generation = m_generation](const QVector<std::optional<FoundLine>> &lines) {
        if (generation != m_generation)
            return;
        const int first = rowCount();
        beginInsertRows({}, first, first + static_cast<int>(lines.size()) - 1);
        for (qsizetype i = 0; i < lines.size(); ++i) {
            Row row;
            if (lines.at(i)) {
                row.line = lines.at(i)->line;
                row.level = logLevelOf(row.line.level);
            } else {
                row.isGone = true;
                row.line.time = hits.at(i).time;
                row.line.relayer = hits.at(i).file->source();
            }
            m_page.append(std::move(row));
        }
        endInsertRows();
        m_isFetching = false; // not before: whoever hears of the rows may ask for more
        emit countsChanged();
    });
}

const LogLine *LogTableModel::line(int row) const
{
    if (row < 0 || row >= rowCount() || rowAt(row).isGone)
        return nullptr;
    return &rowAt(row).line;
}

QString LogTableModel::json(int row) const
{
    const LogLine *const found = line(row);
    return found ? QString::fromUtf8(found->raw) : QString();
}

QString LogTableModel::lineJsonIndented(int row) const
{
    const LogLine *const found = line(row);
    if (!found)
        return {};
    const QJsonDocument document = QJsonDocument::fromJson(found->raw);
    return QString::fromUtf8(document.isNull() ? found->raw : document.toJson(QJsonDocument::Indented)).trimmed();
}

} // namespace countersign
