#pragma once

#include "backend/logs/logblock.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

namespace countersign {

/// One file of a log, held open: it can be renamed, deleted or cut while it is read, and what is gone is read as nothing
/// (no mapping, which would end the program there). Usable from any thread.
class LogFile final {
    Q_DISABLE_COPY_MOVE(LogFile)

public:
    /// Null when it cannot be opened.
    [[nodiscard]] static std::shared_ptr<LogFile> open(const QString &path, const QString &source);
    ~LogFile();

    [[nodiscard]] const QString &source() const { return m_source; } ///< whose log it is
    [[nodiscard]] const QString &path() const { return m_path; } ///< when it was opened
    [[nodiscard]] quint64 inode() const { return m_inode; }
    [[nodiscard]] quint64 device() const { return m_device; }
    [[nodiscard]] qint64 size() const;

    /// As many bytes as are there, at most \a size.
    [[nodiscard]] qint64 read(qint64 offset, char *into, qint64 size) const;

    /// The whole lines that begin in [\a begin, \a begin + LogBlock::size), and where in the file the first one begins.
    /// A line that is longer than the longest that is read, or not ended yet, is left out.
    struct Lines {
        QByteArrayView text;
        qint64 position = 0;
    };
    [[nodiscard]] Lines readBlock(qint64 begin, QByteArray &buffer) const;

    /// Takes in the blocks that are whole by now.
    void index(const std::stop_token &stop);
    [[nodiscard]] std::vector<std::shared_ptr<const LogBlock>> blocks() const;

private:
    LogFile(int descriptor, QString path, QString source);

    int m_descriptor;
    QString m_path;
    QString m_source;
    quint64 m_inode = 0;
    quint64 m_device = 0;
    mutable std::mutex m_mutex;
    std::vector<std::shared_ptr<const LogBlock>> m_blocks; // guarded
};

} // namespace countersign
