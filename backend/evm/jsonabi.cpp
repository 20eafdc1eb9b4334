#include "backend/evm/jsonabi.h"

#include "backend/evm/abitextparser.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace countersign {

namespace {

std::unexpected<Error> bad(const QString &what)
{
    return fail(ErrorKind::Invalid, what, u"abi.json"_s);
}

Result<std::vector<AbiParameter>> parametersFromJson(const QJsonValue &value, int depth);

// "tuple[2][]" takes its components from beside; every other type says all in its text.
Result<AbiType> typeFromJson(const QJsonObject &object, int depth)
{
    const QString text = object.value("type"_L1).toString();
    if (!text.startsWith(u"tuple"))
        return AbiType::parse(text);
    auto components = parametersFromJson(object.value("components"_L1), depth + 1);
    if (!components)
        return std::unexpected(components.error());
    auto tuple = AbiType::makeTuple(*std::move(components));
    if (!tuple)
        return tuple;
    // Array suffixes are read by the one reader of type texts, on a stand-in that is then replaced by the tuple.
    const auto stand = AbiType::parse(QString(u"bool"_s + text.sliced(5)));
    if (!stand)
        return stand;
    std::vector<qsizetype> lengths; // outermost first; 0 is dynamic
    for (const AbiType *type = &*stand; type->kind() != AbiKind::Bool; type = &type->element()) {
        if (type->kind() != AbiKind::Array && type->kind() != AbiKind::FixedArray)
            return bad(u"unknown type "_s + text);
        lengths.push_back(type->length());
    }
    Result<AbiType> result = tuple;
    for (auto length = lengths.rbegin(); length != lengths.rend() && result; ++length)
        result = *length == 0 ? AbiType::makeArray(*std::move(result)) : AbiType::makeFixedArray(*std::move(result), *length);
    return result;
}

Result<std::vector<AbiParameter>> parametersFromJson(const QJsonValue &value, int depth)
{
    if (depth > AbiType::maxDepth)
        return bad(u"components nested too deep"_s);
    if (value.isUndefined())
        return std::vector<AbiParameter>();
    if (!value.isArray())
        return bad(u"parameters are no list"_s);
    std::vector<AbiParameter> parameters;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &entry : array) {
        const QJsonObject object = entry.toObject();
        auto type = typeFromJson(object, depth);
        const QString name = object.value("name"_L1).toString();
        if (!type)
            return bad((name.isEmpty() ? u"parameter"_s : name) + u": "_s + type.error().message);
        parameters.push_back({.name = name,
                              .type = *std::move(type),
                              .indexed = object.value("indexed"_L1).toBool(),
                              .internalType = object.value("internalType"_L1).toString()});
    }
    return parameters;
}

StateMutability mutabilityOf(const QJsonObject &object)
{
    const QString text = object.value("stateMutability"_L1).toString();
    if (text == u"pure")
        return StateMutability::Pure;
    if (text == u"view" || object.value("constant"_L1).toBool())
        return StateMutability::View;
    if (text == u"payable" || object.value("payable"_L1).toBool())
        return StateMutability::Payable;
    return StateMutability::NonPayable;
}

template<class Entry>
const Entry *byName(const std::vector<Entry> &entries, QStringView nameOrSignature)
{
    const bool full = nameOrSignature.contains(u'(');
    const Entry *found = nullptr;
    for (const Entry &entry : entries) {
        if (full ? entry.signature() != nameOrSignature : entry.name() != nameOrSignature)
            continue;
        if (found)
            return nullptr;
        found = &entry;
    }
    return found;
}

} // namespace

Result<JsonAbi> JsonAbi::load(QByteArrayView json)
{
    if (json.size() > maxBytes)
        return fail(ErrorKind::Exhausted, u"The ABI is larger than this program reads"_s, u"abi.json"_s);
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(json.toByteArray(), &error);
    if (error.error != QJsonParseError::NoError)
        return bad(u"The ABI is no JSON: "_s + error.errorString() + u" at byte "_s + QString::number(error.offset));
    if (!document.isArray())
        return bad(u"The ABI is no JSON list"_s);
    return fromJson(document.array());
}

