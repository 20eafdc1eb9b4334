#include "backend/evm/calltrace.h"

#include "backend/evm/jsonquantity.h"
#include "backend/types/strings.h"

#include <QJsonArray>
#include <QJsonObject>

#include <array>

namespace countersign {

namespace {

constexpr qsizetype mostTopics = 4;
constexpr qsizetype longestError = 500;

constexpr std::array kinds{std::pair(CallKind::Call, "CALL"_L1), std::pair(CallKind::CallCode, "CALLCODE"_L1),
    std::pair(CallKind::DelegateCall, "DELEGATECALL"_L1), std::pair(CallKind::StaticCall, "STATICCALL"_L1),
    std::pair(CallKind::Create, "CREATE"_L1), std::pair(CallKind::Create2, "CREATE2"_L1),
    std::pair(CallKind::SelfDestruct, "SELFDESTRUCT"_L1)};

std::unexpected<Error> corrupt(const QString &what, const QString &detail = {})
{
    return fail(ErrorKind::Corrupt, u"The call trace cannot be read: "_s + what, detail.left(80));
}

std::unexpected<Error> tooLarge()
{
    return fail(ErrorKind::Exhausted, u"The call trace is larger than what is looked at"_s);
}

bool isAbsent(const QJsonValue &value)
{
    return value.isUndefined() || value.isNull();
}

Result<CallKind> kindFromJson(const QJsonValue &value)
{
    const QString text = value.toString();
    for (const auto &[kind, name] : kinds) {
        if (text == name)
            return kind;
    }
    return corrupt(u"a call is of no known kind"_s, text);
}

bool movesValue(CallKind kind)
{
    return kind == CallKind::Call || kind == CallKind::Create || kind == CallKind::Create2
        || kind == CallKind::SelfDestruct;
}

// Everything of the frame but its place in the tree.
Result<CallFrame> frameFromJson(const QJsonObject &object)
{
    CallFrame frame;
    const auto kind = kindFromJson(object.value("type"_L1));
    if (!kind)
        return std::unexpected(kind.error());
    frame.kind = *kind;
    const auto from = addressFromJson(object.value("from"_L1));
    if (!from)
        return corrupt(u"a call comes from no address"_s);
    frame.from = *from;
    if (const QJsonValue target = object.value("to"_L1); !isAbsent(target)) {
        const auto to = addressFromJson(target);
        if (!to)
            return corrupt(u"a call goes to no address"_s);
        frame.to = *to;
    } else if (!frame.isCreation()) {
        return corrupt(u"a call has no target"_s);
    }
    if (const QJsonValue wei = object.value("value"_L1); !isAbsent(wei)) {
        const auto value = quantityFromJson(wei);
        if (!value)
            return corrupt(u"a call's value is none"_s);
        frame.value = movesValue(frame.kind) ? *value : Uint256();
    }
    auto input = dataFromJson(object.value("input"_L1));
    if (!input)
        return corrupt(u"a call has no input"_s);
    frame.input = *std::move(input);
    if (const QJsonValue returned = object.value("output"_L1); !isAbsent(returned)) {
        auto output = dataFromJson(returned);
        if (!output)
            return corrupt(u"a call's output is none"_s);
        frame.output = *std::move(output);
    }
    if (const QJsonValue gas = object.value("gasUsed"_L1); !isAbsent(gas)) {
        const auto gasUsed = quantity64FromJson(gas);
        if (!gasUsed)
            return corrupt(u"a call's gas is none"_s);
        frame.gasUsed = *gasUsed;
    }
    if (const QJsonValue error = object.value("error"_L1); !isAbsent(error)) {
        if (!error.isString() || error.toString().isEmpty())
            return corrupt(u"a call's error is no text"_s);
        frame.error = error.toString().left(longestError);
    }
    return frame;
}

Result<QJsonArray> listFromJson(const QJsonValue &value)
{
    if (isAbsent(value))
        return QJsonArray();
    if (!value.isArray())
        return corrupt(u"what should be a list is none"_s);
    return value.toArray();
}

// Calls of the frame that came before the log: a quantity, a number in some nodes, missing in old ones.
Result<std::optional<qsizetype>> positionFromJson(const QJsonValue &value)
{
    if (isAbsent(value))
        return std::nullopt;
    const auto number
        = value.isDouble() ? Result<quint64>(static_cast<quint64>(value.toInteger(-1))) : quantity64FromJson(value);
    if (!number || *number > static_cast<quint64>(CallTrace::maxFrames))
        return corrupt(u"a log stands at no place"_s);
    return static_cast<qsizetype>(*number);
}

// Walks the tree without recursion, because its depth is the node's choice.
class Reader final {
public:
    Result<CallTrace> read(const QJsonValue &trace)
    {
        if (auto done = enter(trace, -1); !done)
            return std::unexpected(done.error());
        while (!m_open.empty()) {
            if (auto done = step(); !done)
                return std::unexpected(done.error());
        }
        return std::move(m_trace);
    }

private:
    struct Open {
        qsizetype frame = 0;
        QJsonArray calls;
        QJsonArray logs;
        qsizetype nextCall = 0;
        qsizetype nextLog = 0;
    };

