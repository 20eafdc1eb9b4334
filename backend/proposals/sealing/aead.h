#pragma once

#include "backend/types/bytes.h"

namespace countersign {

// ChaCha20-Poly1305 (RFC 8439) with a 16 byte tag behind the ciphertext.

inline constexpr qsizetype aeadKeyBytes = 32;
inline constexpr qsizetype aeadNonceBytes = 12;
inline constexpr qsizetype aeadTagBytes = 16;

/// \a nonce is never used twice with one key. Errors Invalid (a length), Internal.
Result<Bytes> aeadSeal(QByteArrayView key, QByteArrayView nonce, QByteArrayView aad, QByteArrayView plain);
/// Error Corrupt when key, nonce, \a aad or a single bit is another one; nothing is given out then.
Result<Bytes> aeadOpen(QByteArrayView key, QByteArrayView nonce, QByteArrayView aad, QByteArrayView sealed);

} // namespace countersign
