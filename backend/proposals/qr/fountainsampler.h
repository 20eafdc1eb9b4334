#pragma once

#include <QtGlobal>

#include <vector>

namespace countersign {

/// Which fragments of a message a part of its sequence is made of, by the consensus of BCR-2024-001: the first parts
/// are one fragment each, in order; every further one mixes a number of fragments drawn with the probability of 1/k for
/// k fragments.
class FountainSampler final {
public:
    /// \a count: the fragments of the message, at least 1.
    explicit FountainSampler(quint32 count);

    quint32 count() const { return static_cast<quint32>(m_probability.size()); }
    /// Different indexes, from 0. \a number: the part's place in the sequence, from 1; \a checksum: the message's
    /// CRC-32.
    std::vector<quint32> indexes(quint32 number, quint32 checksum) const;

private:
    // Walker's alias method, with the tables built as Vose does.
    std::vector<double> m_probability;
    std::vector<quint32> m_alias;
};

} // namespace countersign
