#include "backend/policy/rulematching.h"

#include "backend/policy/policyamount.h"
#include "backend/policy/policychecks.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <array>

namespace countersign {

namespace {

/// What one part of a matcher says: fits, does not fit, or cannot be said, with the reason of the last two.
struct Part {
    std::optional<bool> fits = true;
    QString why = {};
};

Part fitsIf(bool fits, const QString &why)
{
    return {fits, fits ? QString() : why};
}

Part unknown(const QString &what)
{
    return {std::nullopt, u"%1 is not known"_s.arg(what)};
}

Part chainPart(const RuleMatcher &when, const PolicyQuestion &question)
{
    return fitsIf(when.chains.isEmpty() || when.chains.contains(question.chainId),
        u"the chain is %1"_s.arg(question.chainId.value()));
}

Part safePart(const RuleMatcher &when, const PolicyCall &call)
{
    return fitsIf(
        when.safes.isEmpty() || when.safes.contains(call.safe), u"the Safe is %1"_s.arg(call.safe.toString()));
}

Part kindPart(const RuleMatcher &when, const PolicyCall &call)
{
    if (when.kinds.isEmpty() || when.kinds.contains(call.kind))
        return {};
    // A call that nobody could read may be of any kind.
    return call.kind == ActionKind::Unreadable ? unknown(u"what the call does"_s)
                                               : fitsIf(false, u"it is %1"_s.arg(describeKind(call.kind)));
}

Part operationPart(const RuleMatcher &when, const PolicyCall &call)
{
    return fitsIf(!when.operation || *when.operation == call.operation,
        call.operation == SafeOperation::Call ? u"it is a call"_s : u"it is a delegatecall"_s);
}

Part targetPart(const RuleMatcher &when, const PolicyCall &call)
{
    return fitsIf(
        when.targets.isEmpty() || when.targets.contains(call.to), u"the target is %1"_s.arg(call.to.toString()));
}

Part functionPart(const RuleMatcher &when, const PolicyCall &call)
{
    if (when.functions.isEmpty())
        return {};
    if (!call.selector)
        return fitsIf(false, u"it calls no function"_s);
    const bool fits
        = std::ranges::find(when.functions, call.selector->value(), &PolicyFunction::selector) != when.functions.end();
    return fitsIf(
        fits, u"the function is %1"_s.arg(call.signature.isEmpty() ? call.selector->toString() : call.signature));
}

Part valuePart(const RuleMatcher &when, const PolicyCall &call)
{
    return fitsIf(!when.value || when.value->contains(call.value), u"the value is %1"_s.arg(nativeAmount(call.value)));
}

Part amountPart(const RuleMatcher &when, const PolicyCall &call)
{
    if (!when.amount)
        return {};
    if (!call.token) {
        const bool movesTokens = call.kind == ActionKind::TokenTransfer || call.kind == ActionKind::Allowance
            || call.kind == ActionKind::Unreadable;
        return movesTokens ? unknown(u"which token moves"_s) : fitsIf(false, u"it moves no token"_s);
    }
    if (call.token->asset != when.amount->asset)
        return fitsIf(false, u"the token is %1"_s.arg(call.token->asset.toString()));
    return fitsIf(when.amount->range.contains(call.token->amount),
        u"the amount is %1"_s.arg(decimalAmount(call.token->amount, when.amount->decimals)));
}

Part destinationPart(
    const RuleMatcher &when, const Policy &policy, const PolicyQuestion &question, const PolicyCall &call)
{
    if (!when.destination)
        return {};
    const bool needsToken = call.kind == ActionKind::TokenTransfer || call.kind == ActionKind::Allowance;
    if (call.kind == ActionKind::Unreadable || (needsToken && !call.token))
        return unknown(u"where it goes"_s);
    const PolicyContact *contact = policy.contact(question.chainId, call.destination());
    const bool isListed = contact && contact->proven != ContactProof::None;
    const QString where = call.destination().toString();
    if (*when.destination == DestinationClass::Listed)
        return fitsIf(isListed, u"%1 is no proven contact"_s.arg(where));
    if (!contact && !call.destinationKnown)
        return unknown(u"whether %1 is in the address book"_s.arg(where));
    const bool isKnown = contact || *call.destinationKnown;
    return *when.destination == DestinationClass::Known ? fitsIf(isKnown, u"%1 is unknown"_s.arg(where))
                                                        : fitsIf(!isKnown, u"%1 is known"_s.arg(where));
}

Part initiatorPart(const RuleMatcher &when, const PolicyQuestion &question)
{
    if (when.initiators.isEmpty())
        return {};
    if (!question.proposer)
        return unknown(u"who proposed it"_s);
    const auto is = isMember(when.initiators, *question.proposer, question);
    if (!is)
        return unknown(u"whether %1 is one of those whom the rule names"_s.arg(question.nameOf(*question.proposer)));
    return fitsIf(*is, u"%1 proposed it"_s.arg(question.nameOf(*question.proposer)));
}

} // namespace

RuleTrial tryRule(const PolicyRule &rule, const Policy &policy, const PolicyQuestion &question, const PolicyCall &call)
{
    using Outcome = RuleTrial::Outcome;
    const RuleMatcher &when = rule.when;
    const std::array parts{chainPart(when, question), safePart(when, call), kindPart(when, call),
        operationPart(when, call), targetPart(when, call), functionPart(when, call), valuePart(when, call),
        amountPart(when, call), destinationPart(when, policy, question, call), initiatorPart(when, question)};
    RuleTrial trial{rule.name, Outcome::Fits, {}};
    for (const Part &part : parts) {
        if (part.fits == false)
            return {rule.name, Outcome::DoesNotFit, part.why};
        if (!part.fits && trial.outcome == Outcome::Fits)
            trial = {rule.name, Outcome::Undecided, part.why};
    }
    return trial;
}

CallVerdict firstMatch(const Policy &policy, const PolicyQuestion &question, qsizetype call)
{
    CallVerdict verdict;
    verdict.call = call;
    for (qsizetype i = 0; i < policy.rules.size(); ++i) {
        const PolicyRule &rule = policy.rules[i];
        verdict.trials.append(tryRule(rule, policy, question, question.calls[call]));
        const auto outcome = verdict.trials.last().outcome;
        if (outcome == RuleTrial::Outcome::Undecided)
            return verdict;
        if (outcome == RuleTrial::Outcome::Fits) {
            verdict.rule = i;
            verdict.action = rule.action;
            return verdict;
        }
    }
    verdict.action = policy.otherwise;
    return verdict;
}

void checkRules(PolicyDesk &desk)
{
    for (qsizetype i = 0; i < desk.question.calls.size(); ++i) {
        const CallVerdict verdict = firstMatch(desk.policy, desk.question, i);
        desk.verdict.calls.append(verdict);
        const QString what = u"call %1, %2"_s.arg(i + 1).arg(describeKind(desk.question.calls[i].kind));
        if (!verdict.rule) {
            const bool undecided
                = !verdict.trials.isEmpty() && verdict.trials.last().outcome == RuleTrial::Outcome::Undecided;
            if (undecided)
                desk.missing(u"for %1, whether the rule “%2” fits: %3"_s.arg(
                    what, verdict.trials.last().rule, verdict.trials.last().why));
            else if (verdict.action == RuleAction::Block)
                desk.block(u"policy.default"_s, u"No rule of the policy allows %1"_s.arg(what),
                    desk.question.calls[i].to.toString());
            continue;
        }
        const PolicyRule &rule = desk.policy.rules[*verdict.rule];
        if (rule.action == RuleAction::Block)
            desk.block(u"policy.rule"_s, u"The rule “%1” forbids %2"_s.arg(rule.name, what), rule.reason);
        if (rule.action != RuleAction::Require)
            continue;
        desk.ruleApprovals = std::max(desk.ruleApprovals, rule.require.approvals);
        desk.ruleCoolingOff = std::max(desk.ruleCoolingOff, rule.require.coolingOff);
        desk.ruleSecondPerson = desk.ruleSecondPerson || rule.require.secondPerson;
        if (!rule.require.group.isEmpty() && !desk.ruleGroups.contains(rule.require.group))
            desk.ruleGroups.append(rule.require.group);
    }
}

} // namespace countersign
