#include "app/cli/batch/operations.h"
#include "backend/evm/abijson.h"
#include "backend/evm/codeverificationjson.h"
#include "backend/evm/jsonscalar.h"
#include "backend/evm/merkleproof.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <array>

namespace countersign {

namespace {

Result<void> verify(Fields &request, JsonObject &result)
{
    for (const char *name : {"artifact", "deployed", "initCode", "constructorArgs", "libraries", "address", "contract"})
        request.optional(name);
    if (auto done = request.done(); !done)
        return done;
    const auto verdict = verifyCodeFromJson(request.object(),
        [](const std::vector<AbiParameter> &parameters, JsonView json) { return abiValuesFromJson(parameters, json); });
    if (!verdict)
        return std::unexpected(verdict.error());
    const QByteArray json = toJson(*verdict);
    result.members(membersOf(json));
    return {};
}

// The key is the path in the trie. Ethereum's tries of accounts and storage hash addresses and slots first: with
// `secure` the key is hashed here. Without a word about it both are tried for a key of 20 or 32 bytes: a value that either
// proves is the answer, before an absence; `secure` in the answer says which it was.
Result<void> verifyProof(Fields &request, JsonObject &result)
{
    const Hash32 root = request.hash("root");
    const Bytes key = request.bytes("key");
    std::vector<Bytes> proof;
    for (const JsonView node : request.list("proof")) {
        auto bytes = bytesFromJson(node);
        if (!bytes)
            request.refuse("proof", bytes.error());
        else
            proof.push_back(*std::move(bytes));
    }
    const bool isSecureSaid = request.has("secure");
    bool secure = request.flag("secure", false);
    const std::optional<Bytes> expected = request.has("value") ? std::optional(request.bytes("value")) : std::nullopt;
    if (auto done = request.done(); !done)
        return done;
    auto found = verifyTrieProof(root, secure ? keccak256(key).bytes() : key, proof);
    const bool showsValue = found && found->has_value();
    if (!showsValue && !isSecureSaid && (key.size() == Address::size || key.size() == Hash32::size)) {
        auto hashed = verifyTrieProof(root, keccak256(key).bytes(), proof);
        if (hashed && (hashed->has_value() || !found)) {
            found = std::move(hashed);
            secure = true;
        }
    }
    if (!found)
        return std::unexpected(found.error());
    if (expected && (!*found || **found != *expected))
        return fail(ErrorKind::Conflict, *found ? u"The proof shows another value: %1"_s.arg(toHex(**found)) : u"The proof shows that there is no such key"_s,
            u"mpt.value"_s);
    if (*found)
        result.hex("value", **found);
    else
        result.flag("exclusion", true);
    result.flag("secure", secure);
    return {};
}

} // namespace

std::span<const Operation> codeOperations()
{
    static constexpr std::array operations{
        Operation{"code.verify", "artifact, deployed | initCode[, constructorArgs, libraries {\"source:Name\": address}, address, contract]",
            "match (exact, metadata-differs, mismatch), immutables, reasons", verify},
        Operation{"mpt.verify", "root, key, proof[, value, secure]", "value or exclusion, secure", verifyProof},
    };
    return operations;
}

} // namespace countersign
