#pragma once

#include "backend/relayer/logline.h"
#include "backend/types/clock.h"
#include "backend/types/sourcestatus.h"

#include <QFile>
#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>
#include <QVector>

#include <chrono>

namespace countersign {

struct RelayerLogSettings {
    QString id; ///< of the relayer in the environment
    QString path;
    qint64 history = 8 * 1024 * 1024; ///< bytes before the end that are read at the start; -1: everything
    std::chrono::milliseconds poll{2'000}; ///< for file systems that do not announce changes
};

/// Follows a log of JSON lines. A line is delivered once it is complete; a file that was rotated (another file under
/// the name) or truncated is read from its beginning; a line that cannot be read is counted and passed over. Large
/// backlogs are read in pieces, so that the event loop stays free.
class RelayerLog final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RelayerLog)

public:
    RelayerLog(RelayerLogSettings settings, const Clock &clock, QObject *parent = nullptr);

    void start();

    [[nodiscard]] const SourceStatus &status() const { return m_status; }
    [[nodiscard]] quint64 badLines() const { return m_badLines; }

signals:
    void linesArrived(const QVector<countersign::LogLine> &lines);
    /// The file was replaced or cut; positions count from its beginning again.
    void restarted();
    void statusChanged(const countersign::SourceStatus &status);

private:
    void look();
    bool reopen();
    [[nodiscard]] bool wasReplaced() const;
    void readPiece();
    void takeLines(QVector<LogLine> &lines);
    void setState(SourceState state, const QString &error = {});

    RelayerLogSettings m_settings;
    const Clock &m_clock;
    SourceStatus m_status;
    QFileSystemWatcher m_watcher;
    QTimer m_poll;
    QTimer m_more;
    QFile m_file;
    quint64 m_inode = 0;
    QByteArray m_partial;
    qint64 m_lineStart = 0; // of what m_partial begins with
    bool m_skipping = false; // inside a line that is too long, or one whose beginning was not read
    bool m_first = true;
    quint64 m_badLines = 0;
};

} // namespace countersign
