#pragma once

#include "backend/types/json.h"

namespace countersign {

// RLP items in JSON: bytes are strings of "0x" and hexadecimal digits, lists are arrays.

/// Deepest nesting in either direction; the JSON of a list of that depth can be read again.
inline constexpr int maxRlpJsonDepth = 48;
/// Most items of what is decoded.
inline constexpr qsizetype maxRlpJsonItems = 1'000'000;

/// Error Invalid for any other JSON, Exhausted "rlp.depth".
Result<Bytes> rlpFromJson(const JsonView &item);

/// Exactly one item in its only valid spelling. Error Invalid as rlpDecodeStrict; Exhausted "rlp.depth", "rlp.items".
Result<QByteArray> rlpToJson(QByteArrayView data);

} // namespace countersign
