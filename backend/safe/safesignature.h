#pragma once

#include "backend/evm/signature.h"

#include <span>
#include <vector>

namespace countersign {

enum class SafeSignatureKind {
    Ecdsa,    ///< v 27, 28: over the safeTxHash
    EthSign,  ///< v 31, 32: over the safeTxHash wrapped as a personal message; the device showed an opaque hash
    Contract, ///< v 0: the owner is a contract and judges by EIP-1271
    Approved, ///< v 1: the owner approves on chain, or is the sender of execTransaction
};

/// One owner's part of the signatures of execTransaction.
class SafeSignature final {
public:
    static SafeSignature ecdsa(const EvmSignature &signature);
    static SafeSignature ethSign(const EvmSignature &signature);
    static SafeSignature contract(const Address &owner, Bytes data);
    static SafeSignature approved(const Address &owner);

    /// A signature as it is exchanged: 65 bytes of kind Ecdsa, EthSign or Approved. Error Invalid otherwise.
    static Result<SafeSignature> fromBytes(QByteArrayView bytes);

    SafeSignatureKind kind() const { return m_kind; }
    /// Of Ecdsa and EthSign.
    const EvmSignature &signature() const { return m_signature; }
    /// Of Contract and Approved: whom the signature claims to be by.
    const Address &claimedOwner() const { return m_owner; }
    /// Of Contract: what its isValidSignature is to judge.
    const Bytes &contractData() const { return m_data; }

    /// Recovered from the hash, or as claimed where only the chain can tell.
    Result<Address> signer(const Hash32 &safeTxHash) const;
    /// The 65 bytes of the static part; `tailOffset` only for Contract.
    Bytes staticPart(qsizetype tailOffset = 0) const;

    friend bool operator==(const SafeSignature &, const SafeSignature &) = default;

private:
    SafeSignature() = default;

    SafeSignatureKind m_kind = SafeSignatureKind::Approved;
    EvmSignature m_signature;
    Address m_owner;
    Bytes m_data;
};

/// Largest blob that is read, in bytes.
inline constexpr qsizetype maxSafeSignatureBytes = 64 * 1024;

/// Sorts by signer as the contract demands and lays contract signatures' data behind. Error Invalid when a signature does
/// not recover, Conflict when one signer signs twice.
Result<Bytes> encodeSafeSignatures(std::vector<SafeSignature> signatures, const Hash32 &safeTxHash);

/// Takes a blob of `count` signatures apart, strictly: every byte belongs to exactly one signature, in the one layout
/// that encodeSafeSignatures makes. Does not judge order or owners.
Result<std::vector<SafeSignature>> decodeSafeSignatures(QByteArrayView blob, qsizetype count);
/// The count found from the blob itself (the first contract signature's tail, or the end).
Result<std::vector<SafeSignature>> decodeSafeSignatures(QByteArrayView blob);

enum class SafeSignatureFault { None, TooFew, NotAnOwner, OutOfOrder, Unrecoverable };

struct SafeSignatureCheck {
    SafeSignatureFault fault = SafeSignatureFault::None;
    std::vector<Address> signers; ///< of those read up to the fault
    bool needsChain = false;      ///< a Contract or Approved signature is among the first `threshold`: only the chain can judge
    QString message;
};

/// What checkSignatures of the contract would say of the first `threshold` signatures, as far as it can be said here.
SafeSignatureCheck checkSafeSignatures(std::span<const SafeSignature> signatures, const Hash32 &safeTxHash,
                                       std::span<const Address> owners, qsizetype threshold);

} // namespace countersign
