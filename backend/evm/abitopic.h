#pragma once

#include "backend/evm/abi.h"

namespace countersign {

/// The topic of an indexed argument (ABI specification, "Encoding of Indexed Event Parameters"): an elementary static
/// value is its word; bytes and string are the keccak256 of their content; arrays and tuples are the keccak256 of all
/// they hold, each part padded to 32 bytes, without lengths and offsets. Serves filters, and the check of a value that
/// someone claims to stand behind a hashed topic. Different values can share a topic: (["a"],["b"]) and (["a","b"],[]).
Result<Hash32> abiTopic(const AbiType &type, const AbiValue &value);

} // namespace countersign
