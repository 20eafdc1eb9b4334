#include "backend/proposals/exchangedirectory.h"

#include "backend/types/strings.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QFile>
#include <QRandomGenerator>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

namespace countersign {

namespace {

constexpr auto quarantineName = "quarantine";
constexpr auto temporaryPrefix = ".tmp-";

class Descriptor final {
public:
    explicit Descriptor(int value)
        : m_value(value)
    {
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    ~Descriptor()
    {
        if (m_value >= 0)
            ::close(m_value);
    }
    int value() const { return m_value; }

private:
    int m_value;
};

std::unexpected<Error> failErrno(const QString &what)
{
    const int code = errno;
    const QString reason = QString::fromLocal8Bit(std::strerror(code));
    switch (code) {
    case ENOENT:
    case ENOTDIR:
        return fail(ErrorKind::NotFound, u"%1: %2"_s.arg(what, reason));
    case EACCES:
    case EPERM:
    case EROFS:
        return fail(ErrorKind::Denied, u"%1: %2"_s.arg(what, reason));
    case ENOSPC:
    case EDQUOT:
        return fail(ErrorKind::Exhausted, u"%1: %2"_s.arg(what, reason));
    case EEXIST:
        return fail(ErrorKind::Conflict, u"%1: %2"_s.arg(what, reason));
    case ELOOP:
        return fail(ErrorKind::Rejected, u"%1 is a link; links are not followed"_s.arg(what));
    default:
        return fail(ErrorKind::Unavailable, u"%1: %2"_s.arg(what, reason));
    }
}

qint64 nanoseconds(const timespec &time)
{
    return static_cast<qint64>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

Result<void> writeAll(int descriptor, QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), static_cast<size_t>(bytes.size()));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return failErrno(u"writing"_s);
        bytes = bytes.sliced(written);
    }
    if (::fsync(descriptor) != 0)
        return failErrno(u"writing"_s);
    return {};
}

// Gives a file its name unless the name is taken. Not every file system knows NOREPLACE; those that do not have links,
// which refuse as well.
bool moveNew(int folder, const char *from, const char *to)
{
    if (::renameat2(folder, from, folder, to, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (::linkat(folder, from, folder, to, 0) != 0)
        return false;
    ::unlinkat(folder, from, 0);
    return true;
}

} // namespace

bool isPlainFileName(const QString &name)
{
    if (name.isEmpty() || name.size() > 200 || name.startsWith(u'.'))
        return false;
    return std::all_of(name.begin(), name.end(), [](QChar c) {
        const char16_t u = c.unicode();
        return (u >= u'a' && u <= u'z') || (u >= u'A' && u <= u'Z') || (u >= u'0' && u <= u'9') || u == u'.'
            || u == u'_' || u == u'-';
    });
}

Result<ExchangeDirectory> ExchangeDirectory::open(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    if (::mkdir(name.constData(), 0700) != 0 && errno != EEXIST)
        return failErrno(u"The folder of proposals %1 cannot be made"_s.arg(path));
    const int descriptor = ::open(name.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return failErrno(u"The folder of proposals %1 cannot be read"_s.arg(path));
    return ExchangeDirectory(descriptor);
}

ExchangeDirectory::ExchangeDirectory(ExchangeDirectory &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

ExchangeDirectory::~ExchangeDirectory()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<QStringList> ExchangeDirectory::names(qsizetype limit) const
{
    // A descriptor of its own: closedir() closes what it was given.
    const int copy = ::openat(m_descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, int (*)(DIR *)> folder(copy >= 0 ? ::fdopendir(copy) : nullptr, &::closedir);
    if (!folder) {
        const auto error = failErrno(u"The folder of proposals cannot be read"_s);
        if (copy >= 0)
            ::close(copy);
        return error;
    }
    QStringList names;
    for (;;) {
        errno = 0;
        const dirent *entry = ::readdir(folder.get());
        if (!entry) {
            if (errno != 0)
                return failErrno(u"The folder of proposals cannot be read"_s);
            break;
        }
        if (entry->d_name[0] == '.')
            continue;
        struct stat info = {};
        if (::fstatat(m_descriptor, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(info.st_mode))
            continue;
        names.append(QFile::decodeName(entry->d_name));
        if (names.size() > limit)
            return fail(ErrorKind::Exhausted,
                u"The folder of proposals holds more than %1 files: move old ones away"_s.arg(limit));
    }
    names.sort();
    return names;
}

Result<ExchangeDirectory::Identity> ExchangeDirectory::identity(const QString &name) const
{
    struct stat info = {};
    if (::fstatat(m_descriptor, QFile::encodeName(name).constData(), &info, AT_SYMLINK_NOFOLLOW) != 0)
        return failErrno(name);
    if (S_ISLNK(info.st_mode))
        return fail(ErrorKind::Rejected, u"it is a link; links are not followed"_s, u"link"_s);
    if (!S_ISREG(info.st_mode))
        return fail(ErrorKind::Rejected, u"it is not a regular file"_s);
    return Identity{info.st_ino, info.st_size, nanoseconds(info.st_mtim), nanoseconds(info.st_ctim)};
}

Result<Bytes> ExchangeDirectory::read(const QString &name, qsizetype limit) const
{
    // O_NONBLOCK: a pipe put in the place of a file between the look and the opening must not hold us.
    const Descriptor file(
        ::openat(m_descriptor, QFile::encodeName(name).constData(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (file.value() < 0)
        return failErrno(name);
    struct stat info = {};
    if (::fstat(file.value(), &info) != 0)
        return failErrno(name);
    if (!S_ISREG(info.st_mode))
        return fail(ErrorKind::Rejected, u"it is not a regular file"_s);
    if (info.st_size > limit)
        return fail(ErrorKind::Exhausted, u"it has %1 bytes, more than the %2 allowed"_s.arg(info.st_size).arg(limit));
    Bytes content(
        limit + 1, Qt::Uninitialized); // one more than allowed, so that a file that grows meanwhile is noticed
    qsizetype size = 0;
    while (size <= limit) {
        const ssize_t count = ::read(file.value(), content.data() + size, static_cast<size_t>(limit + 1 - size));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return failErrno(name);
        if (count == 0)
            break;
        size += count;
    }
    if (size > limit)
        return fail(ErrorKind::Exhausted, u"it has more than the %1 bytes allowed"_s.arg(limit));
    content.truncate(size);
    return content;
}

Result<void> ExchangeDirectory::writeAt(int folder, const QString &name, const Bytes &content, bool mayReplace)
{
    if (!isPlainFileName(name))
        return fail(ErrorKind::Invalid, u"“%1” is not a file name of the exchange"_s.arg(name));
    const QByteArray temporary = temporaryPrefix + QByteArray::number(QRandomGenerator::system()->generate64(), 16);
    const QByteArray final = QFile::encodeName(name);
    Result<void> done;
    {
        const Descriptor file(
            ::openat(folder, temporary.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640));
        if (file.value() < 0)
            return failErrno(name);
        done = writeAll(file.value(), content);
    }
    const auto move = [&] {
        return mayReplace ? ::renameat(folder, temporary.constData(), folder, final.constData()) == 0
                          : moveNew(folder, temporary.constData(), final.constData());
    };
    if (done && !move())
        done = failErrno(name);
    if (!done)
        ::unlinkat(folder, temporary.constData(), 0);
    if (done && ::fsync(folder) != 0)
        done = failErrno(name);
    return done;
}

Result<void> ExchangeDirectory::writeNew(const QString &name, const Bytes &content) const
{
    return writeAt(m_descriptor, name, content, false);
}

Result<void> ExchangeDirectory::replace(const QString &name, const Bytes &content) const
{
    return writeAt(m_descriptor, name, content, true);
}

Result<void> ExchangeDirectory::remove(const QString &name) const
{
    if (!isPlainFileName(name))
        return fail(ErrorKind::Invalid, u"“%1” is not a file name of the exchange"_s.arg(name));
    if (::unlinkat(m_descriptor, QFile::encodeName(name).constData(), 0) != 0 || ::fsync(m_descriptor) != 0)
        return failErrno(name);
    return {};
}

void ExchangeDirectory::sweep(std::chrono::seconds age) const
{
    const int copy = ::openat(m_descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, int (*)(DIR *)> folder(copy >= 0 ? ::fdopendir(copy) : nullptr, &::closedir);
    if (!folder) {
        if (copy >= 0)
            ::close(copy);
        return;
    }
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    while (const dirent *entry = ::readdir(folder.get())) {
        struct stat info = {};
        if (std::strncmp(entry->d_name, temporaryPrefix, std::strlen(temporaryPrefix)) == 0
            && ::fstatat(m_descriptor, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(info.st_mode)
            && now - std::chrono::nanoseconds(nanoseconds(info.st_mtim)) > age)
            ::unlinkat(m_descriptor, entry->d_name, 0);
    }
}

bool ExchangeDirectory::isOpenToAll() const
{
    struct stat info = {};
    return ::fstat(m_descriptor, &info) == 0 && (info.st_mode & S_IWOTH) != 0 && (info.st_mode & S_ISVTX) == 0;
}

Result<void> ExchangeDirectory::quarantine(const QString &name, const QString &reason) const
{
    if (::mkdirat(m_descriptor, quarantineName, 0700) != 0 && errno != EEXIST)
        return failErrno(u"quarantine"_s);
    const Descriptor folder(::openat(m_descriptor, quarantineName, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (folder.value() < 0)
        return failErrno(u"quarantine"_s);
    // A name of ours: the file's own may be long, odd, or taken already.
    QString kept;
    for (const QChar c : QStringView(name).left(120))
        kept += isPlainFileName(u"x"_s + c) ? c : u'_';
    kept = u"%1-%2"_s.arg(QString::number(QRandomGenerator::system()->generate(), 16), kept);
    if (::renameat(
            m_descriptor, QFile::encodeName(name).constData(), folder.value(), QFile::encodeName(kept).constData())
        != 0)
        return failErrno(name);
    return writeAt(folder.value(), kept + u".reason.txt"_s, (name + u": "_s + reason + u"\n"_s).toUtf8(), false);
}

} // namespace countersign
