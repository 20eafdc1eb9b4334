#include "backend/evm/abitopic.h"

#include "backend/types/keccak.h"

namespace countersign {

namespace {

std::unexpected<Error> unfit(const AbiType &type)
{
    return fail(ErrorKind::Invalid, u"The value does not fit "_s + type.canonical(), u"abi.value"_s);
}

// The bytes of bytes and string.
Result<Bytes> contentOf(const AbiType &type, const AbiValue &value)
{
    if (type.kind() == AbiKind::Bytes) {
        if (const auto *bytes = value.get<Bytes>())
            return *bytes;
    } else if (const auto *text = value.get<QString>(); text && text->isValidUtf16()) {
        return text->toUtf8();
    }
    return unfit(type);
}

Result<void> appendInPlace(const AbiType &type, const AbiValue &value, Bytes &out)
{
    if (type.isWord())
        return abiAppendWord(type, value, out);
    if (type.kind() == AbiKind::Bytes || type.kind() == AbiKind::String) {
        const auto content = contentOf(type, value);
        if (!content)
            return std::unexpected(content.error());
        out += *content;
        out.append((32 - content->size() % 32) % 32, '\0');
        return {};
    }
    const auto *list = value.get<AbiValue::List>();
    if (!list || (type.kind() != AbiKind::Array && static_cast<qsizetype>(list->size()) != type.length()))
        return unfit(type);
    for (size_t i = 0; i < list->size(); ++i) {
        const AbiType &part = type.kind() == AbiKind::Tuple ? type.components()[i].type : type.element();
        if (auto done = appendInPlace(part, (*list)[i], out); !done)
            return done;
    }
    return {};
}

} // namespace

Result<Hash32> abiTopic(const AbiType &type, const AbiValue &value)
{
    if (type.kind() == AbiKind::Bytes || type.kind() == AbiKind::String) {
        const auto content = contentOf(type, value);
        if (!content)
            return std::unexpected(content.error());
        return keccak256(*content);
    }
    Bytes encoded;
    if (auto done = appendInPlace(type, value, encoded); !done)
        return std::unexpected(done.error());
    return type.isWord() ? Hash32::fromDigest(encoded) : keccak256(encoded);
}

} // namespace countersign
