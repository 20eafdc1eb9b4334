#include "backend/proposals/fileturn.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <QFile>

#include <cerrno>

namespace countersign {

FileTurn::FileTurn(const QString &path)
    : m_descriptor(::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600))
{
    while (m_descriptor >= 0 && ::flock(m_descriptor, LOCK_EX) != 0 && errno == EINTR) { }
}

FileTurn::~FileTurn()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

} // namespace countersign
