#include "backend/journal/journallines.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <vector>

namespace countersign {

namespace {

constexpr size_t hugePage = 2 * 1024 * 1024;
constexpr size_t smallestChunk = 64 * 1024;
constexpr size_t largestChunk = 2 * hugePage;

/// Fresh memory is paid for page by page, which costs more than the copying: large pieces ask for large pages.
void preferHugePages(void *memory, size_t bytes)
{
    const auto address = reinterpret_cast<quintptr>(memory);
    const quintptr first = (address + hugePage - 1) / hugePage * hugePage, last = (address + bytes) / hugePage * hugePage;
    if (first < last)
        ::madvise(static_cast<char *>(memory) + (first - address), last - first, MADV_HUGEPAGE); // refused is as well
}

/// Texts one after the other, never moved.
class TextArena final {
public:
    QUtf8StringView keep(QByteArrayView utf8)
    {
        const auto size = static_cast<size_t>(utf8.size());
        if (size > m_left)
            grow(size);
        char *const kept = m_next;
        if (size > 0)
            std::memcpy(kept, utf8.data(), size);
        m_next += size;
        m_left -= size;
        return {kept, utf8.size()};
    }

private:
    struct Chunk {
        explicit Chunk(size_t size)
            : bytes(static_cast<char *>(::operator new(size, std::align_val_t{alignment(size)}))), alignedTo(alignment(size))
        {
            preferHugePages(bytes, size);
        }
        Chunk(Chunk &&other) noexcept : bytes(std::exchange(other.bytes, nullptr)), alignedTo(other.alignedTo) {}
        Chunk(const Chunk &) = delete;
        Chunk &operator=(const Chunk &) = delete;
        Chunk &operator=(Chunk &&) = delete;
        ~Chunk() { ::operator delete(bytes, std::align_val_t{alignedTo}); }
        static size_t alignment(size_t size) { return size >= hugePage ? hugePage : alignof(std::max_align_t); }

        char *bytes;
        size_t alignedTo;
    };

    void grow(size_t atLeast)
    {
        const size_t size = std::max(m_chunkSize, atLeast);
        m_chunks.emplace_back(size);
        m_next = m_chunks.back().bytes;
        m_left = size;
        m_chunkSize = std::min(m_chunkSize * 2, largestChunk);
    }

    std::vector<Chunk> m_chunks;
    size_t m_chunkSize = smallestChunk;
    char *m_next = nullptr;
    size_t m_left = 0;
};

/// The last values of a column that repeats itself.
class RepeatedText final {
public:
    QUtf8StringView of(QByteArrayView utf8, TextArena &arena)
    {
        QUtf8StringView &slot = m_slots[utf8.isEmpty() ? 0 : static_cast<quint8>(utf8.back()) % m_slots.size()];
        if (QByteArrayView(slot.data(), slot.size()) != utf8)
            slot = arena.keep(utf8);
        return slot;
    }

private:
    std::array<QUtf8StringView, 64> m_slots;
};

} // namespace

class JournalLines::Store final {
public:
    std::vector<JournalLine> lines;
    TextArena arena;
    RepeatedText actors, subjects;
};

JournalLines::JournalLines()
    : m_store(std::make_shared<Store>())
{
}

void JournalLines::reserve(qsizetype lines)
{
    m_store->lines.reserve(static_cast<size_t>(lines));
    preferHugePages(m_store->lines.data(), m_store->lines.capacity() * sizeof(JournalLine));
}

void JournalLines::append(
    qint64 id, Timestamp at, JournalKind kind, QByteArrayView actor, QByteArrayView subject, QByteArrayView text)
{
    Store &store = *m_store;
    store.lines.push_back({id, at, kind, store.actors.of(actor, store.arena), store.subjects.of(subject, store.arena),
        store.arena.keep(text)});
}

void JournalLines::append(const JournalRow &row)
{
    append(row.id, row.at, row.kind, row.actor.toUtf8(), row.subject.toUtf8(), row.text.toUtf8());
}

qsizetype JournalLines::size() const
{
    return static_cast<qsizetype>(m_store->lines.size());
}

const JournalLine *JournalLines::begin() const
{
    return m_store->lines.data();
}

} // namespace countersign
