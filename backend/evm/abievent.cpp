#include "backend/evm/abievent.h"

#include "backend/evm/abitextparser.h"
#include "backend/evm/abitopic.h"
#include "backend/types/keccak.h"

#include <algorithm>

namespace countersign {

const AbiValue *DecodedEvent::value(QStringView wanted) const
{
    const auto found = std::ranges::find(arguments, wanted, &AbiEventArgument::name);
    return found == arguments.end() ? nullptr : &found->value;
}

AbiEvent::AbiEvent(QString name, std::vector<AbiParameter> inputs, bool anonymous)
    : m_name(std::move(name))
    , m_inputs(std::move(inputs))
    , m_anonymous(anonymous)
    , m_topic(keccak256(signature().toUtf8()))
{
}

Result<AbiEvent> AbiEvent::parse(QStringView text)
{
    AbiTextParser parser(text);
    parser.takeWord(u"event");
    const QString name = parser.identifier();
    if (name.isEmpty())
        return parser.failHere(u"expected an event's name"_s);
    auto inputs = parser.parameters();
    if (!inputs)
        return std::unexpected(inputs.error());
    const bool anonymous = parser.takeWord(u"anonymous");
    if (!parser.atEnd())
        return parser.failHere(u"unexpected text after the event"_s);
    AbiEvent event(name, *std::move(inputs), anonymous);
    if (event.indexedCount() > (anonymous ? 4 : 3))
        return parser.failHere(u"too many indexed arguments"_s);
    return event;
}

qsizetype AbiEvent::indexedCount() const
{
    return std::ranges::count_if(m_inputs, &AbiParameter::indexed);
}

QString AbiEvent::signature() const
{
    return m_name + canonicalList(m_inputs);
}

Result<DecodedEvent> AbiEvent::decode(std::span<const Hash32> topics, QByteArrayView data) const
{
    const size_t named = m_anonymous ? 0 : 1;
    if (topics.size() != named + static_cast<size_t>(indexedCount()))
        return fail(ErrorKind::Invalid, m_name + u": the log has another number of topics"_s, u"abi.topics"_s);
    if (!m_anonymous && topics.front() != m_topic)
        return fail(ErrorKind::Invalid, m_name + u": the log is of another event"_s, u"abi.topic0"_s);

    std::vector<AbiType> types;
    for (const AbiParameter &input : m_inputs) {
        if (!input.indexed)
            types.push_back(input.type);
    }
    auto values = abiDecodeStrict(types, data);
    if (!values)
        return fail(values.error().kind, m_name + u": "_s + values.error().message, values.error().detail);

    DecodedEvent event{.name = m_name, .arguments = {}};
    event.arguments.reserve(m_inputs.size());
    size_t nextTopic = named;
    size_t nextValue = 0;
    for (const AbiParameter &input : m_inputs) {
        if (!input.indexed) {
            event.arguments.push_back({.name = input.name, .type = input.type, .value = std::move((*values)[nextValue++])});
            continue;
        }
        const Hash32 &topic = topics[nextTopic++];
        if (!input.type.isWord()) {
            event.arguments.push_back(
                {.name = input.name, .type = input.type, .indexed = true, .hashed = true, .value = AbiValue(topic)});
            continue;
        }
        auto value = abiDecodeWord(input.type, topic.view());
        if (!value)
            return fail(value.error().kind, m_name + u" topic "_s + input.name + u": "_s + value.error().message, value.error().detail);
        event.arguments.push_back({.name = input.name, .type = input.type, .indexed = true, .value = *std::move(value)});
    }
    return event;
}

Result<EncodedEvent> AbiEvent::encode(std::span<const AbiValue> arguments) const
{
    if (arguments.size() != m_inputs.size())
        return fail(ErrorKind::Invalid, m_name + u": "_s + QString::number(m_inputs.size()) + u" arguments are needed"_s, u"abi.value"_s);
    EncodedEvent event;
    if (!m_anonymous)
        event.topics.push_back(m_topic);
    std::vector<AbiType> types;
    std::vector<AbiValue> values;
    for (size_t i = 0; i < m_inputs.size(); ++i) {
        const AbiParameter &input = m_inputs[i];
        if (!input.indexed) {
            types.push_back(input.type);
            values.push_back(arguments[i]);
            continue;
        }
        auto topic = abiTopic(input.type, arguments[i]);
        if (!topic)
            return fail(topic.error().kind, m_name + u" topic "_s + input.name + u": "_s + topic.error().message, topic.error().detail);
        event.topics.push_back(*topic);
    }
    auto data = abiEncode(types, values);
    if (!data)
        return fail(data.error().kind, m_name + u": "_s + data.error().message, data.error().detail);
    event.data = *std::move(data);
    return event;
}

} // namespace countersign
