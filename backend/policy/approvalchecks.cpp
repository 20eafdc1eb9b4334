#include "backend/policy/policychecks.h"
#include "backend/types/strings.h"

#include <QSet>

#include <algorithm>

namespace countersign {

namespace {

using Kind = PolicyNeed::Kind;

void checkRole(const PolicyDesk &desk, const QList<PolicyMember> &members, const Address &who, const QString &id,
    const QString &may)
{
    const auto is = isMember(members, who, desk.question);
    if (!is)
        desk.missing(u"whether %1 may %2"_s.arg(desk.question.nameOf(who), may));
    else if (!*is)
        desk.block(id, u"The policy does not let %1 %2"_s.arg(desk.question.nameOf(who), may));
}

void checkPeople(const PolicyDesk &desk)
{
    const PolicyQuestion &question = desk.question;
    const PolicyRoles &roles = desk.policy.roles;
    if (!question.proposer)
        desk.missing(u"who proposed it"_s);
    else
        checkRole(desk, roles.proposers, *question.proposer, u"policy.role.proposer"_s, u"propose"_s);
    if (question.stage == PolicyStage::Sign && question.approver) {
        checkRole(desk, roles.approvers, *question.approver, u"policy.role.approver"_s, u"approve"_s);
        if (question.approver == question.proposer && roles.proposerMayApprove == ProposerApproval::Never)
            desk.block(
                u"policy.selfApproval"_s, u"Whoever proposes does not approve"_s, question.nameOf(*question.approver));
    }
    if (question.stage != PolicyStage::Execute)
        return;
    const bool anyone = std::ranges::any_of(
        roles.executors, [](const PolicyMember &member) { return member.kind == PolicyMember::Kind::Anyone; });
    if (question.executor)
        checkRole(desk, roles.executors, *question.executor, u"policy.role.executor"_s, u"execute"_s);
    else if (!anyone)
        desk.missing(u"who would execute it"_s);
}

/// Those whose word counts, each once.
QSet<Address> approversAmong(const PolicyDesk &desk, const QList<Address> &people)
{
    QSet<Address> counted;
    for (const Address &person : people) {
        if (isMember(desk.policy.roles.approvers, person, desk.question) == true)
            counted.insert(person);
    }
    return counted;
}

void needGroup(const PolicyDesk &desk, const QSet<Address> &approvals, const QString &name, bool alternative)
{
    const ApproverGroup *group = desk.policy.roles.group(name);
    // The loader refuses a group that is not there; one that is built by hand stays unmet.
    PolicyNeed need{Kind::Group, name, group ? group->threshold : 1, 0, alternative};
    for (const Address &person : approvals) {
        if (group && isMember(group->members, person, desk.question) == true)
            ++need.have;
    }
    if (!desk.verdict.needs.contains(need))
        desk.verdict.needs.append(need);
}

void countApprovals(const PolicyDesk &desk)
{
    const PolicyQuestion &question = desk.question;
    const PolicyRoles &roles = desk.policy.roles;
    QSet<Address> approvals = approversAmong(desk, question.approvals);
    if (roles.proposerMayApprove == ProposerApproval::Never && question.proposer)
        approvals.remove(*question.proposer);
    const int policyNeeds = std::max(roles.minimumApprovals, desk.ruleApprovals);
    const quint64 threshold = std::min<quint64>(question.threshold.value_or(0), std::numeric_limits<int>::max());
    const int needed = std::max(policyNeeds, static_cast<int>(threshold));
    QList<PolicyNeed> &needs = desk.verdict.needs;
    needs.append({Kind::Approvals, {}, needed, static_cast<int>(approvals.size()), false});
    if (roles.proposerMayApprove == ProposerApproval::NotAlone) {
        const auto others = std::ranges::count_if(
            approvals, [&](const Address &person) { return question.proposer && person != *question.proposer; });
        needs.append({Kind::IndependentApproval, {}, 1, static_cast<int>(std::min<qsizetype>(others, 1)), false});
    }
    for (const QString &group : roles.required)
        needGroup(desk, approvals, group, roles.logic == GroupLogic::Any && roles.required.size() > 1);
    for (const QString &group : desk.ruleGroups)
        needGroup(desk, approvals, group, false);
    if (question.threshold && threshold < static_cast<quint64>(policyNeeds))
        desk.find(u"policy.threshold"_s, PolicySeverity::Warn,
            u"The Safe itself would execute with fewer approvals than the policy demands"_s,
            u"threshold %1, policy %2"_s.arg(threshold).arg(policyNeeds));
    if (question.stage != PolicyStage::Execute || desk.verdict.hasAllApprovals())
        return;
    QStringList open;
    for (const PolicyNeed &need : std::as_const(needs)) {
        if (!need.isMet())
            open.append(describeNeed(need));
    }
    desk.block(u"policy.approvals"_s, u"Approvals that the policy demands are missing"_s, open.join(u"; "_s));
}

void countWitnesses(const PolicyDesk &desk)
{
    const PolicyQuestion &question = desk.question;
    const QSet<Address> witnesses = approversAmong(desk, question.acknowledgements);
    if (const int needed = desk.policy.roles.acknowledgements; needed > 0) {
        const PolicyNeed need{Kind::Acknowledgements, {}, needed, static_cast<int>(witnesses.size()), false};
        desk.verdict.needs.append(need);
        if (!need.isMet())
            desk.block(
                u"policy.acknowledgements"_s, u"Too few have said that they saw this proposal"_s, describeNeed(need));
    }
    if (!desk.ruleSecondPerson)
        return;
    const QSet<Address> involved = witnesses + approversAmong(desk, question.approvals);
    const auto &actor = question.stage == PolicyStage::Sign ? question.approver : question.executor;
    const bool has = std::ranges::any_of(
        involved, [&](const Address &person) { return person != actor && person != question.proposer; });
    desk.verdict.needs.append({Kind::SecondPerson, {}, 1, has ? 1 : 0, false});
    if (!has)
        desk.block(u"policy.secondPerson"_s,
            u"A second person, who neither proposed this nor acts now, must have acknowledged or approved it first"_s);
}

} // namespace

void checkApprovals(const PolicyDesk &desk)
{
    checkPeople(desk);
    countApprovals(desk);
    countWitnesses(desk);
}

} // namespace countersign
