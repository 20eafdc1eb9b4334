#include "backend/policy/policytree.h"

#include "backend/policy/policy.h"
#include "backend/policy/policyamount.h"
#include "backend/types/strings.h"

#include <functional>

namespace countersign {

namespace {

template <class List, class Text> PolicyNode texts(const List &values, Text text)
{
    PolicyNode list = PolicyNode::list();
    for (const auto &value : values)
        list.children.push_back(PolicyNode::scalar(text(value)));
    return list;
}

template <class Enum> PolicyNode words(const QList<Enum> &values)
{
    return texts(values, [](Enum value) { return policyWord(value); });
}

PolicyNode addresses(const QList<Address> &values)
{
    return texts(values, [](const Address &value) { return value.toString(); });
}

PolicyNode members(const QList<PolicyMember> &values)
{
    return texts(values, [](const PolicyMember &member) { return member.toString(); });
}

template <class List, class Build> PolicyNode maps(const List &values, Build build)
{
    PolicyNode list = PolicyNode::list();
    for (const auto &value : values)
        list.children.push_back(build(value));
    return list;
}

using AmountText = std::function<QString(const Uint256 &)>;

AmountText inUnits(int decimals)
{
    return [decimals](const Uint256 &amount) { return decimalAmount(amount, decimals); };
}

void addAmount(PolicyNode &node, const QString &key, const std::optional<Uint256> &amount, const AmountText &text)
{
    if (amount)
        node.add(key, text(*amount));
}

void addAmounts(PolicyNode &node, const AmountLimits &limits, const AmountText &text)
{
    addAmount(node, u"perTransaction"_s, limits.perTransaction, text);
    addAmount(node, u"per24h"_s, limits.per24h, text);
    addAmount(node, u"per7d"_s, limits.per7d, text);
}

void addRange(PolicyNode &node, const AmountRange &range, const AmountText &text)
{
    addAmount(node, u"from"_s, range.from, text);
    addAmount(node, u"to"_s, range.to, text);
}

PolicyNode severities(const Policy &policy)
{
    PolicyNode all;
    for (auto it = policy.severities.cbegin(); it != policy.severities.cend(); ++it) {
        PolicyNode one;
        one.add(u"severity"_s, policyWord(it->severity));
        if (it->allowLowering)
            one.add(u"allowLowering"_s, u"true"_s);
        if (!it->reason.isEmpty())
            one.add(u"reason"_s, it->reason);
        all.add(it.key(), one);
    }
    return all;
}

PolicyNode allowedCode(const AllowedCode &code)
{
    PolicyNode one;
    if (code.published) {
        one.add(u"published"_s, QString(safeContractName(*code.published)));
        return one;
    }
    one.add(u"name"_s, code.name);
    one.add(u"chain"_s, QString::number(code.chain.value()));
    one.add(u"address"_s, code.address.toString());
    one.add(u"codeHash"_s, code.codeHash.toString());
    return one;
}

PolicyNode allow(const AllowLists &lists)
{
    PolicyNode all;
    for (int i = 0; i < policyWordCount<CodeRole>; ++i) {
        const auto role = static_cast<CodeRole>(i);
        all.addUnlessEmpty(policyWord(role), maps(lists.of(role), allowedCode));
    }
    return all;
}

PolicyNode contact(const PolicyContact &contact)
{
    PolicyNode one;
    one.add(u"name"_s, contact.name);
    if (contact.chain)
        one.add(u"chain"_s, QString::number(contact.chain->value()));
    one.add(u"address"_s, contact.address.toString());
    one.add(u"proven"_s, policyWord(contact.proven));
    return one;
}

PolicyNode tokenLimits(const TokenLimits &token)
{
    PolicyNode one;
    one.add(u"asset"_s, token.asset.toString());
    one.add(u"name"_s, token.name);
    one.add(u"decimals"_s, QString::number(token.decimals));
    addAmounts(one, token.limits, inUnits(token.decimals));
    return one;
}

PolicyNode chainLimits(const ChainLimits &chain)
{
    PolicyNode one;
    one.add(u"chain"_s, chain.chain ? QString::number(chain.chain->value()) : u"any"_s);
    PolicyNode native;
    addAmounts(native, chain.native, nativeAmount);
    one.addUnlessEmpty(u"native"_s, native);
    addAmount(one, u"maxFee"_s, chain.maxFee, nativeAmount);
    one.addUnlessEmpty(u"tokens"_s, maps(chain.tokens, tokenLimits));
    one.add(u"otherTokens"_s, policyWord(chain.otherTokens));
    return one;
}

PolicyNode roles(const PolicyRoles &roles)
{
    PolicyNode all;
    all.add(u"proposers"_s, members(roles.proposers));
    all.add(u"approvers"_s, members(roles.approvers));
    all.add(u"executors"_s, members(roles.executors));
    all.add(u"proposerMayApprove"_s, policyWord(roles.proposerMayApprove));
    all.add(u"minimumApprovals"_s, QString::number(roles.minimumApprovals));
    all.add(u"acknowledgements"_s, QString::number(roles.acknowledgements));
    PolicyNode groups;
    for (const ApproverGroup &group : roles.groups) {
        PolicyNode one;
        one.add(u"members"_s, members(group.members));
        one.add(u"threshold"_s, QString::number(group.threshold));
        groups.add(group.name, one);
    }
    all.addUnlessEmpty(u"groups"_s, groups);
    if (!roles.required.isEmpty()) {
        PolicyNode required;
        required.add(u"logic"_s, policyWord(roles.logic));
        required.add(u"groups"_s, texts(roles.required, [](const QString &name) { return name; }));
        all.add(u"required"_s, required);
    }
    return all;
}

void addTimes(PolicyNode &root, const Policy &policy)
{
    PolicyNode cooling;
    cooling.add(u"otherwise"_s, durationText(policy.coolingOff.otherwise));
    for (auto it = policy.coolingOff.kinds.cbegin(); it != policy.coolingOff.kinds.cend(); ++it)
        cooling.add(policyWord(it.key()), durationText(it.value()));
    root.add(u"coolingOff"_s, cooling);
    PolicyNode expiry;
    if (policy.expiry.otherwise)
        expiry.add(u"otherwise"_s, durationText(*policy.expiry.otherwise));
    if (policy.expiry.longest)
        expiry.add(u"longest"_s, durationText(*policy.expiry.longest));
    root.addUnlessEmpty(u"expiry"_s, expiry);
    if (!policy.changeWindows.windows.isEmpty()) {
        PolicyNode windows;
        windows.add(u"kinds"_s, words(policy.changeWindows.kinds));
        windows.add(u"windows"_s, maps(policy.changeWindows.windows, [](const ChangeWindow &window) {
            PolicyNode one;
            one.add(u"days"_s, texts(window.days, weekdayWord));
            one.add(u"from"_s, timeOfDayText(window.from));
            one.add(u"to"_s, timeOfDayText(window.to));
            return one;
        }));
        root.add(u"changeWindows"_s, windows);
    }
    if (policy.fatigue) {
        PolicyNode fatigue;
        fatigue.add(u"approvals"_s, QString::number(policy.fatigue->approvals));
        fatigue.add(u"within"_s, durationText(policy.fatigue->within));
        root.add(u"fatigue"_s, fatigue);
    }
    if (!policy.waivedInPractice.isEmpty()) {
        PolicyNode practice;
        practice.add(u"waive"_s, words(policy.waivedInPractice));
        root.add(u"practice"_s, practice);
    }
}

PolicyNode matcher(const RuleMatcher &when)
{
    PolicyNode node;
    node.addUnlessEmpty(u"chains"_s, texts(when.chains, [](ChainId chain) { return QString::number(chain.value()); }));
    node.addUnlessEmpty(u"safes"_s, addresses(when.safes));
    node.addUnlessEmpty(u"kinds"_s, words(when.kinds));
    node.addUnlessEmpty(u"targets"_s, addresses(when.targets));
    node.addUnlessEmpty(
        u"functions"_s, texts(when.functions, [](const PolicyFunction &function) { return function.text; }));
    if (when.operation)
        node.add(u"operation"_s, *when.operation == SafeOperation::Call ? u"call"_s : u"delegatecall"_s);
    if (when.value) {
        PolicyNode range;
        addRange(range, *when.value, nativeAmount);
        node.add(u"value"_s, range);
    }
    if (when.amount) {
        PolicyNode range;
        range.add(u"asset"_s, when.amount->asset.toString());
        range.add(u"decimals"_s, QString::number(when.amount->decimals));
        addRange(range, when.amount->range, inUnits(when.amount->decimals));
        node.add(u"amount"_s, range);
    }
    if (when.destination)
        node.add(u"destination"_s, policyWord(*when.destination));
    node.addUnlessEmpty(u"initiators"_s, members(when.initiators));
    return node;
}

PolicyNode rule(const PolicyRule &rule)
{
    PolicyNode node;
    node.add(u"name"_s, rule.name);
    node.add(u"when"_s, matcher(rule.when));
    node.add(u"action"_s, policyWord(rule.action));
    if (rule.action == RuleAction::Require) {
        PolicyNode require;
        if (rule.require.approvals > 0)
            require.add(u"approvals"_s, QString::number(rule.require.approvals));
        if (!rule.require.group.isEmpty())
            require.add(u"group"_s, rule.require.group);
        if (rule.require.coolingOff.count() > 0)
            require.add(u"coolingOff"_s, durationText(rule.require.coolingOff));
        if (rule.require.secondPerson)
            require.add(u"secondPerson"_s, u"true"_s);
        node.add(u"require"_s, require);
    }
    if (!rule.reason.isEmpty())
        node.add(u"reason"_s, rule.reason);
    return node;
}

} // namespace

PolicyNode policyTree(const Policy &policy)
{
    PolicyNode root;
    root.add(u"format"_s, u"1"_s);
    root.add(u"name"_s, policy.name);
    root.add(u"version"_s, QString::number(policy.version));
    root.addUnlessEmpty(u"severities"_s, severities(policy));
    root.addUnlessEmpty(u"overrides"_s, texts(policy.overrides, [](const QString &id) { return id; }));
    root.addUnlessEmpty(u"allow"_s, allow(policy.allow));
    root.addUnlessEmpty(u"contacts"_s, maps(policy.contacts, contact));
    root.addUnlessEmpty(u"limits"_s, maps(policy.limits, chainLimits));
    root.add(u"roles"_s, roles(policy.roles));
    addTimes(root, policy);
    root.addUnlessEmpty(u"rules"_s, maps(policy.rules, rule));
    root.add(u"default"_s, policyWord(policy.otherwise));
    return root;
}

} // namespace countersign
