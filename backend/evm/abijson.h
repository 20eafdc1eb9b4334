#pragma once

#include "backend/evm/abivalue.h"
#include "backend/types/json.h"

#include <span>

namespace countersign {

// Values of the ABI as JSON. Bytes are "0x" hex, integers decimal strings (in requests also "0x" strings and exact JSON
// numbers, see jsonscalar.h), addresses carry their EIP-55 checksum (in requests: or none), lists and tuples are arrays.
// A request may write a tuple as an object when each component has a name of its own; then each must be there, and
// nothing else.

/// Error Invalid; the message begins with the path of what is wrong: "[1].amount: \"-1\" is negative".
Result<AbiValue> abiValueFromJson(const AbiType &type, JsonView json);
/// A list of values for a list of types, "[3]" being the fourth of it; names serve objects as above, and paths.
Result<std::vector<AbiValue>> abiValuesFromJson(std::span<const AbiType> types, JsonView json);
Result<std::vector<AbiValue>> abiValuesFromJson(const std::vector<AbiParameter> &parameters, JsonView json);

/// `value` must be of `type`; null where it is not.
void appendAbiJson(QByteArray &json, const AbiType &type, const AbiValue &value);
void appendAbiJson(QByteArray &json, std::span<const AbiType> types, std::span<const AbiValue> values);
void appendAbiJson(QByteArray &json, const std::vector<AbiParameter> &parameters, std::span<const AbiValue> values);

} // namespace countersign
