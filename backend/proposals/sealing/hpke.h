#pragma once

#include "backend/types/bytes.h"
#include "backend/types/hash32.h"

#include <array>

namespace countersign {

// Hybrid public key encryption (RFC 9180), base mode, one message a context: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
// ChaCha20-Poly1305. It hides from all but the holder of the recipient's key, and binds to `info` and `aad`. It says
// nothing about who wrote it: what must be authentic is signed outside or inside.
//
// Public keys are the 32 bytes of RFC 7748; private keys as well, and never stay in memory that is not wiped.

inline constexpr qsizetype x25519Bytes = 32;

/// A message for one recipient.
struct HpkeMessage {
    Hash32 enc; ///< the sender's ephemeral public key
    Bytes ciphertext; ///< 16 bytes longer than the plain text
    friend bool operator==(const HpkeMessage &, const HpkeMessage &) = default;
};

/// Bytes that are overwritten when they end.
class WipedKey final {
public:
    WipedKey() = default;
    WipedKey(const WipedKey &) = delete;
    WipedKey &operator=(const WipedKey &) = delete;
    ~WipedKey();

    char *data() { return m_bytes.data(); }
    QByteArrayView view() const { return {m_bytes.data(), x25519Bytes}; }

private:
    std::array<char, x25519Bytes> m_bytes{};
};

/// Overwrites what was secret.
void wipe(Bytes &bytes);

/// From the operating system's generator. Error Internal when it fails.
Result<void> drawRandom(char *bytes, qsizetype size);

/// Of 32 private bytes; Invalid for another number.
Result<Hash32> publicKeyOf(QByteArrayView privateKey);

/// With a fresh ephemeral key. Rejected for a \a recipient of low order, whose shared secret everybody knows.
Result<HpkeMessage> hpkeSeal(
    const Hash32 &recipient, QByteArrayView info, QByteArrayView aad, QByteArrayView plain);
/// The same with an ephemeral key of the caller's, which is never used twice: for published vectors.
Result<HpkeMessage> hpkeSealWith(QByteArrayView ephemeral, const Hash32 &recipient, QByteArrayView info,
    QByteArrayView aad, QByteArrayView plain);
/// Corrupt when it was encrypted for another key, with another \a info or \a aad, or was changed; Rejected for an `enc`
/// of low order.
Result<Bytes> hpkeOpen(QByteArrayView privateKey, const HpkeMessage &message, QByteArrayView info, QByteArrayView aad);

/// Key and nonce of the first message of a context, for published vectors.
struct HpkeSchedule {
    WipedKey key;
    std::array<char, 12> baseNonce{};
};
/// KeySchedule of RFC 9180, 5.1, without a PSK.
Result<void> hpkeSchedule(QByteArrayView sharedSecret, QByteArrayView info, HpkeSchedule &schedule);

} // namespace countersign
