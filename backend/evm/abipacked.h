#pragma once

#include "backend/evm/abi.h"

namespace countersign {

/// Solidity's abi.encodePacked ("Non-standard Packed Mode" of the ABI specification): elementary values in their own
/// width, bytes and string without length or padding, elements of arrays padded to 32 bytes and without a count.
/// Different values can have the same packed encoding, so there is no decoder.
/// Error Invalid for what the compiler refuses: tuples, and arrays of bytes or string. Arrays of arrays are packed as
/// compilers before 0.8 did, one element after another.
Result<Bytes> abiEncodePacked(std::span<const AbiType> types, std::span<const AbiValue> values);

} // namespace countersign
