#pragma once

#include "backend/safe/safehash.h"
#include "backend/safe/safesignature.h"
#include "backend/safe/safeversion.h"

#include <optional>
#include <span>

namespace countersign {

/// Of which kind the contract takes a part of the signatures to be, by its last byte alone.
enum class SafeSignatureType {
    Ecdsa,       ///< v 27, 28
    EthSign,     ///< v 31, 32
    Contract,    ///< v 0
    Approved,    ///< v 1
    Unsupported, ///< any other v: the contract recovers no signer from it
};

/// "ecdsa", "ethSign", "contract", "approved", "unsupported".
QLatin1StringView safeSignatureTypeName(SafeSignatureType type);

/// One 65-byte part as the contract would take it.
struct SafeSignatureEntry {
    SafeSignatureType type = SafeSignatureType::Unsupported;
    quint8 v = 0;
    std::optional<Address> owner; ///< recovered, or as claimed by Contract and Approved; absent when nobody is recovered
    bool highS = false;           ///< of Ecdsa and EthSign: valid for the contract, and another form of the same signature
    Bytes contractData;           ///< of Contract: what is handed to the owner's isValidSignature
};

struct SafeSignatureFinding {
    QLatin1StringView code;   ///< what the contract reverts with ("GS026"), or empty when it does not mind
    QLatin1StringView reason; ///< stable: "order", "twice", "unrecoverable", "trailing" …; "overflow": it does not say the code
    qsizetype entry = -1;     ///< which part; -1 for the whole
    qsizetype position = 0;   ///< byte in the blob
    QString message;
};

struct SafeSignatureReading {
    std::vector<SafeSignatureEntry> entries; ///< the first `threshold` parts, or as many as there are
    bool wellOrdered = false;                ///< every part has a signer and they ascend strictly
    bool needsChain = false;                 ///< Contract or Approved parts: only the chain can say the last word
    std::vector<SafeSignatureFinding> errors; ///< why the contract refuses; it stops at the first
    std::vector<SafeSignatureFinding> notes;  ///< what it does not mind and a person should know
};

struct SafeSignatureQuestion {
    Hash32 safeTxHash;
    qsizetype threshold = 1;
    SafeVersion version = SafeVersion::v141();
    /// What safeTxHash was made of (safePreimage). The contract compares it in 1.4.x.
    std::optional<Bytes> preimage = {};
    /// When given, signers who are no owners are errors too.
    std::optional<std::vector<Address>> owners = {};
};

/// Reads the signatures of execTransaction as checkNSignatures of the contract does, and goes on where it stops, so that
/// everything that is wrong is said at once. Error Exhausted above maxSafeSignatureBytes, Invalid for a threshold below one.
Result<SafeSignatureReading> readSafeSignatures(QByteArrayView blob, const SafeSignatureQuestion &question);

/// Calldata with which a Safe of this version asks an owner that is a contract: isValidSignature(bytes,bytes) with the
/// pre-image up to 1.4.1, isValidSignature(bytes32,bytes) with the hash from 1.5.0 on (EIP-1271).
Bytes encodeContractSignatureCheck(SafeVersion version, const SafeHashes &hashes, const Bytes &contractData);
/// What that call returns for a yes, left-aligned in a word: 0x20c13b0b or 0x1626ba7e.
Bytes contractSignatureMagic(SafeVersion version);

} // namespace countersign
