#include "backend/evm/abipacked.h"

namespace countersign {

namespace {

std::unexpected<Error> refuse(const QString &what)
{
    return fail(ErrorKind::Invalid, what, u"abi.packed"_s);
}

// Bytes of a word that the type uses.
qsizetype widthOf(const AbiType &type)
{
    switch (type.kind()) {
    case AbiKind::Uint:
    case AbiKind::Int:
        return type.bits() / 8;
    case AbiKind::Bool:
        return 1;
    case AbiKind::Address:
        return Address::size;
    default:
        return type.length();
    }
}

Result<void> appendElements(const AbiType &type, const AbiValue &value, Bytes &out)
{
    const auto *list = value.get<AbiValue::List>();
    if (!list)
        return refuse(type.canonical() + u": a list is needed"_s);
    const auto size = static_cast<qsizetype>(list->size());
    if (type.kind() == AbiKind::FixedArray && size != type.length())
        return refuse(type.canonical() + u": "_s + QString::number(size) + u" values given"_s);
    const AbiType &element = type.element();
    if (element.kind() == AbiKind::Bytes || element.kind() == AbiKind::String || element.kind() == AbiKind::Tuple)
        return refuse(type.canonical() + u" has no packed encoding"_s);
    for (const AbiValue &item : *list) {
        if (auto done = element.isWord() ? abiAppendWord(element, item, out) : appendElements(element, item, out); !done)
            return done;
    }
    return {};
}

Result<void> append(const AbiType &type, const AbiValue &value, Bytes &out)
{
    switch (type.kind()) {
    case AbiKind::Tuple:
        return refuse(type.canonical() + u" has no packed encoding"_s);
    case AbiKind::Array:
    case AbiKind::FixedArray:
        return appendElements(type, value, out);
    case AbiKind::Bytes: {
        const auto *bytes = value.get<Bytes>();
        if (!bytes)
            return refuse(u"bytes: bytes are needed"_s);
        out += *bytes;
        return {};
    }
    case AbiKind::String: {
        const auto *text = value.get<QString>();
        if (!text || !text->isValidUtf16())
            return refuse(u"string: a text is needed"_s);
        out += text->toUtf8();
        return {};
    }
    default: {
        const auto word = abiEncodeWord(type, value);
        if (!word)
            return std::unexpected(word.error());
        const bool leftAligned = type.kind() == AbiKind::FixedBytes || type.kind() == AbiKind::Function;
        out += leftAligned ? word->first(widthOf(type)) : word->last(widthOf(type));
        return {};
    }
    }
}

} // namespace

Result<Bytes> abiEncodePacked(std::span<const AbiType> types, std::span<const AbiValue> values)
{
    if (types.size() != values.size())
        return refuse(QString::number(types.size()) + u" values are needed, "_s + QString::number(values.size()) + u" given"_s);
    Bytes out;
    for (size_t i = 0; i < types.size(); ++i) {
        if (auto done = append(types[i], values[i], out); !done)
            return fail(done.error().kind, u"["_s + QString::number(i) + u"]: "_s + done.error().message, done.error().detail);
    }
    return out;
}

} // namespace countersign
