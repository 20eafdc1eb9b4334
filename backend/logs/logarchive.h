#pragma once

#include "backend/logs/logscan.h"
#include "backend/relayer/logline.h"

#include <QFuture>
#include <QObject>
#include <QString>
#include <QThreadPool>
#include <QTimer>
#include <QVector>

#include <memory>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace countersign {

/// A log that may be looked through: the file that grows, and its older ones beside it ("name.1", "name-20260131").
struct LogSource {
    QString id; ///< the relayer's
    QString path;
};

/// A line that was found, read again.
struct FoundLine {
    LogLine line; ///< with its bytes
    QString file; ///< path when the file was opened
};

/// The history of several logs. Its files are indexed on a thread of their own, in the background; a search uses what
/// is indexed by then and reads the rest.
class LogArchive final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LogArchive)

public:
    explicit LogArchive(QVector<LogSource> sources, QObject *parent = nullptr);
    ~LogArchive() override;

    /// Looks for files, now and from then on every few seconds.
    void start();

    /// Never fails; a stopped one says so in its result.
    [[nodiscard]] QFuture<LogScanResult> search(LogQuery query, LogScanLimits limits, std::stop_token stop,
        std::shared_ptr<LogScanProgress> progress = {});
    /// In the same order; nothing for a line that is no longer there.
    [[nodiscard]] QFuture<QVector<std::optional<FoundLine>>> read(QVector<LogHit> hits);

    [[nodiscard]] qint64 bytes() const; ///< of all files
    [[nodiscard]] int compressedFiles() const { return m_compressed; } ///< that are not looked through
    [[nodiscard]] const std::vector<std::shared_ptr<LogFile>> &files() const { return m_files; }

signals:
    void filesChanged();

private:
    void look();
    void indexInBackground();

    QVector<LogSource> m_sources;
    std::vector<std::shared_ptr<LogFile>> m_files;
    int m_compressed = 0;
    QTimer m_timer;
    QThreadPool m_pool;
    std::stop_source m_ending;
    QFuture<void> m_indexing;
};

} // namespace countersign
