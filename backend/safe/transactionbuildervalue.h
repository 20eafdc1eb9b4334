#pragma once

#include "backend/evm/abivalue.h"

namespace countersign {

/// A value of a contract's input as Safe's transaction builder keeps it: text. Numbers decimal or 0x, bool "true" or "false"
/// (also 1 and 0), bytes in hex, arrays and tuples in brackets as JSON; addresses, numbers, bools and hex in brackets need no
/// quotes. Error Invalid says what is wrong with which part. bytesN must have all its bytes.
Result<AbiValue> parseBuilderValue(const AbiType &type, QStringView text);

} // namespace countersign
