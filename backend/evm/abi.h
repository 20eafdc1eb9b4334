#pragma once

#include "backend/evm/abitypes.h"
#include "backend/evm/abivalue.h"

#include <span>

namespace countersign {

/// In what a byte string may deviate from the one canonical encoding; abiDecodeStrict refuses each with its own code,
/// so that encode(decode(x)) == x holds for all that it accepts.
enum class AbiFault {
    Truncated,           ///< ends inside a value
    TrailingBytes,       ///< bytes after the last value
    OffsetTooLarge,      ///< offset beyond the data
    OffsetBackward,      ///< offset into the head or into an earlier value: overlap
    OffsetGap,           ///< offset leaves bytes that no value covers
    LengthTooLarge,      ///< length of bytes, string or array beyond the data
    IntegerOutOfRange,   ///< bits above the width of uintN, or intN not sign-extended
    BoolNotZeroOrOne,
    AddressNotClean,     ///< the twelve bytes above an address are not zero
    FixedBytesPadding,   ///< bytes after bytesN or function are not zero
    BytesPadding,        ///< bytes after bytes or string up to the word are not zero
    TextNotUtf8,
    TooLarge,            ///< input above AbiLimits
    SelectorMismatch,    ///< first four bytes are of another function
};

struct AbiLimits {
    qsizetype maxBytes = 8 * 1024 * 1024;
};

/// Stable short name, first word of Error::detail: "abi.bool", "abi.offset.gap".
QLatin1StringView abiFaultCode(AbiFault fault);
std::unexpected<Error> abiFail(AbiFault fault, qsizetype position);

/// Canonical encoding of values as one tuple (Solidity ABI specification, "Formal Specification of the Encoding").
/// Error Invalid when a value does not fit its type.
Result<Bytes> abiEncode(std::span<const AbiType> types, std::span<const AbiValue> values);
Result<Bytes> abiEncode(const std::vector<AbiParameter> &parameters, std::span<const AbiValue> values);

/// Decodes the canonical encoding and nothing else. Error Invalid; detail "<code> at byte <n>".
Result<std::vector<AbiValue>> abiDecodeStrict(std::span<const AbiType> types, QByteArrayView data, const AbiLimits &limits = {});
Result<std::vector<AbiValue>> abiDecodeStrict(const std::vector<AbiParameter> &parameters, QByteArrayView data, const AbiLimits &limits = {});

/// The 32-byte word of a static elementary value; used by topics and EIP-712. Error Invalid for other types.
Result<Bytes> abiEncodeWord(const AbiType &type, const AbiValue &value);
Result<AbiValue> abiDecodeWord(const AbiType &type, QByteArrayView word, qsizetype position = 0);

/// Types of a parameter list, in order.
std::vector<AbiType> typesOf(const std::vector<AbiParameter> &parameters);

} // namespace countersign
