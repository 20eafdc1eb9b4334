#include "backend/policy/policysignaturesjson.h"

#include "backend/types/json.h"
#include "backend/types/strings.h"
#include "backend/types/uint256.h"

namespace countersign {

namespace {

constexpr auto fileKind = "countersign.policy-signatures"_L1;

Result<QString> textOf(JsonView object, QUtf8StringView key)
{
    const auto member = object.find(key);
    if (!member || !member->isString())
        return fail(ErrorKind::Invalid, u"“%1” is not a text"_s.arg(key.toString()));
    return member->toString();
}

template <class T> Result<T> valueOf(JsonView object, QUtf8StringView key)
{
    const auto text = textOf(object, key);
    if (!text)
        return std::unexpected(text.error());
    auto value = T::parse(*text);
    if (!value)
        return fail(ErrorKind::Invalid, u"“%1”: %2"_s.arg(key.toString(), value.error().message));
    return *value;
}

template <class Int> Result<Int> numberOf(JsonView object, QUtf8StringView key)
{
    const auto value = valueOf<Uint256>(object, key);
    if (!value)
        return std::unexpected(value.error());
    const auto small = value->toU64();
    if (!small || *small > std::numeric_limits<Int>::max())
        return fail(ErrorKind::Invalid, u"“%1” is too large"_s.arg(key.toString()));
    return static_cast<Int>(*small);
}

Result<void> readSignature(JsonView json, PolicySignatures &all)
{
    const auto owner = valueOf<Address>(json, "owner");
    if (!owner)
        return std::unexpected(owner.error());
    const auto text = textOf(json, "signature");
    if (!text)
        return std::unexpected(text.error());
    const auto bytes = bytesFromHex(*text);
    const auto signature
        = bytes ? EvmSignature::fromBytes65(*bytes) : Result<EvmSignature>(std::unexpected(bytes.error()));
    if (!signature)
        return fail(ErrorKind::Invalid, u"a signature is not valid: %1"_s.arg(signature.error().message));
    const qsizetype before = all.signatures.size();
    if (auto added = all.add(*signature); !added)
        return fail(ErrorKind::Invalid, u"a signature is not valid: %1"_s.arg(added.error().message));
    // In its place behind the others: order and uniqueness are part of the canonical form.
    if (all.signatures.size() == before || all.signatures.last().signature != *signature
        || all.signatures.last().owner != *owner)
        return fail(ErrorKind::Invalid,
            u"a signature is not by %1, whom the file names, or not in its place"_s.arg(owner->toString()));
    return {};
}

Result<PolicySignatures> readHead(JsonView root)
{
    if (textOf(root, "kind") != Result<QString>(QString(fileKind)))
        return fail(ErrorKind::Invalid, u"its kind is not %1"_s.arg(fileKind));
    if (textOf(root, "format") != Result<QString>(u"1"_s))
        return fail(ErrorKind::Invalid, u"its format is not 1"_s);
    PolicySignatures head;
    const auto chain = numberOf<quint64>(root, "chainId");
    if (!chain)
        return std::unexpected(chain.error());
    const auto safe = valueOf<Address>(root, "safe");
    if (!safe)
        return std::unexpected(safe.error());
    const auto id = valueOf<Hash32>(root, "policy");
    if (!id)
        return std::unexpected(id.error());
    const auto name = textOf(root, "name");
    if (!name)
        return std::unexpected(name.error());
    const auto version = numberOf<quint32>(root, "version");
    if (!version)
        return std::unexpected(version.error());
    return PolicySignatures{ChainId(*chain), *safe, *id, *name, *version, {}};
}

void appendMember(Bytes &json, QByteArrayView key, const QString &value)
{
    json += "  \"";
    json.append(key);
    json += "\": ";
    appendJsonString(json, QUtf8StringView(value.toUtf8()));
    json += ",\n";
}

} // namespace

Result<PolicySignatures> policySignaturesFromJson(QByteArrayView file)
{
    if (file.size() > maxPolicySignaturesBytes)
        return fail(ErrorKind::Exhausted, u"the file has more than %1 bytes"_s.arg(maxPolicySignaturesBytes));
    const auto json
        = JsonText::parse(file.toByteArray(), {.maxBytes = maxPolicySignaturesBytes, .maxDepth = 4, .maxValues = 4096});
    if (!json)
        return std::unexpected(json.error());
    auto read = readHead(json->root());
    if (!read)
        return read;
    const auto signatures = json->root().find("signatures");
    if (!signatures || !signatures->isArray())
        return fail(ErrorKind::Invalid, u"“signatures” is not a list"_s);
    if (signatures->size() > maxPolicySignatures)
        return fail(ErrorKind::Exhausted, u"the file has more than %1 signatures"_s.arg(maxPolicySignatures));
    for (const JsonView signature : *signatures) {
        if (auto added = readSignature(signature, *read); !added)
            return std::unexpected(added.error());
    }
    if (policySignaturesToJson(*read) != file)
        return fail(
            ErrorKind::Invalid, u"the file is not in the canonical form: it holds something else than what it says"_s);
    return read;
}

Bytes policySignaturesToJson(const PolicySignatures &signatures)
{
    Bytes json = "{\n";
    appendMember(json, "chainId", QString::number(signatures.chainId.value()));
    appendMember(json, "format", u"1"_s);
    appendMember(json, "kind", fileKind);
    appendMember(json, "name", signatures.name);
    appendMember(json, "policy", signatures.policyId.toString());
    appendMember(json, "safe", signatures.safe.toString());
    json += "  \"signatures\": [";
    for (qsizetype i = 0; i < signatures.signatures.size(); ++i) {
        const PolicySignature &one = signatures.signatures[i];
        json += i > 0 ? ",\n" : "\n";
        json += "    {\"owner\": \"" + one.owner.toString().toLatin1() + "\", \"signature\": \"";
        appendHex(json, one.signature.toBytes65());
        json += "\"}";
    }
    json += signatures.signatures.isEmpty() ? "],\n" : "\n  ],\n";
    json += "  \"version\": \"" + QByteArray::number(signatures.version) + "\"\n}\n";
    return json;
}

} // namespace countersign
