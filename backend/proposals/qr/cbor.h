#pragma once

#include "backend/types/bytes.h"

namespace countersign {

/// The three kinds of CBOR (RFC 8949) that a UR of bytes is made of.
enum class CborKind : quint8 { Unsigned = 0, ByteString = 2, Array = 4 };

/// The head of an item, as short as it can be: an integer, or the length of what follows.
void appendCborHead(Bytes &bytes, CborKind kind, quint64 value);

/// Reads the deterministic encoding only: definite lengths, heads as short as they can be. Everything else is Invalid.
class CborReader final {
public:
    explicit CborReader(QByteArrayView bytes)
        : m_rest(bytes)
    {
    }

    [[nodiscard]] Result<quint64> readUnsigned() { return readHead(CborKind::Unsigned); }
    /// How many items follow; they are read one by one.
    [[nodiscard]] Result<quint64> readArray() { return readHead(CborKind::Array); }
    /// A view into the bytes that are read; Exhausted when it is longer than \a most.
    [[nodiscard]] Result<QByteArrayView> readByteString(qsizetype most);
    /// Invalid when anything is left.
    [[nodiscard]] Result<void> end() const;

private:
    Result<quint64> readHead(CborKind kind);

    QByteArrayView m_rest;
};

} // namespace countersign
