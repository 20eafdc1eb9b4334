#include "backend/logs/logscan.h"

#include "backend/logs/logmatcher.h"

#include <QElapsedTimer>

#include <algorithm>
#include <mutex>
#include <thread>
#include <tuple>

namespace countersign {

namespace {

constexpr int mostThreads = 8;
constexpr qsizetype mostHitsOfBlock = 5000;

struct Task {
    std::shared_ptr<LogFile> file;
    qint64 begin = 0;
    Timestamp newest; // of its lines, about
};

// Of the first whole line from here on; nothing when there is none near.
std::optional<Timestamp> timeNear(const LogFile &file, qint64 begin)
{
    QByteArray piece(4096, Qt::Uninitialized);
    piece.resize(file.read(begin, piece.data(), piece.size()));
    const QByteArrayView all(piece);
    const qsizetype line = begin == 0 ? 0 : all.indexOf('\n') + 1;
    if (begin > 0 && line == 0)
        return std::nullopt;
    return timeOfLogLine(all.sliced(line));
}

class Scan final {
public:
    Scan(const LogQuery &query, const LogScanLimits &limits, const std::stop_token &stop, LogScanProgress *progress)
        : m_matcher(query)
        , m_limits(limits)
        , m_stop(stop)
        , m_progress(progress)
    {
    }

    LogScanResult run(const std::vector<std::shared_ptr<LogFile>> &files)
    {
        QElapsedTimer timer;
        timer.start();
        for (const std::shared_ptr<LogFile> &file : files) {
            if (m_matcher.mayBeOf(file->source()))
                plan(file);
        }
        std::ranges::sort(m_tasks, [](const Task &a, const Task &b) {
            return std::tuple(b.newest, b.begin) < std::tuple(a.newest, a.begin);
        });
        if (m_progress)
            m_progress->blocks = static_cast<qint64>(m_tasks.size());
        work();
        std::sort(m_result.hits.begin(), m_result.hits.end(), [](const LogHit &a, const LogHit &b) {
            return std::tuple(b.time, b.position) < std::tuple(a.time, a.position);
        });
        if (m_result.hits.size() > m_limits.hits) {
            m_result.hits.resize(m_limits.hits);
            m_result.isCut = true;
        }
        m_result.isCancelled = m_stop.stop_requested();
        m_result.took = std::chrono::microseconds(timer.nsecsElapsed() / 1000);
        return std::move(m_result);
    }

private:
    void plan(const std::shared_ptr<LogFile> &file)
    {
        const auto blocks = file->blocks();
        const qint64 size = file->size();
        Timestamp before;
        for (qint64 begin = 0; begin < size; begin += LogBlock::size) {
            const auto number = static_cast<size_t>(begin / LogBlock::size);
            const LogBlock *block = number < blocks.size() ? blocks[number].get() : nullptr;
            if (block && !m_matcher.mayBeIn(*block)) {
                m_result.bytesSkipped += LogBlock::size;
                continue;
            }
            const auto time = block && block->last() ? block->last() : timeNear(*file, begin);
            before = std::max(before, time.value_or(before));
            m_tasks.push_back({file, begin, before});
        }
    }

    void work()
    {
        const int available = static_cast<int>(std::thread::hardware_concurrency());
        int threads = std::clamp(m_limits.threads > 0 ? m_limits.threads : available, 1, mostThreads);
        threads = std::min(threads, static_cast<int>(std::max<size_t>(m_tasks.size(), 1)));
        std::vector<std::jthread> others;
        for (int i = 1; i < threads; ++i)
            others.emplace_back([this] { lookThrough(); });
        lookThrough();
    }

    void lookThrough()
    {
        QByteArray buffer;
        while (!m_stop.stop_requested() && !m_isFull) {
            const size_t number = m_next.fetch_add(1);
            if (number >= m_tasks.size())
                return;
            take(m_tasks[number], buffer);
            if (m_progress)
                ++m_progress->blocksDone;
        }
    }

    void take(const Task &task, QByteArray &buffer)
    {
        const LogFile::Lines lines = task.file->readBlock(task.begin, buffer);
        QVector<LogHit> hits;
        bool isCut = false;
        m_matcher.scan(lines.text, [&](qsizetype from, qsizetype size, Timestamp time) {
            hits.append({task.file, lines.position + from, static_cast<qint32>(size), time});
            isCut = hits.size() > mostHitsOfBlock + m_limits.hits;
            return !isCut;
        });
        const std::scoped_lock lock(m_mutex);
        m_result.bytesRead += lines.text.size();
        m_result.hits += hits;
        m_result.isCut = m_result.isCut || isCut;
        if (m_result.hits.size() >= m_limits.hits) {
            m_isFull = true;
            m_result.isCut = m_result.isCut || m_next < m_tasks.size();
        }
    }

    const LogMatcher m_matcher;
    const LogScanLimits m_limits;
    const std::stop_token m_stop;
    LogScanProgress *const m_progress;
    std::vector<Task> m_tasks;
    std::atomic<size_t> m_next{0};
    std::atomic<bool> m_isFull{false};
    std::mutex m_mutex;
    LogScanResult m_result; // guarded while threads run
};

} // namespace

LogScanResult scanLogs(const std::vector<std::shared_ptr<LogFile>> &files, const LogQuery &query,
    const LogScanLimits &limits, const std::stop_token &stop, LogScanProgress *progress)
{
    return Scan(query, limits, stop, progress).run(files);
}

} // namespace countersign