Result<JsonAbi> JsonAbi::fromJson(const QJsonArray &array)
{
    if (array.size() > maxEntries)
        return fail(ErrorKind::Exhausted, u"The ABI has more entries than this program reads"_s, u"abi.json"_s);
    JsonAbi abi;
    for (qsizetype i = 0; i < array.size(); ++i) {
        const QJsonObject object = array.at(i).toObject();
        const QString kind = object.value("type"_L1).toString(u"function"_s);
        const QString name = object.value("name"_L1).toString();
        const QString where = u"ABI entry "_s + QString::number(i) + u" ("_s + kind + u' ' + name + u"): "_s;
        if (kind == u"fallback" || kind == u"receive")
            continue;
        auto inputs = parametersFromJson(object.value("inputs"_L1), 0);
        if (!inputs)
            return bad(where + inputs.error().message);
        if (kind == u"constructor") {
            abi.m_constructor = *std::move(inputs);
            continue;
        }
        if (name.isEmpty())
            return bad(where + u"it has no name"_s);
        if (!AbiTextParser::isIdentifier(name)) // else its signature could pretend to be another
            return bad(where + u"its name is no identifier"_s);
        if (kind == u"function") {
            auto outputs = parametersFromJson(object.value("outputs"_L1), 0);
            if (!outputs)
                return bad(where + outputs.error().message);
            abi.m_functions.emplace_back(name, *std::move(inputs), *std::move(outputs), mutabilityOf(object));
        } else if (kind == u"event") {
            AbiEvent event(name, *std::move(inputs), object.value("anonymous"_L1).toBool());
            if (event.indexedCount() > (event.isAnonymous() ? 4 : 3))
                return bad(where + u"too many indexed arguments"_s);
            abi.m_events.push_back(std::move(event));
        } else if (kind == u"error") {
            abi.m_errors.emplace_back(name, *std::move(inputs));
        } else {
            return bad(where + u"unknown kind"_s);
        }
    }
    return abi;
}

JsonAbi JsonAbi::ofParts(std::vector<AbiFunction> functions, std::vector<AbiEvent> events, std::vector<AbiErrorDefinition> errors)
{
    JsonAbi abi;
    abi.m_functions = std::move(functions);
    abi.m_events = std::move(events);
    abi.m_errors = std::move(errors);
    return abi;
}

const AbiFunction *JsonAbi::function(Selector selector) const
{
    const auto found = std::ranges::find(m_functions, selector, &AbiFunction::selector);
    return found == m_functions.end() ? nullptr : &*found;
}

const AbiFunction *JsonAbi::function(QStringView nameOrSignature) const
{
    return byName(m_functions, nameOrSignature);
}

const AbiEvent *JsonAbi::event(const Hash32 &topic, qsizetype indexedCount) const
{
    const auto found = std::ranges::find_if(m_events, [&](const AbiEvent &event) {
        return !event.isAnonymous() && event.topic() == topic && event.indexedCount() == indexedCount;
    });
    return found == m_events.end() ? nullptr : &*found;
}

const AbiEvent *JsonAbi::event(QStringView nameOrSignature) const
{
    return byName(m_events, nameOrSignature);
}

const AbiErrorDefinition *JsonAbi::error(Selector selector) const
{
    const auto found = std::ranges::find(m_errors, selector, &AbiErrorDefinition::selector);
    return found == m_errors.end() ? nullptr : &*found;
}

Result<DecodedEvent> JsonAbi::decodeLog(const EvmLog &log) const
{
    const AbiEvent *known = log.topics.empty() ? nullptr : event(log.topics.front(), static_cast<qsizetype>(log.topics.size()) - 1);
    if (known)
        return known->decode(log.topics, log.data);
    // An anonymous event has no topic that names it: taken only when the log can be of no other.
    Result<DecodedEvent> only = fail(ErrorKind::NotFound, {});
    qsizetype candidates = 0;
    for (const AbiEvent &candidate : m_events) {
        if (!candidate.isAnonymous() || candidate.indexedCount() != static_cast<qsizetype>(log.topics.size()))
            continue;
        if (auto decoded = candidate.decode(log.topics, log.data)) {
            only = std::move(decoded);
            ++candidates;
        }
    }
    if (candidates != 1)
        return fail(ErrorKind::NotFound, u"The log is of no event of this contract"_s,
                    log.topics.empty() ? u"no topics"_s : log.topics.front().toString());
    return only;
}

Result<Bytes> JsonAbi::encodeConstructor(std::span<const AbiValue> arguments) const
{
    return abiEncode(m_constructor, arguments);
}

void JsonAbi::merge(const JsonAbi &other)
{
    for (const AbiFunction &candidate : other.m_functions) {
        if (!function(candidate.selector()))
            m_functions.push_back(candidate);
    }
    for (const AbiEvent &candidate : other.m_events) {
        if (candidate.isAnonymous() || !event(candidate.topic(), candidate.indexedCount()))
            m_events.push_back(candidate);
    }
    for (const AbiErrorDefinition &candidate : other.m_errors) {
        if (!error(candidate.selector()))
            m_errors.push_back(candidate);
    }
}

} // namespace countersign
