#include "backend/evm/abi.h"

#include <QtEndian>

#include <cstring>

namespace countersign {

namespace {

std::unexpected<Error> unfit(const AbiType &type, const QString &why)
{
    return fail(ErrorKind::Invalid, u"The value does not fit "_s + type.canonical() + u": "_s + why, u"abi.value"_s);
}

void appendPadded(Bytes &out, QByteArrayView bytes)
{
    out.append(bytes);
    out.append((32 - bytes.size() % 32) % 32, '\0');
}

void writeNumber(char *word, qsizetype number)
{
    std::memset(word, 0, 24);
    qToBigEndian(static_cast<quint64>(number), word + 24);
}

void appendNumber(Bytes &out, qsizetype number)
{
    out.resize(out.size() + 32);
    writeNumber(out.data() + out.size() - 32, number);
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
            writeNumber(out.data() + headAt, out.size() - base);
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
        appendNumber(out, size);
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
        appendNumber(out, bytes->size());
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
        appendNumber(out, utf8.size());
        appendPadded(out, utf8);
        return {};
    }
    case AbiKind::Array:
    case AbiKind::FixedArray:
    case AbiKind::Tuple:
        return encodeList(type, value, out);
    default:
        return abiAppendWord(type, value, out);
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

Result<Bytes> abiEncode(std::span<const AbiType> types, std::span<const AbiValue> values)
{
    return encodeTop([types](size_t i) -> const AbiType & { return types[i]; }, types.size(), values);
}

Result<Bytes> abiEncode(const std::vector<AbiParameter> &parameters, std::span<const AbiValue> values)
{
    return encodeTop([&parameters](size_t i) -> const AbiType & { return parameters[i].type; }, parameters.size(), values);
}

} // namespace countersign
