#include "backend/proposals/qr/fragmentsolver.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace countersign {

namespace {

constexpr size_t wordBits = 64;

void addRow(std::vector<quint64> &row, const std::vector<quint64> &other, size_t from)
{
    for (size_t i = from; i < row.size(); ++i)
        row[i] ^= other[i];
}

} // namespace

FragmentSolver::FragmentSolver(quint32 count, qsizetype size)
    : m_size(size)
    , m_maskWords((count + wordBits - 1) / wordBits)
    , m_words(m_maskWords + (static_cast<size_t>(size) + sizeof(quint64) - 1) / sizeof(quint64))
    , m_rows(count)
{
}

FragmentSolver::Added FragmentSolver::add(std::span<const quint32> indexes, QByteArrayView sum)
{
    Q_ASSERT(sum.size() == m_size);
    Row row(m_words, 0);
    for (const quint32 index : indexes)
        row[index / wordBits] |= quint64(1) << (index % wordBits);
    std::memcpy(row.data() + m_maskWords, sum.data(), static_cast<size_t>(m_size));
    for (size_t word = 0; word < m_maskWords;) {
        if (row[word] == 0) {
            ++word;
            continue;
        }
        const size_t lowest = word * wordBits + static_cast<size_t>(std::countr_zero(row[word]));
        if (m_rows[lowest].empty()) {
            m_rows[lowest] = std::move(row);
            ++m_rank;
            return Added::New;
        }
        addRow(row, m_rows[lowest], word);
    }
    const bool isZero = std::all_of(
        row.begin() + static_cast<qsizetype>(m_maskWords), row.end(), [](quint64 value) { return value == 0; });
    return isZero ? Added::Known : Added::Contradiction;
}

Bytes FragmentSolver::take()
{
    Q_ASSERT(isSolved());
    Bytes all(m_size * static_cast<qsizetype>(m_rows.size()), Qt::Uninitialized);
    for (size_t i = m_rows.size(); i-- > 0;) {
        Row &row = m_rows[i];
        // Every other fragment of the row has a higher index, and is known by now.
        for (size_t word = i / wordBits; word < m_maskWords; ++word) {
            quint64 bits = row[word];
            if (word == i / wordBits)
                bits &= bits - 1; // without the fragment itself
            for (; bits != 0; bits &= bits - 1)
                addRow(row, m_rows[word * wordBits + static_cast<size_t>(std::countr_zero(bits))], m_maskWords);
        }
        std::memcpy(
            all.data() + m_size * static_cast<qsizetype>(i), row.data() + m_maskWords, static_cast<size_t>(m_size));
    }
    m_rows.clear();
    m_rank = 0;
    return all;
}

} // namespace countersign
