#pragma once

#include "backend/types/address.h"
#include "backend/types/bytes.h"
#include "backend/types/error.h"
#include "backend/types/hash32.h"

#include <optional>

namespace countersign {

/// An ECDSA signature on secp256k1 with the parity of its nonce point, from which the signer's key can be recovered.
struct EvmSignature {
    Hash32 r;
    Hash32 s;
    bool yParity = false;

    /// r || s || v with v of 0, 1, 27 or 28. Error Invalid otherwise. Does not judge r and s.
    static Result<EvmSignature> fromBytes65(QByteArrayView bytes);
    /// EIP-2098: r || yParity in the top bit of s, 64 bytes. Error Invalid for any other size.
    static Result<EvmSignature> fromCompact(QByteArrayView bytes);
    /// Either of the two, by size.
    static Result<EvmSignature> fromBytes(QByteArrayView bytes);
    /// r || s || v with v of 27 or 28, as contracts' ecrecover takes it.
    Bytes toBytes65() const;
    /// EIP-2098. Error Invalid when s needs the bit that carries the parity: normalise first.
    Result<Bytes> toCompact() const;

    /// s <= n/2, the only form that EIP-2 allows in transactions.
    bool isLowS() const;
    /// The same signature with low s; the parity turns with it.
    EvmSignature normalised() const;

    friend bool operator==(const EvmSignature &, const EvmSignature &) = default;
};

/// What is wrong with r and s on any curve point's account: zero, or not below the group's order. Detail
/// "<subject>.r.zero", "<subject>.r.range" and the same for s. High s is not judged.
std::optional<Error> signatureProblem(const EvmSignature &signature, QLatin1StringView subject);

/// Address of the key that signed `digest`. Error Invalid when r or s is out of range or no key exists for them.
/// High s is accepted, as ecrecover on chain does.
Result<Address> recoverAddress(const Hash32 &digest, const EvmSignature &signature);

/// The uncompressed key, 65 bytes from 0x04. Errors as recoverAddress.
Result<Bytes> recoverPublicKey(const Hash32 &digest, const EvmSignature &signature);

/// Whether `signature` over `digest` is by `publicKey` (33 or 65 bytes, SEC 1). Either form of s is verified.
/// Error Invalid when the key is not a point on the curve.
Result<bool> verifySignature(const Hash32 &digest, const EvmSignature &signature, QByteArrayView publicKey);

/// Last 20 bytes of keccak256 of the uncompressed point without its prefix. Error Invalid when no point on the curve.
Result<Address> addressOfPublicKey(QByteArrayView publicKey);

/// Makes the signature that a device returned as r || s (64 bytes) fit for a chain: s low, and the parity found by
/// trying both, against the address that must have signed. Error Rejected when neither recovers it: the device signed
/// something else, or with another key, and the signature must not leave.
Result<EvmSignature> completeSignature(const Hash32 &digest, QByteArrayView compact, const Address &expected);

/// EIP-191 version 0x45 ("personal_sign"): digest of a message as wallets sign it.
Hash32 personalMessageDigest(QByteArrayView message);

/// EIP-191 version 0x00: digest of data that only the contract `validator` is to accept.
Hash32 intendedValidatorDigest(const Address &validator, QByteArrayView data);

} // namespace countersign
