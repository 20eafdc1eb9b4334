#pragma once

#include "backend/types/hash32.h"
#include "backend/types/json.h"

namespace countersign {

/// The checksum that Safe's transaction builder writes into its files: keccak256 over a serialization of the file without
/// the checksum itself and with meta.name taken for null. It is keyless: it finds damage, not tampering.
Hash32 transactionBuilderChecksum(JsonView file);

/// What is hashed. Objects are "{", their sorted names as a JSON array, each value and a comma, "}"; the rest is as
/// JavaScript's JSON.stringify writes it.
QByteArray transactionBuilderSerialization(JsonView file);

} // namespace countersign
