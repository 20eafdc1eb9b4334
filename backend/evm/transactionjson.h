#pragma once

#include "backend/evm/decodedtransaction.h"
#include "backend/types/json.h"

namespace countersign {

// Transactions in JSON: an object with the members
//   type, chainId, nonce, to, value, data, gasLimit,
//   gasPrice (types 0 and 1), maxPriorityFeePerGas and maxFeePerGas (2 to 4), maxFeePerBlobGas and blobVersionedHashes
//   (3), accessList [{address, storageKeys}] (1 to 4), authorizationList [{chainId, address, nonce, yParity, r, s,
//   authority}] (4), and of a signed one signature {r, s, yParity}, from, hash; signingHash of any.
// Written: bytes as "0x…", r and s as 32 of them, every integer (type and yParity too) as a decimal string; `to` of a
// creation, `chainId` of a legacy transaction without one, and `authority` of an authorization that chains skip are
// null.

/// Reads one. Integers may also be "0x…" strings or exact JSON numbers; unknown members, and members that the type does
/// not have, are errors; null is the same as absent. Absent integers are 0, absent lists and data empty; only `chainId`
/// of a legacy transaction may be absent for good. Without `type` it is the first that fits: authorizationList 4,
/// blobVersionedHashes or maxFeePerBlobGas 3, maxFeePerGas or maxPriorityFeePerGas 2, accessList 1, else 0.
///
/// The signature is `signature` or the member of that name, not both; of type 0 it may have v (27, 28, or EIP-155's)
/// for yParity. What a signed transaction says of itself (from, hash, authority) and signingHash must be what is
/// computed.
///
/// Errors name the member: detail "tx.<member>.<what>", or as transactionProblems when `how` is strict.
Result<DecodedTransaction> transactionFromJson(
    const JsonView &object, const std::optional<JsonView> &signature = {}, const TransactionDecoding &how = {});

/// r, s and yParity or v of a transaction's signature.
Result<EvmSignature> signatureFromJson(const JsonView &object, const EvmTransaction &transaction);

/// All members.
QByteArray transactionToJson(const DecodedTransaction &decoded);

/// {raw, signingHash}, and hash and from of a signed one.
QByteArray encodedTransactionToJson(const DecodedTransaction &decoded);

} // namespace countersign
