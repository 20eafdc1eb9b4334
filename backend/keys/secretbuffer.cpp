#include "backend/keys/secretbuffer.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <new>
#include <utility>

namespace countersign {

namespace {

size_t pageSize()
{
    static const auto size = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    return size;
}

} // namespace

SecretBuffer::SecretBuffer()
{
    // Guard, data, guard: an overrun on either side faults instead of reading a neighbour or being read by one.
    const size_t page = pageSize();
    void *area = mmap(nullptr, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED)
        throw std::bad_alloc();
    m_page = static_cast<char *>(area) + page;
    if (mprotect(m_page, page, PROT_READ | PROT_WRITE) != 0) {
        munmap(area, 3 * page);
        throw std::bad_alloc();
    }
    m_locked = mlock(m_page, page) == 0;
    madvise(m_page, page, MADV_DONTDUMP);
    madvise(m_page, page, MADV_WIPEONFORK);
}

SecretBuffer SecretBuffer::takeFrom(char *bytes, qsizetype size)
{
    SecretBuffer buffer;
    if (size <= maxSize) {
        std::memcpy(buffer.m_page, bytes, static_cast<size_t>(size));
        buffer.m_size = size;
    }
    explicit_bzero(bytes, static_cast<size_t>(size));
    return buffer;
}

SecretBuffer::SecretBuffer(SecretBuffer &&other) noexcept
    : m_page(std::exchange(other.m_page, nullptr))
    , m_size(std::exchange(other.m_size, 0))
    , m_locked(std::exchange(other.m_locked, false))
{
}

SecretBuffer &SecretBuffer::operator=(SecretBuffer &&other) noexcept
{
    if (this != &other) {
        release();
        m_page = std::exchange(other.m_page, nullptr);
        m_size = std::exchange(other.m_size, 0);
        m_locked = std::exchange(other.m_locked, false);
    }
    return *this;
}

SecretBuffer::~SecretBuffer()
{
    release();
}

bool SecretBuffer::append(char byte)
{
    if (!m_page || m_size == maxSize)
        return false;
    m_page[m_size++] = byte;
    return true;
}

void SecretBuffer::removeLast()
{
    if (m_size > 0)
        explicit_bzero(m_page + --m_size, 1);
}

void SecretBuffer::wipe()
{
    if (m_page)
        explicit_bzero(m_page, pageSize());
    m_size = 0;
}

void SecretBuffer::release() noexcept
{
    if (!m_page)
        return;
    wipe();
    munmap(m_page - pageSize(), 3 * pageSize()); // unlocks too
    m_page = nullptr;
    m_locked = false;
}

} // namespace countersign
