#include "backend/evm/abifunction.h"
#include "backend/evm/selector.h"
#include "backend/policy/policyreading.h"
#include "backend/types/strings.h"

#include <functional>

namespace countersign {

namespace {

using Need = MapReader::Need;
using AmountOf = std::function<std::optional<Uint256>(MapReader &, const QString &)>;

AmountRange readRange(MapReader &reader, const AmountOf &amount)
{
    AmountRange range{amount(reader, u"from"_s), amount(reader, u"to"_s)};
    if (!range.from && !range.to)
        reader.context().problem(reader.node(), u"a range needs “from” or “to”"_s);
    else if (range.from && range.to && *range.from > *range.to)
        reader.problem(u"to"_s, u"“to” is less than “from”: nothing would fit"_s);
    return range;
}

void readChains(MapReader &reader, RuleMatcher &when)
{
    reader.texts(u"chains"_s, Need::Optional, [&](const YamlNode &at, const QString &given) {
        bool ok = false;
        const ChainId chain(given.toULongLong(&ok));
        if (!ok || chain.value() == 0)
            reader.context().problem(at, u"“%1” is no chain id"_s.arg(given.left(48)));
        else if (when.chains.contains(chain))
            PolicyReading::twice(reader.context(), at, given);
        else
            when.chains.append(chain);
    });
}

void readFunctions(MapReader &reader, RuleMatcher &when)
{
    reader.texts(u"functions"_s, Need::Optional, [&](const YamlNode &at, const QString &given) {
        PolicyFunction function{given, 0};
        if (given.startsWith(u"0x")) {
            const auto bytes = bytesFromHex(given);
            const auto selector
                = bytes ? Selector::fromBytes(*bytes) : Result<Selector>(std::unexpected(bytes.error()));
            if (!selector || given != selector->toString())
                reader.context().problem(at, u"“%1” is no selector"_s.arg(given.left(48)),
                    u"0x and 8 hexadecimal digits, lower case, in quotes"_s);
            else
                function.selector = selector->value();
        } else {
            const auto parsed
                = given.size() <= 512 ? AbiFunction::parse(given) : fail(ErrorKind::Exhausted, u"it is too long"_s);
            if (!parsed)
                reader.context().problem(at, u"this is no signature of a function: "_s + parsed.error().message,
                    u"for example \"transfer(address,uint256)\""_s);
            else if (parsed->signature() != given)
                reader.context().problem(at, u"“%1” is not how the signature is written"_s.arg(given.left(64)),
                    u"write “%1”"_s.arg(parsed->signature()));
            else
                function.selector = Selector::ofSignature(given).value();
        }
        if (when.functions.contains(function))
            PolicyReading::twice(reader.context(), at, given);
        else
            when.functions.append(function);
    });
}

void readMatcher(MapReader &reader, const PolicyReading &reading, RuleMatcher &when)
{
    readChains(reader, when);
    when.safes = PolicyReading::addresses(reader, u"safes"_s);
    when.kinds = PolicyReading::words<ActionKind>(reader, u"kinds"_s, Need::Optional);
    when.targets = PolicyReading::addresses(reader, u"targets"_s);
    readFunctions(reader, when);
    const QString operation = reader.text(u"operation"_s, Need::Optional, 32);
    if (operation == u"call")
        when.operation = SafeOperation::Call;
    else if (operation == u"delegatecall")
        when.operation = SafeOperation::DelegateCall;
    else if (!operation.isEmpty())
        PolicyReading::notAWord(reader, u"operation"_s, operation, {u"call"_s, u"delegatecall"_s});
    reader.map(u"value"_s, u"“value”"_s, Need::Optional,
        [&](MapReader &range) { when.value = readRange(range, PolicyReading::nativeAmount); });
    reader.map(u"amount"_s, u"“amount”"_s, Need::Optional, [&](MapReader &range) {
        RuleMatcher::TokenRange amount;
        amount.asset = range.address(u"asset"_s).value_or(Address());
        amount.decimals = static_cast<int>(range.integer(u"decimals"_s, 0, 77).value_or(0));
        amount.range = readRange(range, [&amount](MapReader &of, const QString &key) {
            return PolicyReading::tokenAmount(of, key, amount.decimals);
        });
        when.amount = amount;
    });
    when.destination = PolicyReading::word<DestinationClass>(reader, u"destination"_s, Need::Optional);
    when.initiators = reading.members(reader, u"initiators"_s, Need::Optional);
    // An empty list would fit everything to some readers and nothing to others.
    for (const QString &key : {u"chains"_s, u"safes"_s, u"kinds"_s, u"targets"_s, u"functions"_s, u"initiators"_s}) {
        const YamlNode *list = reader.value(key, Need::Optional);
        if (list && list->kind == YamlNode::Kind::Sequence && list->items.empty())
            reader.problem(key, u"“%1” is an empty list"_s.arg(key), u"leave it out to fit everything"_s);
    }
}

void readRequirement(MapReader &reader, const Policy &policy, RuleRequirement &require)
{
    require.approvals = static_cast<int>(reader.integer(u"approvals"_s, 1, 100, Need::Optional).value_or(0));
    require.group = reader.text(u"group"_s, Need::Optional, 64);
    if (!require.group.isEmpty() && !policy.roles.group(require.group))
        reader.problem(u"group"_s, u"there is no group “%1”"_s.arg(require.group.left(48)),
            u"define it under “groups” of “roles”"_s);
    require.coolingOff = PolicyReading::duration(reader, u"coolingOff"_s).value_or(std::chrono::seconds(0));
    require.secondPerson = PolicyReading::boolean(reader, u"secondPerson"_s).value_or(false);
    if (require == RuleRequirement())
        reader.context().problem(
            reader.node(), u"“require” demands nothing"_s, u"say “action: allow” if that is meant"_s);
}

void readRule(MapReader &reader, const PolicyReading &reading, Policy &policy)
{
    PolicyRule rule;
    rule.name = PolicyReading::plainText(reader, u"name"_s, Need::Required, 100);
    if (reader.value(u"when"_s, Need::Optional) == nullptr)
        reader.problem(
            u"when"_s, u"a rule needs “when”"_s, u"what is to hold for everything else is said by “default”"_s);
    reader.map(u"when"_s, u"“when”"_s, Need::Optional, [&](MapReader &when) {
        readMatcher(when, reading, rule.when);
        if (when.node().kind == YamlNode::Kind::Map && when.node().entries.empty())
            when.context().problem(
                when.node(), u"“when” is empty: it would fit everything"_s, u"say it by “default”"_s);
    });
    const auto action = PolicyReading::word<RuleAction>(reader, u"action"_s, Need::Required);
    rule.action = action.value_or(RuleAction::Block);
    const bool hasRequirement = reader.value(u"require"_s, Need::Optional) != nullptr;
    reader.map(u"require"_s, u"“require”"_s, Need::Optional,
        [&](MapReader &require) { readRequirement(require, policy, rule.require); });
    if (action && hasRequirement != (*action == RuleAction::Require))
        reader.problem(
            hasRequirement ? u"require"_s : u"action"_s, u"“require” and “action: require” belong together"_s);
    rule.reason = PolicyReading::plainText(reader, u"reason"_s, Need::Optional, 500);
    policy.rules.append(rule);
}

} // namespace

void readRules(MapReader &root, const PolicyReading &reading, Policy &policy)
{
    UniqueText names;
    root.list(u"rules"_s, u"a rule"_s, Need::Optional, [&](MapReader &reader) {
        readRule(reader, reading, policy);
        names.check(reader, u"name"_s, policy.rules.last().name);
    });
    const QString otherwise = root.text(u"default"_s, Need::Required, 32);
    const QStringList words{policyWord(RuleAction::Allow), policyWord(RuleAction::Block)};
    if (!otherwise.isEmpty() && !words.contains(otherwise))
        PolicyReading::notAWord(root, u"default"_s, otherwise, words);
    policy.otherwise = otherwise == words.first() ? RuleAction::Allow : RuleAction::Block;
}

} // namespace countersign
