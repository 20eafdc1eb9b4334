#pragma once

#include "backend/types/bytes.h"

#include <QtGlobal>

#include <span>
#include <vector>

namespace countersign {

/// Finds the fragments of a message from sums (exclusive or) of them, whatever they are: elimination over GF(2), one
/// row a sum that says something new. So never more rows are kept than there are fragments, and no sum is received in
/// vain.
class FragmentSolver final {
public:
    /// \a count fragments of \a size bytes.
    FragmentSolver(quint32 count, qsizetype size);

    enum class Added {
        New,
        Known, ///< follows from what was there
        Contradiction, ///< cannot be true together with what was there
    };
    /// \a indexes: the fragments that are added up, each once and smaller than count; \a sum: size bytes.
    Added add(std::span<const quint32> indexes, QByteArrayView sum);

    quint32 rank() const { return m_rank; } ///< sums that said something new
    bool isSolved() const { return m_rank == m_rows.size(); }
    /// All fragments one behind the other. Only when solved, and once.
    Bytes take();

private:
    using Row = std::vector<quint64>; // one bit a fragment, then the sum

    qsizetype m_size;
    size_t m_maskWords;
    size_t m_words;
    quint32 m_rank = 0;
    std::vector<Row> m_rows; // by its lowest fragment; empty where there is none
};

} // namespace countersign
