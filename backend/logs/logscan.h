#pragma once

#include "backend/logs/logfile.h"
#include "backend/logs/logquery.h"
#include "backend/types/timestamp.h"

#include <QVector>

#include <atomic>
#include <chrono>
#include <memory>
#include <stop_token>
#include <vector>

namespace countersign {

/// Where a line was found.
struct LogHit {
    std::shared_ptr<const LogFile> file;
    qint64 position = 0;
    qint32 size = 0; ///< bytes, without the end of line
    Timestamp time;
};

struct LogScanResult {
    QVector<LogHit> hits; ///< the newest first
    bool isCut = false; ///< there are more, older ones
    bool isCancelled = false;
    qint64 bytesRead = 0;
    qint64 bytesSkipped = 0; ///< that the index ruled out
    std::chrono::microseconds took{0};
};

struct LogScanLimits {
    qsizetype hits = 20'000;
    int threads = 0; ///< 0: as many as there are processors, at most 8
};

/// How far a scan is; written by its threads.
struct LogScanProgress {
    std::atomic<qint64> blocksDone{0};
    std::atomic<qint64> blocks{0};
};

/// Looks through the files, the newest blocks first, on several threads; returns when that is done or stopped. Memory:
/// one block a thread, and the hits.
[[nodiscard]] LogScanResult scanLogs(const std::vector<std::shared_ptr<LogFile>> &files, const LogQuery &query,
    const LogScanLimits &limits, const std::stop_token &stop, LogScanProgress *progress = nullptr);

} // namespace countersign