    Result<void> enter(const QJsonValue &value, qsizetype parent)
    {
        if (!value.isObject())
            return corrupt(u"a call is no object"_s);
        if (std::ssize(m_trace.frames) >= CallTrace::maxFrames || std::ssize(m_open) > CallTrace::maxDepth)
            return tooLarge();
        const QJsonObject object = value.toObject();
        auto frame = frameFromJson(object);
        if (!frame)
            return std::unexpected(frame.error());
        const auto calls = listFromJson(object.value("calls"_L1));
        const auto logs = listFromJson(object.value("logs"_L1));
        if (!calls || !logs)
            return std::unexpected(calls ? logs.error() : calls.error());
        const CallFrame *caller = parent < 0 ? nullptr : &m_trace.frames[static_cast<size_t>(parent)];
        frame->parent = parent;
        frame->depth = caller ? caller->depth + 1 : 0;
        frame->undone = !frame->error.isEmpty() || (caller && caller->undone);
        if (frame->isDelegated())
            frame->storage = caller ? caller->storage : frame->from;
        else
            frame->storage = frame->kind == CallKind::SelfDestruct ? frame->from : frame->to.value_or(Address());
        m_open.push_back({std::ssize(m_trace.frames), *calls, *logs});
        m_trace.frames.push_back(*std::move(frame));
        return {};
    }

    // The next log or call of the innermost open frame, or its end.
    Result<void> step()
    {
        Open &open = m_open.back();
        if (open.nextLog < open.logs.size()) {
            const QJsonValue value = open.logs.at(open.nextLog);
            const auto position = positionFromJson(value.toObject().value("position"_L1));
            if (!position)
                return std::unexpected(position.error());
            m_trace.logOrderKnown = m_trace.logOrderKnown && position->has_value();
            if (position->value_or(0) > open.calls.size())
                return corrupt(u"a log stands behind more calls than there are"_s);
            if (position->value_or(0) <= open.nextCall) {
                ++open.nextLog;
                return takeLog(value, m_trace.frames[static_cast<size_t>(open.frame)].undone);
            }
        }
        if (open.nextCall < open.calls.size()) {
            const QJsonValue call = open.calls.at(open.nextCall++);
            return enter(call, open.frame);
        }
        m_open.pop_back();
        return {};
    }

    Result<void> takeLog(const QJsonValue &value, bool undone)
    {
        auto log = simulatedLogFromJson(value);
        if (!log)
            return std::unexpected(log.error());
        if (++m_logsSeen > CallTrace::maxLogs)
            return tooLarge();
        if (undone)
            return {};
        log->logIndex = static_cast<quint32>(m_trace.logs.size());
        m_trace.logs.push_back(*std::move(log));
        return {};
    }

    CallTrace m_trace;
    std::vector<Open> m_open;
    qsizetype m_logsSeen = 0;
};

} // namespace

QLatin1StringView callKindName(CallKind kind)
{
    return kinds[static_cast<size_t>(kind)].second;
}

std::optional<Selector> CallFrame::selector() const
{
    if (isCreation() || kind == CallKind::SelfDestruct)
        return std::nullopt;
    const auto leading = Selector::leading(input);
    return leading ? std::optional(*leading) : std::nullopt;
}

std::optional<qsizetype> CallTrace::failure() const
{
    if (succeeded())
        return std::nullopt;
    std::vector<qsizetype> lastChild(frames.size(), -1);
    for (qsizetype i = 1; i < std::ssize(frames); ++i)
        lastChild[static_cast<size_t>(frames[static_cast<size_t>(i)].parent)] = i;
    // A caller that fails by a call of its own fails after the last of them: an earlier failure was survived.
    qsizetype found = 0;
    for (qsizetype child = lastChild.front(); child >= 0; child = lastChild[static_cast<size_t>(child)]) {
        if (frames[static_cast<size_t>(child)].error.isEmpty())
            break;
        found = child;
    }
    return found;
}

Result<EvmLog> simulatedLogFromJson(const QJsonValue &value)
{
    const QJsonObject object = value.toObject();
    EvmLog log;
    const auto address = addressFromJson(object.value("address"_L1));
    const auto topics = listFromJson(object.value("topics"_L1));
    if (!address || !topics || topics->size() > mostTopics)
        return corrupt(u"a log has no address, or topics that are none"_s);
    log.address = *address;
    for (const QJsonValue &entry : *topics) {
        const auto topic = hashFromJson(entry);
        if (!topic)
            return corrupt(u"a topic has no 32 bytes"_s);
        log.topics.push_back(*topic);
    }
    if (const QJsonValue bytes = object.value("data"_L1); !isAbsent(bytes)) {
        auto data = dataFromJson(bytes);
        if (!data)
            return corrupt(u"a log's data is none"_s);
        log.data = *std::move(data);
    }
    return log;
}

Result<CallTrace> callTraceFromJson(const QJsonValue &trace)
{
    return Reader().read(trace);
}

} // namespace countersign
