#include "backend/evm/abi.h"

namespace countersign {

namespace {

std::unexpected<Error> unfit(const AbiType &type, const QString &why)
{
    return fail(ErrorKind::Invalid, u"The value does not fit "_s + type.canonical() + u": "_s + why, u"abi.value"_s);
}

bool fits(const AbiType &type, const Uint256 &value)
{
    if (type.kind() == AbiKind::Uint)
        return value.bitLength() <= type.bits();
    // Two's complement: every bit from the sign bit up must be the same.
    const Uint256 high = value.shiftedRight(type.bits() - 1);
    return high.isZero() || high == Uint256::max().shiftedRight(type.bits() - 1);
}

void appendPadded(Bytes &out, QByteArrayView bytes)
{
    out.append(bytes);
    out.append((32 - bytes.size() % 32) % 32, '\0');
}

void patchWord(Bytes &out, qsizetype position, qsizetype number)
{
    const Bytes word = Uint256(static_cast<quint64>(number)).toBigEndian();
    out.replace(position, 32, word);
}

Result<void> encodeInto(const AbiType &type, const AbiValue &value, Bytes &out);

// Heads, then tails, of values whose type is given by index; offsets count from the first head.
template<class TypeAt>
Result<void> encodeSequence(TypeAt typeAt, std::span<const AbiValue> values, Bytes &out)
{
    const qsizetype base = out.size();
    qsizetype head = 0;
    for (size_t i = 0; i < values.size(); ++i)
        head += typeAt(i).headSize();
    // Static values may stand in their heads at once only while no tail was written: so first all heads, then tails.
    for (size_t i = 0; i < values.size(); ++i) {
        if (typeAt(i).isDynamic()) {
            out.append(32, '\0');
            continue;
        }
        if (auto done = encodeInto(typeAt(i), values[i], out); !done)
            return done;
    }
    qsizetype headAt = base;
    for (size_t i = 0; i < values.size(); ++i) {
        const AbiType &type = typeAt(i);
        if (type.isDynamic()) {
            patchWord(out, headAt, out.size() - base);
            if (auto done = encodeInto(type, values[i], out); !done)
                return done;
        }
        headAt += type.headSize();
    }
    Q_ASSERT(headAt == base + head);
    return {};
}

Result<void> encodeElements(const AbiType &element, const AbiValue::List &list, Bytes &out)
{
    const AbiType *const type = &element;
    return encodeSequence([type](size_t) -> const AbiType & { return *type; }, list, out);
}

Result<void> encodeList(const AbiType &type, const AbiValue &value, Bytes &out)
{
    const auto *list = value.get<AbiValue::List>();
    if (!list)
        return unfit(type, u"a list is needed"_s);
    const auto size = static_cast<qsizetype>(list->size());
    if (type.kind() == AbiKind::Array) {
        out.append(Uint256(static_cast<quint64>(size)).toBigEndian());
        return encodeElements(type.element(), *list, out);
    }
    if (size != type.length())
        return unfit(type, QString::number(size) + u" values given"_s);
    if (type.kind() == AbiKind::FixedArray)
        return encodeElements(type.element(), *list, out);
    return encodeSequence([&type](size_t i) -> const AbiType & { return type.components()[i].type; }, *list, out);
}

Result<void> encodeInto(const AbiType &type, const AbiValue &value, Bytes &out)
{
    switch (type.kind()) {
    case AbiKind::Bytes: {
        const auto *bytes = value.get<Bytes>();
        if (!bytes)
            return unfit(type, u"bytes are needed"_s);
        out.append(Uint256(static_cast<quint64>(bytes->size())).toBigEndian());
        appendPadded(out, *bytes);
        return {};
    }
    case AbiKind::String: {
        const auto *text = value.get<QString>();
        if (!text)
            return unfit(type, u"text is needed"_s);
        if (!text->isValidUtf16())
            return unfit(type, u"the text is not valid Unicode"_s);
        const Bytes utf8 = text->toUtf8();
        out.append(Uint256(static_cast<quint64>(utf8.size())).toBigEndian());
        appendPadded(out, utf8);
        return {};
    }
    case AbiKind::Array:
    case AbiKind::FixedArray:
    case AbiKind::Tuple:
        return encodeList(type, value, out);
    default: {
        const auto word = abiEncodeWord(type, value);
        if (!word)
            return std::unexpected(word.error());
        out.append(*word);
        return {};
    }
    }
}

template<class TypeAt>
Result<Bytes> encodeTop(TypeAt typeAt, size_t count, std::span<const AbiValue> values)
{
    if (values.size() != count)
        return fail(ErrorKind::Invalid, QString::number(count) + u" values are needed, "_s + QString::number(values.size()) + u" given"_s,
                    u"abi.value"_s);
    Bytes out;
    if (auto done = encodeSequence(typeAt, values, out); !done)
        return std::unexpected(done.error());
    return out;
}

} // namespace

Result<Bytes> abiEncodeWord(const AbiType &type, const AbiValue &value)
{
    switch (type.kind()) {
    case AbiKind::Uint:
    case AbiKind::Int: {
        const auto *number = value.get<Uint256>();
        if (!number)
            return unfit(type, u"a number is needed"_s);
        if (!fits(type, *number))
            return unfit(type, u"the number is out of range"_s);
        return number->toBigEndian();
    }
    case AbiKind::Bool: {
        const auto *flag = value.get<bool>();
        if (!flag)
            return unfit(type, u"true or false is needed"_s);
        return Uint256(*flag ? 1 : 0).toBigEndian();
    }
    case AbiKind::Address: {
        const auto *address = value.get<Address>();
        if (!address)
            return unfit(type, u"an address is needed"_s);
        Bytes word(12, '\0');
        word.append(address->view());
        return word;
    }
    case AbiKind::FixedBytes:
    case AbiKind::Function: {
        const auto *bytes = value.get<Bytes>();
        if (!bytes || bytes->size() != type.length())
            return unfit(type, u"exactly "_s + QString::number(type.length()) + u" bytes are needed"_s);
        return bytes->leftJustified(32, '\0');
    }
    default:
        return unfit(type, u"it is not one word"_s);
    }
}

Result<Bytes> abiEncode(std::span<const AbiType> types, std::span<const AbiValue> values)
{
    return encodeTop([types](size_t i) -> const AbiType & { return types[i]; }, types.size(), values);
}

Result<Bytes> abiEncode(const std::vector<AbiParameter> &parameters, std::span<const AbiValue> values)
{
    return encodeTop([&parameters](size_t i) -> const AbiType & { return parameters[i].type; }, parameters.size(), values);
}

} // namespace countersign
