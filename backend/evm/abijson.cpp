#include "backend/evm/abijson.h"

#include "backend/evm/jsonscalar.h"
#include "backend/evm/utf8text.h"

#include <algorithm>

namespace countersign {

namespace {

std::unexpected<Error> bad(const QString &what)
{
    return fail(ErrorKind::Invalid, what, u"abi.value"_s);
}

// ": what" of the value itself; each list around puts its part of the path in front.
std::unexpected<Error> below(const QString &step, Error error)
{
    const bool isPath = error.message.startsWith(u'[') || error.message.startsWith(u'.');
    error.message = step + (isPath ? QString() : u": "_s) + error.message;
    return std::unexpected(std::move(error));
}

std::unexpected<Error> below(size_t index, Error error)
{
    return below(QString(u'[' + QString::number(index) + u']'), std::move(error));
}

template<class T>
Result<AbiValue> valueOf(Result<T> scalar)
{
    if (!scalar)
        return std::unexpected(std::move(scalar.error()));
    return AbiValue(*std::move(scalar));
}

// Names are compared each with each, for every object anew.
constexpr size_t maxNamedComponents = 64;

bool haveNamesOfTheirOwn(const std::vector<AbiParameter> &components)
{
    if (components.size() > maxNamedComponents)
        return false;
    for (size_t i = 0; i < components.size(); ++i) {
        if (components[i].name.isEmpty())
            return false;
        for (size_t k = 0; k < i; ++k) {
            if (components[k].name == components[i].name)
                return false;
        }
    }
    return true;
}

Result<AbiValue::List> elements(const AbiType &element, JsonView json)
{
    AbiValue::List list;
    list.reserve(static_cast<size_t>(json.size()));
    for (const JsonView item : json) {
        auto value = abiValueFromJson(element, item);
        if (!value)
            return below(list.size(), std::move(value.error()));
        list.push_back(*std::move(value));
    }
    return list;
}

Result<AbiValue::List> membersByName(const std::vector<AbiParameter> &components, JsonView json)
{
    if (!haveNamesOfTheirOwn(components))
        return bad(u"an array is needed: the components have no names of their own, or are more than "_s
                   + QString::number(maxNamedComponents));
    AbiValue::List list;
    list.reserve(components.size());
    for (const AbiParameter &component : components) {
        const auto member = json.find(component.name.toUtf8());
        if (!member)
            return bad(component.name + u" is missing"_s);
        auto value = abiValueFromJson(component.type, *member);
        if (!value)
            return below(QString(u'.' + component.name), std::move(value.error()));
        list.push_back(*std::move(value));
    }
    if (json.size() != static_cast<qsizetype>(components.size())) {
        for (const JsonView member : json) {
            const QString name = member.key().toString();
            if (std::ranges::find(components, name, &AbiParameter::name) == components.end())
                return bad(name.left(80) + u" is no component of it"_s);
        }
    }
    return list;
}

template<class TypeAt>
Result<AbiValue::List> inOrder(TypeAt typeAt, size_t count, JsonView json)
{
    if (!json.isArray())
        return bad(u"an array of "_s + QString::number(count) + u" values is needed, not "_s + json.kindName());
    if (json.size() != static_cast<qsizetype>(count))
        return bad(QString::number(count) + u" values are needed, "_s + QString::number(json.size()) + u" given"_s);
    AbiValue::List list;
    list.reserve(count);
    for (const JsonView item : json) {
        auto value = abiValueFromJson(typeAt(list.size()), item);
        if (!value)
            return below(list.size(), std::move(value.error()));
        list.push_back(*std::move(value));
    }
    return list;
}

Result<AbiValue::List> tuple(const std::vector<AbiParameter> &components, JsonView json)
{
    if (json.isObject())
        return membersByName(components, json);
    return inOrder([&components](size_t i) -> const AbiType & { return components[i].type; }, components.size(), json);
}

} // namespace

Result<AbiValue> abiValueFromJson(const AbiType &type, JsonView json)
{
    switch (type.kind()) {
    case AbiKind::Uint:
        return valueOf(uintFromJson(json, type.bits()));
    case AbiKind::Int:
        return valueOf(intFromJson(json, type.bits()));
    case AbiKind::Bool:
        if (json.kind() != JsonView::Kind::Bool)
            return bad(u"true or false is needed, not "_s + json.kindName());
        return AbiValue(json.toBool());
    case AbiKind::Address:
        return valueOf(accountFromJson(json));
    case AbiKind::FixedBytes:
    case AbiKind::Function: {
        auto bytes = bytesFromJson(json);
        if (bytes && bytes->size() != type.length())
            return bad(type.canonical() + u" has "_s + QString::number(type.length()) + u" bytes, "_s + QString::number(bytes->size())
                       + u" given"_s);
        return valueOf(std::move(bytes));
    }
    case AbiKind::Bytes:
        return valueOf(bytesFromJson(json));
    case AbiKind::String: {
        if (!json.isString())
            return bad(u"a text is needed, not "_s + json.kindName());
        const QUtf8StringView utf8 = json.text();
        auto text = exactUtf8({utf8.data(), utf8.size()});
        if (!text)
            return bad(u"the text is not UTF-8"_s);
        return AbiValue(*std::move(text));
    }
    case AbiKind::Tuple:
        return valueOf(tuple(type.components(), json));
    case AbiKind::Array:
        if (!json.isArray())
            return bad(u"an array is needed, not "_s + json.kindName());
        return valueOf(elements(type.element(), json));
    case AbiKind::FixedArray: {
        const AbiType *const element = &type.element();
        return valueOf(inOrder([element](size_t) -> const AbiType & { return *element; }, static_cast<size_t>(type.length()), json));
    }
    }
    return bad(u"unknown type"_s);
}

Result<std::vector<AbiValue>> abiValuesFromJson(std::span<const AbiType> types, JsonView json)
{
    return inOrder([types](size_t i) -> const AbiType & { return types[i]; }, types.size(), json);
}

Result<std::vector<AbiValue>> abiValuesFromJson(const std::vector<AbiParameter> &parameters, JsonView json)
{
    return tuple(parameters, json);
}

namespace {

template<class TypeAt>
void appendList(QByteArray &json, TypeAt typeAt, size_t count, std::span<const AbiValue> values)
{
    json += '[';
    for (size_t i = 0; i < values.size(); ++i) {
        if (i > 0)
            json += ',';
        if (i < count)
            appendAbiJson(json, typeAt(i), values[i]);
        else
            json += "null";
    }
    json += ']';
}

} // namespace

void appendAbiJson(QByteArray &json, const AbiType &type, const AbiValue &value)
{
    if (const auto *number = value.get<Uint256>()) {
        json += '"';
        if (type.kind() == AbiKind::Int)
            appendSignedDecimal(json, *number);
        else
            appendDecimal(json, *number);
        json += '"';
    } else if (const auto *flag = value.get<bool>()) {
        json += *flag ? "true" : "false";
    } else if (const auto *address = value.get<Address>()) {
        json += '"';
        appendAccount(json, *address);
        json += '"';
    } else if (const auto *bytes = value.get<Bytes>()) {
        json += '"';
        appendHex(json, *bytes);
        json += '"';
    } else if (const auto *text = value.get<QString>()) {
        appendJsonString(json, QUtf8StringView(text->toUtf8()));
    } else if (const auto *list = value.get<AbiValue::List>()) {
        if (type.kind() == AbiKind::Tuple) {
            appendAbiJson(json, type.components(), *list);
        } else if (type.kind() == AbiKind::Array || type.kind() == AbiKind::FixedArray) {
            const AbiType *const element = &type.element();
            appendList(json, [element](size_t) -> const AbiType & { return *element; }, list->size(), *list);
        } else {
            json += "null";
        }
    }
}

void appendAbiJson(QByteArray &json, std::span<const AbiType> types, std::span<const AbiValue> values)
{
    appendList(json, [types](size_t i) -> const AbiType & { return types[i]; }, types.size(), values);
}

void appendAbiJson(QByteArray &json, const std::vector<AbiParameter> &parameters, std::span<const AbiValue> values)
{
    appendList(json, [&parameters](size_t i) -> const AbiType & { return parameters[i].type; }, parameters.size(), values);
}

} // namespace countersign
