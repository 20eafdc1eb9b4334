#pragma once

#include "backend/evm/blobsidecar.h"
#include "backend/evm/transaction.h"
#include "backend/evm/transactionrules.h"

namespace countersign {

/// A transaction as it travels, taken apart.
struct DecodedTransaction {
    EvmTransaction transaction;
    /// With the two below, of a signed transaction.
    std::optional<EvmSignature> signature = {};
    std::optional<Hash32> hash = {};
    std::optional<Address> from = {}; ///< recovered from the signature
    std::optional<BlobSidecar> sidecar = {}; ///< of a blob transaction in its network form
    /// What a node would refuse it for; empty unless it was decoded leniently.
    std::vector<Error> problems = {};

    /// The canonical bytes again, signed or not, without a sidecar.
    Bytes serialize() const { return signature ? transaction.serialize(*signature) : transaction.unsignedPayload(); }
};

/// Largest blob transaction in its network form that is read, in bytes.
inline constexpr qsizetype maxNetworkTransactionBytes = maxTransactionBytes + maxSidecarBlobs * (blobBytes + 8 * 1024);
/// Largest transaction that is read leniently: more than pools take can be in a block.
inline constexpr qsizetype maxLenientTransactionBytes = 2 * 1024 * 1024;

enum class TransactionForm {
    Any, ///< signed, or what is signed
    Signed,
    Unsigned,
};

struct TransactionDecoding {
    /// Refuses what nodes refuse; else such things are told in `problems`, as long as the transaction has one meaning.
    bool strict = true;
    TransactionForm form = TransactionForm::Any;
    /// Also judges the gas limit by intrinsicGas().
    bool intrinsicGas = false;
    /// The chain that the transaction is for; a legacy one without a chain id is valid on every chain.
    std::optional<ChainId> chainId = {};
};

/// Known types only, canonical RLP, fields in range, a signature that some key can have made. Error Invalid with a
/// stable code in its detail: "rlp.<what> at byte <n>", "tx.<field>.<what>" (TransactionFields), those of
/// transactionProblems, and tx.empty, tx.type, tx.fields.count, tx.form, tx.v, tx.yParity, tx.chainId.other, tx.[rs].zero, tx.[rs].range,
/// tx.s.high, tx.sidecar.<what>, tx.signature. Exhausted "tx.size" beyond the size limits.
///
/// Of the legacy form with nine fields and r = s = 0, v is read as the chain id of an unsigned transaction, unless it
/// is 27 or 28, which is a broken signature more likely than one of the two chains (form Unsigned reads it all the
/// same).
Result<DecodedTransaction> decodeTransaction(QByteArrayView raw, const TransactionDecoding &how = {});

/// Fills in `problems`; when `how` is strict, the first of them is the error.
Result<DecodedTransaction> judged(DecodedTransaction decoded, const TransactionDecoding &how = {});

} // namespace countersign
