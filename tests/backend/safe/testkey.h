#pragma once

#include "backend/evm/signature.h"
#include "backend/types/uint256.h"

#include <secp256k1_recovery.h>

#include <array>
#include <memory>

namespace countersign::testing {

/// A key in memory, for tests only: the project has no software signer.
class TestKey final {
public:
    explicit TestKey(quint64 secret)
        : TestKey(Uint256(secret).toBigEndian())
    {
    }
    explicit TestKey(const Bytes &secret)
        : m_secret(secret)
        , m_context(secp256k1_context_create(SECP256K1_CONTEXT_SIGN), secp256k1_context_destroy)
    {
    }

    const Bytes &secret() const { return m_secret; }

    Address address() const
    {
        secp256k1_pubkey key;
        static_cast<void>(secp256k1_ec_pubkey_create(m_context.get(), &key, raw(m_secret)));
        std::array<unsigned char, 33> compressed{};
        size_t size = compressed.size();
        secp256k1_ec_pubkey_serialize(m_context.get(), compressed.data(), &size, &key, SECP256K1_EC_COMPRESSED);
        return addressOfPublicKey(QByteArrayView(compressed)).value();
    }

    EvmSignature sign(const Hash32 &digest) const
    {
        secp256k1_ecdsa_recoverable_signature signature;
        secp256k1_ecdsa_sign_recoverable(m_context.get(), &signature, digest.array().data(), raw(m_secret), nullptr, nullptr);
        std::array<unsigned char, 64> compact{};
        int id = 0;
        secp256k1_ecdsa_recoverable_signature_serialize_compact(m_context.get(), compact.data(), &id, &signature);
        const QByteArrayView bytes(compact);
        return {.r = Hash32::fromDigest(bytes.first(32)), .s = Hash32::fromDigest(bytes.last(32)), .yParity = id == 1};
    }

private:
    static const unsigned char *raw(const Bytes &bytes) { return reinterpret_cast<const unsigned char *>(bytes.constData()); }

    Bytes m_secret;
    std::unique_ptr<secp256k1_context, decltype(&secp256k1_context_destroy)> m_context;
};

} // namespace countersign::testing
