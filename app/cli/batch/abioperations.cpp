#include "app/cli/batch/operations.h"
#include "backend/evm/abievent.h"
#include "backend/evm/abifunction.h"
#include "backend/evm/abijson.h"
#include "backend/evm/abilenient.h"
#include "backend/evm/abipacked.h"
#include "backend/evm/typeddata.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <array>

namespace countersign {

namespace {

constexpr size_t mostTypes = 4096;

// Each type is a text such as "(address to, uint256 amount)[]"; the names serve paths and objects.
std::vector<AbiType> typesOf(Fields &request)
{
    std::vector<AbiType> types;
    const auto members = request.list("types");
    if (members.size() > mostTypes) {
        request.refuse("types", Error{ErrorKind::Exhausted, u"more than %1 types"_s.arg(mostTypes), {}});
        return types;
    }
    types.reserve(members.size());
    for (const JsonView member : members) {
        auto type = member.isString() ? AbiType::parse(member.toString())
                                      : Result<AbiType>(fail(ErrorKind::Invalid, u"a type is a text"_s));
        if (!type) {
            request.refuse("types", Error{type.error().kind, u"[%1] %2"_s.arg(types.size()).arg(type.error().message), {}});
            return types;
        }
        types.push_back(*std::move(type));
    }
    return types;
}

Result<void> encodeValues(Fields &request, JsonObject &result, auto encode)
{
    const auto types = typesOf(request);
    const auto json = request.value("values");
    if (auto done = request.done(); !done)
        return done;
    const auto values = abiValuesFromJson(types, *json);
    if (!values)
        return std::unexpected(values.error());
    const auto data = encode(types, *values);
    if (!data)
        return std::unexpected(data.error());
    result.hex("data", *data);
    return {};
}

Result<void> encode(Fields &request, JsonObject &result)
{
    return encodeValues(request, result,
        [](std::span<const AbiType> types, std::span<const AbiValue> values) { return abiEncode(types, values); });
}

Result<void> encodePacked(Fields &request, JsonObject &result)
{
    return encodeValues(request, result,
        [](std::span<const AbiType> types, std::span<const AbiValue> values) { return abiEncodePacked(types, values); });
}

Result<void> decode(Fields &request, JsonObject &result)
{
    const auto types = typesOf(request);
    const Bytes data = request.bytes("data");
    const bool strict = request.flag("strict", true);
    if (auto done = request.done(); !done)
        return done;
    if (strict) {
        const auto values = abiDecodeStrict(types, data);
        if (!values)
            return std::unexpected(values.error());
        appendAbiJson(result.value("values"), types, *values);
        result.value("deviations").append("[]");
        return {};
    }
    const auto decoded = abiDecodeLenient(types, data);
    if (!decoded)
        return std::unexpected(decoded.error());
    appendAbiJson(result.value("values"), types, decoded->values);
    QByteArray &list = result.value("deviations");
    list.append('[');
    for (const AbiDeviation &deviation : decoded->deviations) {
        if (!list.endsWith('['))
            list.append(',');
        JsonObject entry(list);
        entry.text("code", abiFaultCode(deviation.fault));
        entry.number("position", static_cast<quint64>(deviation.position));
        entry.text("path", deviation.path);
    }
    list.append(']');
    if (decoded->moreDeviations > 0)
        result.number("moreDeviations", static_cast<quint64>(decoded->moreDeviations));
    return {};
}

// "transfer(address,uint256)", with names, "indexed" and the words of Solidity around them as one likes.
Result<void> select(Fields &request, JsonObject &result)
{
    const QString text = request.text("signature");
    if (auto done = request.done(); !done)
        return done;
    const QStringView trimmed = QStringView(text).trimmed();
    QString signature;
    if (trimmed.startsWith(u"event ") || trimmed.contains(u" indexed ")) {
        const auto event = AbiEvent::parse(trimmed);
        if (!event)
            return std::unexpected(event.error());
        signature = event->signature();
    } else if (trimmed.startsWith(u"error ")) {
        const auto error = AbiFunction::parse(trimmed.sliced(6).trimmed());
        if (!error)
            return std::unexpected(error.error());
        signature = error->signature();
    } else {
        const auto function = AbiFunction::parse(trimmed);
        if (!function)
            return std::unexpected(function.error());
        signature = function->signature();
    }
    const Hash32 topic = keccak256(signature.toUtf8());
    result.hex("selector", topic.view().first(4));
    result.hex("topic", topic);
    result.text("signature", signature);
    return {};
}

Result<void> hashTypedData(Fields &request, JsonObject &result)
{
    const auto json = request.value("typedData");
    if (auto done = request.done(); !done)
        return done;
    const auto data = TypedData::fromJson(*json);
    if (!data)
        return std::unexpected(data.error());
    result.hex("domainHash", data->domainHash());
    if (data->structHash())
        result.hex("structHash", *data->structHash());
    result.hex("digest", data->digest());
    result.text("encodedType", data->encodedType());
    return {};
}

} // namespace

std::span<const Operation> abiOperations()
{
    static constexpr std::array operations{
        Operation{"abi.encode", "types, values", "data", encode},
        Operation{"abi.decode", "types, data[, strict]", "values, deviations", decode},
        Operation{"abi.packed", "types, values", "data", encodePacked},
        Operation{"abi.selector", "signature", "selector, topic, signature", select},
        Operation{"eip712.hash", "typedData {types, primaryType, domain, message}", "domainHash, structHash, digest, encodedType", hashTypedData},
    };
    return operations;
}

} // namespace countersign
