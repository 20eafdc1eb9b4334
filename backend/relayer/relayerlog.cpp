#include "backend/relayer/relayerlog.h"

#include "backend/relayer/log.h"
#include "backend/types/strings.h"

#include <QFileInfo>
#include <QPointer>

#include <sys/stat.h>

#include <optional>
#include <utility>

namespace countersign {

namespace {

constexpr qint64 pieceSize = 256 * 1024; // read in one turn of the event loop

// Which file stands under a name now; nothing when there is none.
std::optional<struct stat> statOf(const QString &path)
{
    struct stat info{};
    if (::stat(QFile::encodeName(path).constData(), &info) != 0)
        return std::nullopt;
    return info;
}

} // namespace

RelayerLog::RelayerLog(RelayerLogSettings settings, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_settings(std::move(settings))
    , m_clock(clock)
{
    m_status.id = m_settings.id;
    m_status.kind = SourceKind::Relayer;
    m_status.since = m_clock.now();
    m_poll.setInterval(m_settings.poll);
    connect(&m_poll, &QTimer::timeout, this, &RelayerLog::look);
    m_more.setSingleShot(true);
    connect(&m_more, &QTimer::timeout, this, &RelayerLog::readPiece);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, &RelayerLog::look);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &RelayerLog::look);
}

void RelayerLog::start()
{
    m_watcher.addPath(QFileInfo(m_settings.path).absolutePath());
    m_poll.start();
    look();
}

void RelayerLog::look()
{
    if (m_more.isActive())
        return; // a backlog is being read
    if (!m_file.isOpen() || wasReplaced()) {
        if (m_file.isOpen()) {
            readPiece(); // what was written to the old file before it was moved away
            if (m_more.isActive())
                return; // and there is more of it: the new file waits
        }
        if (!reopen())
            return;
    }
    readPiece();
}

bool RelayerLog::wasReplaced() const
{
    const auto now = statOf(m_settings.path);
    return !now || static_cast<quint64>(now->st_ino) != m_inode;
}

bool RelayerLog::reopen()
{
    m_file.close();
    m_file.setFileName(m_settings.path);
    const bool had = m_inode != 0;
    const QPointer<RelayerLog> alive(this);
    if (!m_file.open(QIODevice::ReadOnly | QIODevice::Unbuffered)) {
        setState(SourceState::Down, u"The log %1 cannot be read: %2"_s.arg(m_settings.path, m_file.errorString()));
        return false;
    }
    struct stat info{};
    ::fstat(m_file.handle(), &info);
    m_inode = static_cast<quint64>(info.st_ino);
    m_watcher.addPath(m_settings.path);
    m_partial.clear();
    m_skipping = false;
    m_lineStart = 0;
    if (std::exchange(m_first, false) && m_settings.history >= 0 && m_file.size() > m_settings.history) {
        m_lineStart = m_file.size() - m_settings.history;
        m_skipping = true; // the line in whose middle this is
    }
    m_file.seek(m_lineStart);
    if (had)
        emit restarted();
    return alive && m_file.isOpen();
}

void RelayerLog::readPiece()
{
    const QPointer<RelayerLog> alive(this);
    if (m_file.size() < m_file.pos()) { // cut
        m_partial.clear();
        m_skipping = false;
        m_lineStart = 0;
        m_file.seek(0);
        emit restarted();
        if (!alive)
            return;
    }
    const QByteArray piece = m_file.read(pieceSize);
    setState(SourceState::Live);
    if (!alive || piece.isEmpty())
        return;
    m_partial += piece;
    if (piece.size() == pieceSize)
        m_more.start(0);
    QVector<LogLine> lines;
    takeLines(lines);
    const Timestamp now = m_clock.now();
    const bool tell = !m_status.lastData || now - *m_status.lastData > std::chrono::milliseconds(500);
    m_status.lastData = now;
    if (tell)
        emit statusChanged(m_status);
    if (alive && !lines.isEmpty())
        emit linesArrived(lines);
}

void RelayerLog::takeLines(QVector<LogLine> &lines)
{
    qsizetype from = 0;
    for (qsizetype end = m_partial.indexOf('\n'); end >= 0; end = m_partial.indexOf('\n', from)) {
        const QByteArrayView text = QByteArrayView(m_partial).sliced(from, end - from).trimmed();
        const qint64 position = m_lineStart + from;
        from = end + 1;
        if (std::exchange(m_skipping, false) || text.isEmpty())
            continue;
        Result<LogLine> line = parseLogLine(text);
        if (!line) {
            ++m_badLines;
            qCDebug(lcRelayer).noquote()
                << u"relayer=%1 position=%2 %3"_s.arg(m_settings.id).arg(position).arg(line.error().message);
            continue;
        }
        line->relayer = m_settings.id;
        line->position = position;
        line->raw = text.toByteArray();
        lines.append(std::move(*line));
    }
    m_partial.remove(0, from);
    m_lineStart += from;
    if (m_partial.size() > longestLogLine) { // no end in sight: pass over it, but keep counting
        if (!std::exchange(m_skipping, true))
            ++m_badLines;
        m_lineStart += m_partial.size();
        m_partial.clear();
    }
}

void RelayerLog::setState(SourceState state, const QString &error)
{
    if (m_status.state == state && (error.isEmpty() || error == m_status.lastError))
        return;
    if (m_status.state != state)
        m_status.since = m_clock.now();
    m_status.state = state;
    if (!error.isEmpty())
        m_status.lastError = error;
    emit statusChanged(m_status);
}

} // namespace countersign
