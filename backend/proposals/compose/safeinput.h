#pragma once

#include "backend/safe/saferequest.h"
#include "backend/safe/safehash.h"
#include "backend/types/json.h"

#include <optional>

namespace countersign {

/// What a person says beside a file about where its transactions belong. What file and person both say must agree.
struct SafePlaceHints {
    std::optional<ChainId> chain = {};
    std::optional<Address> safe = {};
    std::optional<SafeVersion> version = {}; ///< absent everywhere: 1.3.0 and later hash alike, so 1.4.1
};

/// A Safe transaction as somebody hands it over, and what he claims of it.
struct SafeInput {
    SafePlace place;
    SafeTransaction transaction;
    std::optional<Hash32> claimedHash = {}; ///< safeTxHash or contractTransactionHash of the file
    Bytes signatures = {}; ///< of the file, one after the other; may be empty
    qsizetype signatureCount = 0;

    SafeHashes hashes() const { return safeHashes(place.version, place.chain, place.safe, transaction); }
};

/// Reads: {chainId, safe, version, tx {…}}; the ten fields flat beside those three; a transaction of the Safe Transaction
/// Service (its confirmations are taken as signatures, its hash as a claim); the EIP-712 typed data of a SafeTx as wallets
/// are asked to sign it. Errors: Invalid names what is wrong, Conflict what file and person do not agree on; where neither
/// says it, the detail is "place.chain-id" or "place.safe".
Result<SafeInput> readSafeInput(JsonView json, const SafePlaceHints &hints);

/// The chain, the Safe and its version alone.
Result<SafePlace> readSafePlace(JsonView json, const SafePlaceHints &hints);

/// Whether the JSON is one of these.
bool looksLikeSafeInput(JsonView json);

} // namespace countersign
