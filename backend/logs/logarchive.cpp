#include "backend/logs/logarchive.h"

#include "backend/logs/log.h"
#include "backend/types/strings.h"

#include <QDir>
#include <QFileInfo>
#include <QPromise>

#include <algorithm>
#include <sys/stat.h>
#include <utility>

namespace countersign {

namespace {

constexpr std::chrono::seconds lookEvery{5};
constexpr qsizetype mostFiles = 200;

// "name" itself, "name.1", "name.2026-01-31", "name-20260131": what rotates logs makes of a name.
bool belongsTo(const QString &file, const QString &name)
{
    if (!file.startsWith(name))
        return false;
    const QStringView rest = QStringView(file).sliced(name.size());
    return rest.isEmpty()
        || ((rest.front() == u'.' || rest.front() == u'-') && rest.size() > 1 && rest[1].isDigit());
}

bool isCompressed(const QString &file)
{
    return file.endsWith(".gz"_L1) || file.endsWith(".zst"_L1) || file.endsWith(".xz"_L1) || file.endsWith(".bz2"_L1);
}

bool isSame(const LogFile &file, const QString &path)
{
    struct stat info{};
    return ::stat(QFile::encodeName(path).constData(), &info) == 0 && file.inode() == static_cast<quint64>(info.st_ino)
        && file.device() == static_cast<quint64>(info.st_dev);
}

std::optional<FoundLine> readAgain(const LogHit &hit)
{
    QByteArray raw(hit.size, Qt::Uninitialized);
    if (hit.file->read(hit.position, raw.data(), hit.size) != hit.size)
        return std::nullopt;
    Result<LogLine> line = parseLogLine(raw);
    if (!line || line->time != hit.time)
        return std::nullopt;
    FoundLine found;
    found.line = std::move(*line);
    found.line.raw = std::move(raw);
    found.line.relayer = hit.file->source();
    found.line.position = hit.position;
    found.file = hit.file->path();
    return found;
}

// Runs on the pool; the future always ends.
template <class T, class Work> QFuture<T> runOn(QThreadPool &pool, Work work)
{
    auto promise = std::make_shared<QPromise<T>>();
    promise->start();
    QFuture<T> future = promise->future();
    pool.start([promise = std::move(promise), work = std::move(work)] {
        promise->addResult(work());
        promise->finish();
    });
    return future;
}

} // namespace

LogArchive::LogArchive(QVector<LogSource> sources, QObject *parent)
    : QObject(parent)
    , m_sources(std::move(sources))
{
    m_pool.setMaxThreadCount(3); // the index, a search, and the lines of a page
    m_timer.setInterval(lookEvery);
    connect(&m_timer, &QTimer::timeout, this, &LogArchive::look);
}

LogArchive::~LogArchive()
{
    m_ending.request_stop();
    m_pool.waitForDone();
}

void LogArchive::start()
{
    m_timer.start();
    look();
}

void LogArchive::look()
{
    std::vector<std::shared_ptr<LogFile>> files;
    int compressed = 0;
    for (const LogSource &source : std::as_const(m_sources)) {
        const QFileInfo info(source.path);
        const QStringList names = info.absoluteDir().entryList(QDir::Files, QDir::Time);
        for (const QString &name : names) {
            if (!belongsTo(name, info.fileName()) || static_cast<qsizetype>(files.size()) >= mostFiles)
                continue;
            if (isCompressed(name)) {
                ++compressed;
                continue;
            }
            const QString path = info.absoluteDir().filePath(name);
            const auto known = std::ranges::find_if(m_files, [&](const std::shared_ptr<LogFile> &file) {
                return file->source() == source.id && isSame(*file, path);
            });
            if (known != m_files.end())
                files.push_back(*known);
            else if (auto opened = LogFile::open(path, source.id))
                files.push_back(std::move(opened));
        }
    }
    const bool isOther = files != m_files || compressed != m_compressed;
    m_files = std::move(files);
    m_compressed = compressed;
    indexInBackground();
    if (isOther)
        emit filesChanged();
}

void LogArchive::indexInBackground()
{
    if (m_indexing.isRunning())
        return;
    auto promise = std::make_shared<QPromise<void>>();
    promise->start();
    m_indexing = promise->future();
    m_pool.start([promise, files = m_files, stop = m_ending.get_token()] {
        for (const std::shared_ptr<LogFile> &file : files)
            file->index(stop);
        promise->finish();
    });
}

QFuture<LogScanResult> LogArchive::search(
    LogQuery query, LogScanLimits limits, std::stop_token stop, std::shared_ptr<LogScanProgress> progress)
{
    look(); // what was rotated since
    return runOn<LogScanResult>(m_pool,
        [files = m_files, query = std::move(query), limits, stop = std::move(stop), ending = m_ending.get_token(),
            progress = std::move(progress)] {
            std::stop_source either;
            const std::stop_callback byCaller(stop, [&either] { either.request_stop(); });
            const std::stop_callback byEnd(ending, [&either] { either.request_stop(); });
            return scanLogs(files, query, limits, either.get_token(), progress.get());
        });
}

QFuture<QVector<std::optional<FoundLine>>> LogArchive::read(QVector<LogHit> hits)
{
    return runOn<QVector<std::optional<FoundLine>>>(m_pool, [hits = std::move(hits)] {
        QVector<std::optional<FoundLine>> lines;
        lines.reserve(hits.size());
        for (const LogHit &hit : hits)
            lines.append(readAgain(hit));
        return lines;
    });
}

qint64 LogArchive::bytes() const
{
    qint64 sum = 0;
    for (const std::shared_ptr<LogFile> &file : m_files)
        sum += file->size();
    return sum;
}

} // namespace countersign
