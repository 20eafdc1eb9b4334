#include "app/cli/batch/operations.h"
#include "backend/evm/create2.h"
#include "backend/evm/rlpjson.h"
#include "backend/evm/signature.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <array>

namespace countersign {

namespace {

Result<void> hashBytes(Fields &request, JsonObject &result)
{
    const Bytes data = request.bytes("data");
    if (auto done = request.done(); !done)
        return done;
    result.hex("hash", keccak256(data));
    return {};
}

// Any case goes in, right or wrong: this is how a checksum is made.
Result<void> checksumAddress(Fields &request, JsonObject &result)
{
    const Bytes bytes = request.bytes("address");
    if (auto done = request.done(); !done)
        return done;
    const auto address = Address::fromBytes(bytes);
    if (!address)
        return std::unexpected(address.error());
    result.address("address", *address);
    return {};
}

Result<void> encodeRlp(Fields &request, JsonObject &result)
{
    const auto item = request.value("item");
    if (auto done = request.done(); !done)
        return done;
    const auto data = rlpFromJson(*item);
    if (!data)
        return std::unexpected(data.error());
    result.hex("data", *data);
    return {};
}

Result<void> decodeRlp(Fields &request, JsonObject &result)
{
    const Bytes data = request.bytes("data");
    if (auto done = request.done(); !done)
        return done;
    const auto item = rlpToJson(data);
    if (!item)
        return std::unexpected(item.error());
    result.value("item").append(*item);
    return {};
}

// As one text of 65 or (EIP-2098) 64 bytes, or as an object of r, s and yParity or v.
EvmSignature signatureOf(Fields &request, QUtf8StringView name)
{
    const auto member = request.value(name);
    if (!member)
        return {};
    if (!member->isObject()) {
        const Bytes bytes = request.bytes(name);
        const auto signature = EvmSignature::fromBytes(bytes);
        if (!signature)
            request.refuse(name, signature.error());
        return signature.value_or(EvmSignature());
    }
    Fields parts(*member, name.toString());
    EvmSignature signature{.r = parts.hash("r"), .s = parts.hash("s")};
    const bool isV = parts.has("v");
    const quint64 parity = isV ? parts.small("v") : parts.small("yParity");
    signature.yParity = isV ? parity == 28 : parity == 1;
    if (auto done = parts.done(); !done)
        request.refuse(name, done.error());
    else if (isV ? parity != 27 && parity != 28 : parity > 1)
        request.refuse(name, Error{ErrorKind::Invalid, isV ? u"v is 27 or 28"_s : u"yParity is 0 or 1"_s, {}});
    return signature;
}

Result<void> recover(Fields &request, JsonObject &result)
{
    const Hash32 digest = request.hash("digest");
    const EvmSignature signature = signatureOf(request, "signature");
    if (auto done = request.done(); !done)
        return done;
    const auto address = recoverAddress(digest, signature);
    if (!address)
        return std::unexpected(address.error());
    result.address("address", *address);
    return {};
}

Result<void> predictCreate(Fields &request, JsonObject &result)
{
    const Address from = request.address("from");
    const Nonce nonce(request.small("nonce"));
    if (auto done = request.done(); !done)
        return done;
    result.address("address", createAddress(from, nonce));
    return {};
}

Result<void> predictCreate2(Fields &request, JsonObject &result)
{
    const Address from = request.address("from");
    const Hash32 salt = request.hash("salt");
    const bool hasCode = request.has("initCode");
    const Hash32 codeHash = hasCode ? keccak256(request.bytes("initCode")) : request.hash("initCodeHash");
    if (hasCode && request.has("initCodeHash") && request.hash("initCodeHash") != codeHash)
        request.refuse("initCodeHash", Error{ErrorKind::Invalid, u"it is not the hash of initCode"_s, {}});
    if (auto done = request.done(); !done)
        return done;
    result.address("address", create2Address(from, salt, codeHash));
    return {};
}

} // namespace

std::span<const Operation> valueOperations()
{
    static constexpr std::array operations{
        Operation{"keccak256", "data", "hash", hashBytes},
        Operation{"address.checksum", "address", "address", checksumAddress},
        Operation{"rlp.encode", "item", "data", encodeRlp},
        Operation{"rlp.decode", "data", "item", decodeRlp},
        Operation{"sig.recover", "digest, signature", "address", recover},
        Operation{"create.address", "from, nonce", "address", predictCreate},
        Operation{"create2.address", "from, salt, initCode | initCodeHash", "address", predictCreate2},
    };
    return operations;
}

} // namespace countersign
