#pragma once

#include "backend/types/address.h"
#include "backend/types/bytes.h"
#include "backend/types/hash32.h"
#include "backend/types/json.h"
#include "backend/types/uint256.h"

namespace countersign {

// Scalars in the JSON of requests, typed data and results. Requests may spell an integer in each way that is exact;
// results spell it in one. Errors are Invalid, without a path: who knows the path puts it in front.

/// 5, 5.0, 1e3, "1000" or "0x3e8": an integer of 0 to 2^bits - 1. Digits are read as they are written, never as a double.
[[nodiscard]] Result<Uint256> uintFromJson(JsonView value, int bits = 256);
/// The same with "-" in front allowed, from -2^(bits-1) to 2^(bits-1) - 1; the result is 256-bit two's complement.
[[nodiscard]] Result<Uint256> intFromJson(JsonView value, int bits = 256);
/// "0x" and two digits a byte, in any case.
[[nodiscard]] Result<Bytes> bytesFromJson(JsonView value);
[[nodiscard]] Result<Hash32> bytes32FromJson(JsonView value);
/// "0x" and 40 digits; a mixed case that is not the checksum of EIP-55 is an error.
[[nodiscard]] Result<Address> accountFromJson(JsonView value);

// Without quotes: they belong to the JSON around. Bytes: appendHex.
void appendDecimal(QByteArray &json, const Uint256 &value);
/// Of a number in 256-bit two's complement.
void appendSignedDecimal(QByteArray &json, const Uint256 &value);
/// With the checksum of EIP-55.
void appendAccount(QByteArray &json, const Address &address);

} // namespace countersign
