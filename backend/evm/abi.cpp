#include "backend/evm/abi.h"

namespace countersign {

QLatin1StringView abiFaultCode(AbiFault fault)
{
    switch (fault) {
    case AbiFault::Truncated:
        return "abi.truncated"_L1;
    case AbiFault::TrailingBytes:
        return "abi.trailing"_L1;
    case AbiFault::OffsetTooLarge:
        return "abi.offset.large"_L1;
    case AbiFault::OffsetCycle:
        return "abi.offset.cycle"_L1;
    case AbiFault::OffsetBackward:
        return "abi.offset.backward"_L1;
    case AbiFault::OffsetGap:
        return "abi.offset.gap"_L1;
    case AbiFault::Overlap:
        return "abi.overlap"_L1;
    case AbiFault::UnusedBytes:
        return "abi.unused"_L1;
    case AbiFault::LengthTooLarge:
        return "abi.length"_L1;
    case AbiFault::IntegerOutOfRange:
        return "abi.integer"_L1;
    case AbiFault::BoolNotZeroOrOne:
        return "abi.bool"_L1;
    case AbiFault::AddressNotClean:
        return "abi.address"_L1;
    case AbiFault::FixedBytesPadding:
        return "abi.fixedbytes"_L1;
    case AbiFault::BytesPadding:
        return "abi.padding"_L1;
    case AbiFault::PaddingMissing:
        return "abi.padding.missing"_L1;
    case AbiFault::TextNotUtf8:
        return "abi.utf8"_L1;
    case AbiFault::TooLarge:
        return "abi.limit"_L1;
    case AbiFault::Amplified:
        return "abi.amplified"_L1;
    case AbiFault::SelectorMismatch:
        return "abi.selector"_L1;
    }
    return "abi"_L1;
}

QString abiFaultText(AbiFault fault)
{
    switch (fault) {
    case AbiFault::Truncated:
        return u"The data ends inside a value"_s;
    case AbiFault::TrailingBytes:
        return u"Bytes follow after the last value"_s;
    case AbiFault::OffsetTooLarge:
        return u"An offset points beyond the data"_s;
    case AbiFault::OffsetCycle:
        return u"An offset points into the list that it is part of"_s;
    case AbiFault::OffsetBackward:
        return u"An offset points into what was read already"_s;
    case AbiFault::OffsetGap:
        return u"An offset leaves bytes that belong to no value"_s;
    case AbiFault::Overlap:
        return u"Bytes belong to more than one value"_s;
    case AbiFault::UnusedBytes:
        return u"Bytes between the values belong to none"_s;
    case AbiFault::LengthTooLarge:
        return u"A length is larger than the data"_s;
    case AbiFault::IntegerOutOfRange:
        return u"An integer has bits beyond its width"_s;
    case AbiFault::BoolNotZeroOrOne:
        return u"A bool is neither 0 nor 1"_s;
    case AbiFault::AddressNotClean:
        return u"The bytes above an address are not zero"_s;
    case AbiFault::FixedBytesPadding:
        return u"The bytes behind a value of fixed bytes are not zero"_s;
    case AbiFault::BytesPadding:
        return u"The padding of a value is not zero"_s;
    case AbiFault::PaddingMissing:
        return u"The data ends before the padding of a value"_s;
    case AbiFault::TextNotUtf8:
        return u"A text is not UTF-8"_s;
    case AbiFault::TooLarge:
        return u"The data is larger than this program reads"_s;
    case AbiFault::Amplified:
        return u"The data refers to the same bytes so often that its values are larger than this program reads"_s;
    case AbiFault::SelectorMismatch:
        return u"The data is for another function"_s;
    }
    return {};
}

std::unexpected<Error> abiFail(AbiFault fault, qsizetype position, const QString &path)
{
    const bool isLimit = fault == AbiFault::TooLarge || fault == AbiFault::Amplified;
    const QString where = path.isEmpty() ? QString() : QString(u", "_s + path);
    return fail(isLimit ? ErrorKind::Exhausted : ErrorKind::Invalid,
                abiFaultText(fault) + u" (byte "_s + QString::number(position) + where + u")."_s,
                abiFaultCode(fault) + u" at byte "_s + QString::number(position));
}

std::vector<AbiType> typesOf(const std::vector<AbiParameter> &parameters)
{
    std::vector<AbiType> types;
    types.reserve(parameters.size());
    for (const AbiParameter &parameter : parameters)
        types.push_back(parameter.type);
    return types;
}

} // namespace countersign
