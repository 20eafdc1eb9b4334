#include "backend/evm/abi.h"

#include <algorithm>

namespace countersign {

namespace {

std::unexpected<Error> unfit(const AbiType &type, const QString &why)
{
    return fail(ErrorKind::Invalid, u"The value does not fit "_s + type.canonical() + u": "_s + why, u"abi.value"_s);
}

bool allZero(QByteArrayView bytes)
{
    return std::ranges::all_of(bytes, [](char c) { return c == '\0'; });
}

bool fits(const AbiType &type, const Uint256 &value)
{
    if (type.kind() == AbiKind::Uint)
        return value.bitLength() <= type.bits();
    // Two's complement: every bit from the sign bit up must be the same.
    const Uint256 high = value.shiftedRight(type.bits() - 1);
    return high.isZero() || high == Uint256::max().shiftedRight(type.bits() - 1);
}

// The lowest bits of a word, sign-extended where the type is signed.
Uint256 cut(const AbiType &type, const Uint256 &value)
{
    const int above = 256 - type.bits();
    const Uint256 low = value.shiftedLeft(above).shiftedRight(above);
    if (type.kind() == AbiKind::Uint || !low.bit(type.bits() - 1))
        return low;
    const Uint256 distance = *Uint256::max().shiftedRight(above).checkedSub(low);
    return *Uint256::max().checkedSub(distance);
}

std::optional<AbiFault> faultIf(bool wrong, AbiFault fault)
{
    return wrong ? std::optional(fault) : std::nullopt;
}

} // namespace

AbiWord abiReadWord(const AbiType &type, QByteArrayView word)
{
    Q_ASSERT(word.size() == 32);
    switch (type.kind()) {
    case AbiKind::Uint:
    case AbiKind::Int: {
        const Uint256 value = *Uint256::fromBigEndian(word);
        if (fits(type, value))
            return {.value = value, .fault = {}};
        return {.value = cut(type, value), .fault = AbiFault::IntegerOutOfRange};
    }
    case AbiKind::Bool: {
        const bool isZero = allZero(word);
        const bool isOne = !isZero && word.back() == 1 && allZero(word.first(31));
        return {.value = !isZero, .fault = faultIf(!isZero && !isOne, AbiFault::BoolNotZeroOrOne)};
    }
    case AbiKind::Address:
        return {.value = *Address::fromBytes(word.last(20)),
                .fault = faultIf(!allZero(word.first(12)), AbiFault::AddressNotClean)};
    default:
        Q_ASSERT(type.kind() == AbiKind::FixedBytes || type.kind() == AbiKind::Function);
        return {.value = word.first(type.length()).toByteArray(),
                .fault = faultIf(!allZero(word.sliced(type.length())), AbiFault::FixedBytesPadding)};
    }
}

Result<AbiValue> abiDecodeWord(const AbiType &type, QByteArrayView word, qsizetype position)
{
    if (!type.isWord())
        return fail(ErrorKind::Internal, type.canonical() + u" is not one word"_s, u"abi.value"_s);
    if (word.size() != 32)
        return abiFail(AbiFault::Truncated, position + word.size());
    AbiWord read = abiReadWord(type, word);
    if (read.fault)
        return abiFail(*read.fault, position);
    return std::move(read.value);
}

Result<void> abiAppendWord(const AbiType &type, const AbiValue &value, Bytes &out)
{
    switch (type.kind()) {
    case AbiKind::Uint:
    case AbiKind::Int: {
        const auto *number = value.get<Uint256>();
        if (!number)
            return unfit(type, u"a number is needed"_s);
        if (!fits(type, *number))
            return unfit(type, u"the number is out of range"_s);
        out.append(number->toBigEndian());
        return {};
    }
    case AbiKind::Bool: {
        const auto *flag = value.get<bool>();
        if (!flag)
            return unfit(type, u"true or false is needed"_s);
        out.append(31, '\0');
        out.append(*flag ? '\1' : '\0');
        return {};
    }
    case AbiKind::Address: {
        const auto *address = value.get<Address>();
        if (!address)
            return unfit(type, u"an address is needed"_s);
        out.append(12, '\0');
        out.append(address->view());
        return {};
    }
    case AbiKind::FixedBytes:
    case AbiKind::Function: {
        const auto *bytes = value.get<Bytes>();
        if (!bytes || bytes->size() != type.length())
            return unfit(type, u"exactly "_s + QString::number(type.length()) + u" bytes are needed"_s);
        out.append(*bytes);
        out.append(32 - bytes->size(), '\0');
        return {};
    }
    default:
        return unfit(type, u"it is not one word"_s);
    }
}

Result<Bytes> abiEncodeWord(const AbiType &type, const AbiValue &value)
{
    Bytes word;
    word.reserve(32);
    if (auto done = abiAppendWord(type, value, word); !done)
        return std::unexpected(done.error());
    return word;
}

} // namespace countersign
