#include "backend/evm/merkleproofjson.h"

#include "backend/evm/jsonscalar.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

constexpr qsizetype mostNodes = 1024;

template<class Read>
auto member(JsonView request, QUtf8StringView name, Read read) -> decltype(read(request))
{
    const auto found = request.isObject() ? request.find(name) : std::nullopt;
    if (!found)
        return fail(ErrorKind::Invalid, name.toString() + u": it is missing"_s, u"mpt.request"_s);
    auto value = read(*found);
    if (!value)
        return fail(value.error().kind, name.toString() + u": "_s + value.error().message, value.error().detail);
    return value;
}

Result<std::vector<Bytes>> nodesFromJson(JsonView value)
{
    if (!value.isArray() || value.size() > mostNodes)
        return fail(ErrorKind::Invalid, u"a list of up to 1,024 nodes is due"_s);
    std::vector<Bytes> nodes;
    nodes.reserve(static_cast<size_t>(value.size()));
    for (const JsonView entry : value) {
        auto node = bytesFromJson(entry);
        if (!node)
            return std::unexpected(node.error());
        nodes.push_back(*std::move(node));
    }
    return nodes;
}

} // namespace

Result<std::optional<Bytes>> verifyProofFromJson(JsonView request)
{
    const auto root = member(request, "root", bytes32FromJson);
    if (!root)
        return std::unexpected(root.error());
    const auto key = member(request, "key", bytesFromJson);
    if (!key)
        return std::unexpected(key.error());
    const auto proof = member(request, "proof", nodesFromJson);
    if (!proof)
        return std::unexpected(proof.error());
    auto shown = verifyTrieProof(*root, *key, *proof);
    const auto wanted = request.find("value");
    if (!shown || !wanted)
        return shown;
    std::optional<Bytes> expected;
    if (!wanted->isNull()) {
        auto bytes = member(request, "value", bytesFromJson);
        if (!bytes)
            return std::unexpected(bytes.error());
        expected = *std::move(bytes);
    }
    if (*shown != expected)
        return fail(ErrorKind::Conflict, u"The proof holds, but shows "_s + (*shown ? u"the value "_s + toHex(**shown) : u"that the key is absent"_s) + u'.',
                    u"mpt.value"_s);
    return shown;
}

QByteArray proofResultToJson(const std::optional<Bytes> &value)
{
    if (!value)
        return "{\"included\":false,\"value\":null}";
    QByteArray json = "{\"included\":true,\"value\":\"";
    appendHex(json, *value);
    return json + "\"}";
}

} // namespace countersign
