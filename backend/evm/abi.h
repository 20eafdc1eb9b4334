#pragma once

#include "backend/evm/abitypes.h"
#include "backend/evm/abivalue.h"

#include <optional>
#include <span>

namespace countersign {

/// In what a byte string may deviate from the one canonical encoding; abiDecodeStrict refuses each with its own code,
/// so that encode(decode(x)) == x holds for all that it accepts.
enum class AbiFault {
    Truncated,           ///< ends inside a value
    TrailingBytes,       ///< bytes after the last value
    OffsetTooLarge,      ///< offset beyond the data
    OffsetCycle,         ///< offset into the list that holds it, which would then contain itself
    OffsetBackward,      ///< offset into what earlier values occupy: shared, overlapping or out of order
    OffsetGap,           ///< offset skips bytes
    Overlap,             ///< bytes that belong to more than one value; told by abiDecodeLenient only
    UnusedBytes,         ///< bytes between values that belong to none; told by abiDecodeLenient only
    LengthTooLarge,      ///< length of bytes, string or array beyond the data
    IntegerOutOfRange,   ///< bits above the width of uintN, or intN not sign-extended
    BoolNotZeroOrOne,
    AddressNotClean,     ///< the twelve bytes above an address are not zero
    FixedBytesPadding,   ///< bytes after bytesN or function are not zero
    BytesPadding,        ///< bytes after bytes or string up to the word are not zero
    PaddingMissing,      ///< the data ends before the padding of bytes or string does
    TextNotUtf8,
    TooLarge,            ///< input above AbiLimits
    Amplified,           ///< the same bytes are referred to so often that their values would be above AbiLimits
    SelectorMismatch,    ///< first four bytes are of another function
};

/// Bounds of time and memory, for every type and every input.
struct AbiLimits {
    qsizetype maxBytes = 8 * 1024 * 1024; ///< of the data, and of all decoded bytes and texts together
    qsizetype maxValues = 1'000'000;
    qsizetype maxDeviations = 100; ///< that are listed; the others are counted
};

/// Stable short name, first word of Error::detail: "abi.bool", "abi.offset.gap".
QLatin1StringView abiFaultCode(AbiFault fault);
/// `path` names the value: "calls[1].amount", or "[0][1].amount" where parameters have no name.
std::unexpected<Error> abiFail(AbiFault fault, qsizetype position, const QString &path = {});
/// What is wrong, as a sentence without its end: "A bool is neither 0 nor 1".
QString abiFaultText(AbiFault fault);

/// Canonical encoding of values as one tuple (Solidity ABI specification, "Formal Specification of the Encoding").
/// Error Invalid when a value does not fit its type.
Result<Bytes> abiEncode(std::span<const AbiType> types, std::span<const AbiValue> values);
Result<Bytes> abiEncode(const std::vector<AbiParameter> &parameters, std::span<const AbiValue> values);

/// Decodes the canonical encoding and nothing else. Error Invalid; detail "<code> at byte <n>".
Result<std::vector<AbiValue>> abiDecodeStrict(std::span<const AbiType> types, QByteArrayView data, const AbiLimits &limits = {});
Result<std::vector<AbiValue>> abiDecodeStrict(const std::vector<AbiParameter> &parameters, QByteArrayView data, const AbiLimits &limits = {});

/// The 32-byte word of a static elementary value; used by topics and EIP-712. Error Invalid for other types.
Result<Bytes> abiEncodeWord(const AbiType &type, const AbiValue &value);
Result<void> abiAppendWord(const AbiType &type, const AbiValue &value, Bytes &out);
Result<AbiValue> abiDecodeWord(const AbiType &type, QByteArrayView word, qsizetype position = 0);

/// A word read with indulgence: bits that the type does not have are cut off, as contracts do that were built with ABI
/// coder v1 or read calldata by hand, and `fault` tells of them. Contracts of ABI coder v2 revert on such a word.
struct AbiWord {
    AbiValue value;
    std::optional<AbiFault> fault;
};
/// `type` is static and elementary, `word` has 32 bytes.
AbiWord abiReadWord(const AbiType &type, QByteArrayView word);

/// Types of a parameter list, in order.
std::vector<AbiType> typesOf(const std::vector<AbiParameter> &parameters);

} // namespace countersign
