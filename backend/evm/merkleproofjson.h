#pragma once

#include "backend/evm/merkleproof.h"
#include "backend/types/json.h"

namespace countersign {

/// Answers a request {root, key, proof: [node…], value?}: the value, or nothing when the key is shown to be absent. `key` is
/// the path in the trie and is not hashed here (see verifyTrieProof). With `value` given, bytes or null for an absent key,
/// Conflict when the proof shows something else. Errors: Invalid for a malformed member; those of verifyTrieProof.
Result<std::optional<Bytes>> verifyProofFromJson(JsonView request);

/// {"included": true, "value": "0x…"} or {"included": false, "value": null}.
QByteArray proofResultToJson(const std::optional<Bytes> &value);

} // namespace countersign
