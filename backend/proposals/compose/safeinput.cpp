#include "backend/proposals/compose/safeinput.h"

#include "backend/evm/jsonscalar.h"
#include "backend/evm/typeddata.h"
#include "backend/types/jsonobject.h"
#include "backend/types/strings.h"

#include <array>

namespace countersign {

namespace {

constexpr std::array<QUtf8StringView, 10> safeTxFields{
    "to", "value", "data", "operation", "safeTxGas", "baseGas", "gasPrice", "gasToken", "refundReceiver", "nonce"};

bool isSafeTxTypedData(JsonView json)
{
    const auto primary = json.find("primaryType");
    return json.find("types") && primary && primary->toString() == u"SafeTx";
}

// What file and person say of one thing; one of them must, and both the same.
template <class T, class Parse>
Result<T> agreed(const std::optional<JsonView> &member, const std::optional<T> &hint, const QString &name, const QString &code, Parse parse)
{
    std::optional<T> value;
    if (member && !member->isNull()) {
        auto read = parse(member->toString());
        if (!read)
            return fail(ErrorKind::Invalid, name + u": "_s + read.error().message);
        value = *read;
    }
    if (hint && value && *value != *hint)
        return fail(ErrorKind::Conflict, u"The %1 that was given is not that of the file"_s.arg(name), code);
    if (hint)
        value = *hint;
    if (!value)
        return fail(ErrorKind::Invalid, u"The file does not say its %1"_s.arg(name), code);
    return *value;
}

Result<ChainId> chainIdOf(const QString &text)
{
    const auto number = Uint256::parse(text);
    const auto small = number ? number->toU64() : std::nullopt;
    return small ? Result<ChainId>(ChainId(*small)) : fail(ErrorKind::Invalid, u"\"%1\" is no chain id"_s.arg(text));
}

Result<SafePlace> placeOf(JsonView json, const std::optional<JsonView> &chainMember, const std::optional<JsonView> &safeMember,
    const SafePlaceHints &hints)
{
    SafePlace place;
    const auto chain = agreed<ChainId>(chainMember, hints.chain, u"chain id"_s, u"place.chain-id"_s, chainIdOf);
    if (!chain)
        return std::unexpected(chain.error());
    place.chain = *chain;
    const auto safe = agreed<Address>(
        safeMember, hints.safe, u"safe"_s, u"place.safe"_s, [](const QString &text) { return Address::parse(text); });
    if (!safe)
        return std::unexpected(safe.error());
    place.safe = *safe;
    const auto versionMember = json.find("version") ? json.find("version") : json.find("safeVersion");
    if (!versionMember && !hints.version)
        return place;
    const auto version = agreed<SafeVersion>(versionMember, hints.version, u"Safe version"_s, u"place.safe-version"_s,
        [](const QString &text) { return SafeVersion::parse(text); });
    if (!version)
        return std::unexpected(version.error());
    place.version = *version;
    return place;
}

Result<void> readClaims(JsonView json, SafeInput &input)
{
    for (const QUtf8StringView name : {"safeTxHash", "contractTransactionHash"}) {
        const auto member = json.find(name);
        if (!member || member->isNull())
            continue;
        const auto hash = bytes32FromJson(*member);
        if (!hash)
            return fail(ErrorKind::Invalid, name.toString() + u": "_s + hash.error().message);
        input.claimedHash = *hash;
    }
    if (const auto signatures = json.find("signatures"); signatures && signatures->isString()) {
        const auto bytes = bytesFromJson(*signatures);
        if (!bytes)
            return fail(ErrorKind::Invalid, u"signatures: "_s + bytes.error().message);
        input.signatures = *bytes;
    }
    if (const auto confirmations = json.find("confirmations"); confirmations && confirmations->isArray()) {
        for (const JsonView confirmation : *confirmations) {
            const auto member = confirmation.find("signature");
            if (!member || member->isNull())
                continue;
            const auto bytes = bytesFromJson(*member);
            if (!bytes)
                return fail(ErrorKind::Invalid, u"confirmations: "_s + bytes.error().message);
            input.signatures += *bytes;
            ++input.signatureCount;
        }
    }
    return {};
}

} // namespace

Result<SafePlace> readSafePlace(JsonView json, const SafePlaceHints &hints)
{
    return placeOf(json, json.find("chainId"), json.find("safe"), hints);
}

bool looksLikeSafeInput(JsonView json)
{
    if (!json.isObject())
        return false;
    if (isSafeTxTypedData(json))
        return true;
    const auto tx = json.find("tx");
    const JsonView holder = tx && tx->isObject() ? *tx : json;
    return holder.find("to") && holder.find("operation") && holder.find("nonce") && (holder.find("safeTxGas") || json.find("safe"));
}

Result<SafeInput> readSafeInput(JsonView json, const SafePlaceHints &hints)
{
    if (!json.isObject())
        return fail(ErrorKind::Invalid, u"A Safe transaction is a JSON object, this is %1"_s.arg(json.kindName()));
    SafeInput input;
    auto holder = json;
    auto chain = json.find("chainId"), safe = json.find("safe");
    if (isSafeTxTypedData(json)) {
        // Read as typed data first, so that a type that only looks like SafeTx is refused.
        const auto data = TypedData::fromJson(json);
        if (!data)
            return std::unexpected(data.error());
        const auto domain = json.find("domain");
        chain = domain->find("chainId");
        safe = domain->find("verifyingContract");
        holder = *json.find("message");
        auto place = placeOf(json, chain, safe, hints);
        if (!chain && place && !hints.version)
            place->version = SafeVersion::v111(); // a domain without the chain is that of the old contracts
        if (!place)
            return std::unexpected(place.error());
        input.place = *place;
    } else {
        const auto place = placeOf(json, chain, safe, hints);
        if (!place)
            return std::unexpected(place.error());
        input.place = *place;
        if (const auto tx = json.find("tx"); tx && tx->isObject())
            holder = *tx;
        if (auto done = readClaims(json, input); !done)
            return std::unexpected(done.error());
    }
    // Only the ten fields are the transaction; services send much beside them, which is neither read nor believed.
    QByteArray ten;
    {
        JsonObject object(ten);
        for (const QUtf8StringView name : safeTxFields) {
            const auto member = holder.find(name);
            if (member && !member->isNull())
                object.value(name).append(member->toJson());
            else if (name == QUtf8StringView("data"))
                object.text("data", QUtf8StringView("0x"));
        }
    }
    const auto text = JsonText::parse(ten);
    if (!text)
        return std::unexpected(text.error());
    Fields fields(text->root());
    input.transaction = safeTransactionOf(fields, text->root());
    if (auto done = fields.firstError(); done)
        return std::unexpected(*done);
    if (isSafeTxTypedData(json)) {
        const auto data = TypedData::fromJson(json);
        input.claimedHash = data->digest();
    }
    return input;
}

} // namespace countersign
