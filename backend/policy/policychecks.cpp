#include "backend/policy/policychecks.h"

#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

PolicyDesk::PolicyDesk(const Policy &policy, const PolicyQuestion &question, PolicyVerdict &verdict)
    : policy(policy)
    , question(question)
    , verdict(verdict)
{
    judgeOverrides();
}

void PolicyDesk::find(const QString &id, PolicySeverity byItself, const QString &message, const QString &evidence) const
{
    PolicyFinding finding{id, severityUnder(policy, id, byItself), message, evidence, false};
    if (finding.severity == PolicySeverity::Block && verdict.overridden.contains(id) && !isFixedCheck(id)) {
        finding.severity = PolicySeverity::Warn;
        finding.overridden = true;
    }
    if (!verdict.findings.contains(finding))
        verdict.findings.append(finding);
}

void PolicyDesk::missing(const QString &what) const
{
    block(u"policy.fact"_s, u"The policy cannot be evaluated: %1 is not known"_s.arg(what));
}

bool PolicyDesk::isWaived(PolicyWaiver waiver) const
{
    return question.environment == EnvironmentKind::Practice && policy.waivedInPractice.contains(waiver);
}

QString PolicyDesk::whyRefused(const PolicyOverride &given) const
{
    if (isFixedCheck(given.id) || !policy.overrides.contains(given.id))
        return u"the policy lets nobody override it"_s;
    if (given.reason.trimmed().size() < 10)
        return u"it has no reason"_s;
    if (given.by == given.secondPerson)
        return u"it needs two people"_s;
    for (const Address &person : {given.by, given.secondPerson}) {
        if (isMember(policy.roles.approvers, person, question) != true)
            return u"%1 is not an approver"_s.arg(question.nameOf(person));
    }
    if (!question.proposer || given.secondPerson == *question.proposer)
        return u"its second person must be somebody else than the proposer"_s;
    return {};
}

void PolicyDesk::judgeOverrides()
{
    for (const PolicyOverride &given : question.overrides) {
        const QString why = whyRefused(given);
        if (!why.isEmpty()) {
            find(u"policy.override.refused"_s, PolicySeverity::Warn,
                u"The override of “%1” does not count: %2"_s.arg(given.id, why), given.reason);
            continue;
        }
        verdict.overridden.append(given.id);
        find(u"policy.override.used"_s, PolicySeverity::Warn,
            u"“%1” is overridden by %2 and %3"_s.arg(
                given.id, question.nameOf(given.by), question.nameOf(given.secondPerson)),
            given.reason);
    }
}

std::optional<bool> isMember(const QList<PolicyMember> &members, const Address &address, const PolicyQuestion &question)
{
    bool unknown = false;
    for (const PolicyMember &member : members) {
        switch (member.kind) {
        case PolicyMember::Kind::Anyone:
            return true;
        case PolicyMember::Kind::Account:
            if (member.account == address)
                return true;
            break;
        case PolicyMember::Kind::Owners:
            if (question.owners && question.owners->contains(address))
                return true;
            unknown = unknown || !question.owners;
            break;
        case PolicyMember::Kind::Holder: {
            const auto holder = question.holders.constFind(member.holder);
            if (holder == question.holders.constEnd())
                unknown = true;
            else if (*holder == address)
                return true;
            break;
        }
        }
    }
    return unknown ? std::nullopt : std::optional(false);
}

} // namespace countersign
