#include "backend/logs/logfile.h"

#include "backend/relayer/logline.h"

#include <QFile>

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace countersign {

std::shared_ptr<LogFile> LogFile::open(const QString &path, const QString &source)
{
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return {};
    struct stat info{};
    if (::fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode)) {
        ::close(descriptor);
        return {};
    }
    std::shared_ptr<LogFile> file(new LogFile(descriptor, path, source));
    file->m_inode = static_cast<quint64>(info.st_ino);
    file->m_device = static_cast<quint64>(info.st_dev);
    return file;
}

LogFile::LogFile(int descriptor, QString path, QString source)
    : m_descriptor(descriptor)
    , m_path(std::move(path))
    , m_source(std::move(source))
{
}

LogFile::~LogFile()
{
    ::close(m_descriptor);
}

qint64 LogFile::size() const
{
    struct stat info{};
    return ::fstat(m_descriptor, &info) == 0 ? static_cast<qint64>(info.st_size) : 0;
}

qint64 LogFile::read(qint64 offset, char *into, qint64 size) const
{
    qint64 done = 0;
    while (done < size) {
        const ssize_t got = ::pread(m_descriptor, into + done, static_cast<size_t>(size - done), offset + done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        done += got;
    }
    return done;
}

LogFile::Lines LogFile::readBlock(qint64 begin, QByteArray &buffer) const
{
    const qint64 before = begin > 0 ? 1 : 0; // whether a line begins at the block
    const qint64 wanted = before + LogBlock::size + longestLogLine;
    buffer.resize(wanted);
    const qint64 got = read(begin - before, buffer.data(), wanted);
    const QByteArrayView all(buffer.constData(), got);
    const qint64 end = std::min<qint64>(before + LogBlock::size, got);
    qsizetype first = 0;
    if (before > 0) {
        first = all.indexOf('\n') + 1;
        if (first == 0)
            return {};
    }
    // The last line is the one in which the last byte of the block lies, if it ends.
    qsizetype last = end <= 0 ? -1 : all.indexOf('\n', end - 1);
    if (last < 0 && end > 0)
        last = all.first(end).lastIndexOf('\n');
    if (last < first)
        return {};
    return {all.sliced(first, last + 1 - first), begin - before + first};
}

void LogFile::index(const std::stop_token &stop)
{
    QByteArray buffer;
    while (!stop.stop_requested()) {
        qint64 next = 0;
        {
            const std::scoped_lock lock(m_mutex);
            next = static_cast<qint64>(m_blocks.size()) * LogBlock::size;
        }
        const qint64 now = size();
        if (now < next) { // cut: what was known is of bytes that are gone
            const std::scoped_lock lock(m_mutex);
            m_blocks.clear();
            continue;
        }
        if (now < next + LogBlock::size + longestLogLine)
            return;
        auto block = std::make_shared<const LogBlock>(readBlock(next, buffer).text);
        const std::scoped_lock lock(m_mutex);
        m_blocks.push_back(std::move(block));
    }
}

std::vector<std::shared_ptr<const LogBlock>> LogFile::blocks() const
{
    const std::scoped_lock lock(m_mutex);
    return m_blocks;
}

} // namespace countersign
