#include "app/cli/review/safeinput.h"

#include "app/cli/batch/jsonobject.h"
#include "backend/evm/jsonscalar.h"
#include "backend/evm/typeddata.h"
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

// What file and option say of one thing; one of them must, and both the same.
template <class T, class Parse>
Result<T> agreed(const std::optional<JsonView> &member, const Invocation &invocation, const QString &option, const QString &name, Parse parse)
{
    std::optional<T> value;
    if (member && !member->isNull()) {
        auto read = parse(member->toString());
        if (!read)
            return fail(ErrorKind::Invalid, name + u": "_s + read.error().message);
        value = *read;
    }
    if (invocation.has(option)) {
        auto read = parse(invocation.value(option));
        if (!read)
            return fail(ErrorKind::Invalid, u"--%1: %2"_s.arg(option, read.error().message));
        if (value && *value != *read)
            return fail(ErrorKind::Conflict, u"--%1 is not the %2 of the file"_s.arg(option, name));
        value = *read;
    }
    if (!value)
        return fail(ErrorKind::Invalid, u"The file does not say its %1; say it with --%2"_s.arg(name, option), u"usage"_s);
    return *value;
}

Result<SafePlace> placeOf(JsonView json, const std::optional<JsonView> &chainMember, const std::optional<JsonView> &safeMember,
    const Invocation &invocation)
{
    SafePlace place;
    const auto chain = agreed<quint64>(chainMember, invocation, u"chain-id"_s, u"chain id"_s, [](const QString &text) -> Result<quint64> {
        const auto number = Uint256::parse(text);
        const auto small = number ? number->toU64() : std::nullopt;
        return small ? Result<quint64>(*small) : fail(ErrorKind::Invalid, u"\"%1\" is no chain id"_s.arg(text));
    });
    if (!chain)
        return std::unexpected(chain.error());
    place.chain = ChainId(*chain);
    const auto safe = agreed<Address>(
        safeMember, invocation, u"safe"_s, u"safe"_s, [](const QString &text) { return Address::parse(text); });
    if (!safe)
        return std::unexpected(safe.error());
    place.safe = *safe;
    const auto versionMember = json.find("version") ? json.find("version") : json.find("safeVersion");
    if (!versionMember && !invocation.has(u"safe-version"_s))
        return place;
    const auto version = agreed<SafeVersion>(versionMember, invocation, u"safe-version"_s, u"Safe version"_s,
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

Result<SafePlace> readSafePlace(JsonView json, const Invocation &invocation)
{
    return placeOf(json, json.find("chainId"), json.find("safe"), invocation);
}

QList<QCommandLineOption> safePlaceOptions()
{
    return {{u"chain-id"_s, u"Chain that the Safe is on, when the file does not say."_s, u"N"_s},
        {u"safe"_s, u"Address of the Safe, when the file does not say."_s, u"ADDRESS"_s},
        {u"safe-version"_s, u"Version of the Safe's contract (1.0.0 to 1.5.0); 1.3.0 and later hash alike, which is what is assumed."_s,
            u"VERSION"_s}};
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

Result<SafeInput> readSafeInput(JsonView json, const Invocation &invocation)
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
        auto place = placeOf(json, chain, safe, invocation);
        if (!chain && place && !invocation.has(u"safe-version"_s))
            place->version = SafeVersion::v111(); // a domain without the chain is that of the old contracts
        if (!place)
            return std::unexpected(place.error());
        input.place = *place;
    } else {
        const auto place = placeOf(json, chain, safe, invocation);
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
