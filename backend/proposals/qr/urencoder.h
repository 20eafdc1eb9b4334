#pragma once

#include "backend/proposals/qr/fountainpart.h"
#include "backend/proposals/qr/fountainsampler.h"
#include "backend/types/hash32.h"

namespace countersign {

/// A message as an endless sequence of frames of which any sufficient number gives the message back. The frames'
/// checksums only find accidents: who reads a message compares hash() with who shows it.
class UrEncoder final {
public:
    static constexpr int defaultFragment = 400;
    static constexpr int smallestFragment = 10;
    static constexpr int largestFragment = UrLimits::fragment;

    /// \a fragment: the most bytes of the message that a frame carries. Invalid for an empty message or a fragment
    /// outside its range, Exhausted for a message over the limits on bytes and parts.
    [[nodiscard]] static Result<UrEncoder> create(QByteArrayView message, int fragment = defaultFragment);

    /// How many fragments the message has; with 1, every frame is the same and holds the whole message.
    quint32 partCount() const { return m_sampler.count(); }
    qsizetype messageSize() const { return m_messageSize; }
    const Hash32 &hash() const { return m_hash; } ///< keccak-256 of the whole message

    /// Frame \a number, from 1: the first partCount() are the fragments in order, all others mix them. Lower case.
    QByteArray frame(quint32 number) const;

private:
    UrEncoder(QByteArrayView message, Bytes wrapped, quint32 fragment);

    qsizetype m_messageSize;
    Hash32 m_hash;
    Bytes m_wrapped; // with zeros up to whole fragments
    qsizetype m_wrappedSize;
    qsizetype m_fragment;
    quint32 m_checksum;
    FountainSampler m_sampler;
};

} // namespace countersign
