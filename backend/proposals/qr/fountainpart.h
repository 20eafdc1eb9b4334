#pragma once

#include "backend/types/bytes.h"

namespace countersign {

/// Limits on what is sent and taken by frames.
struct UrLimits {
    static constexpr qsizetype message = 512 * 1024; ///< bytes of a message
    static constexpr qsizetype wrapped = message + 5; ///< the same as a CBOR byte string
    static constexpr quint32 parts = 8192; ///< fragments of a message
    static constexpr qsizetype fragment
        = 1600; ///< bytes; what a QR symbol of the largest version and level M or L still carries
};

/// What a frame carries of a message in several parts (BCR-2024-001, chapter 5).
struct FountainPart {
    quint32 number = 1; ///< place in the sequence, from 1
    quint32 count = 1; ///< fragments of the message
    quint32 messageSize = 0; ///< bytes
    quint32 checksum = 0; ///< CRC-32 of the message
    Bytes data; ///< one fragment, or several added by exclusive or; the last fragment ends in zeros

    /// Whether both are parts of one message, cut in the same way.
    bool isSibling(const FountainPart &other) const;

    friend bool operator==(const FountainPart &, const FountainPart &) = default;
};

/// An array of the five members in their order.
[[nodiscard]] Bytes toCbor(const FountainPart &part);
/// Invalid when anything does not fit together, Exhausted over a limit.
[[nodiscard]] Result<FountainPart> fountainPartFromCbor(QByteArrayView bytes);

} // namespace countersign
