#include "backend/environment/environment.h"
#include "backend/policy/policyreading.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

using Need = MapReader::Need;

constexpr int mostPeople = 100;

bool names(const QList<PolicyMember> &members, PolicyMember::Kind kind)
{
    return std::ranges::any_of(members, [kind](const PolicyMember &member) { return member.kind == kind; });
}

void readGroup(MapReader &reader, const PolicyReading &reading, ApproverGroup &group)
{
    group.members = reading.members(reader, u"members"_s, Need::Required);
    if (names(group.members, PolicyMember::Kind::Anyone))
        reader.problem(u"members"_s, u"“anyone” cannot approve"_s, u"an approval is the signature of an owner"_s);
    group.threshold = static_cast<int>(reader.integer(u"threshold"_s, 1, mostPeople).value_or(1));
    if (!names(group.members, PolicyMember::Kind::Owners) && group.threshold > group.members.size()
        && !group.members.isEmpty())
        reader.problem(u"threshold"_s,
            u"the group has %1 members, fewer than its threshold"_s.arg(group.members.size()),
            u"it could never approve anything"_s);
}

void readGroups(MapReader &roles, const PolicyReading &reading, Policy &policy)
{
    roles.map(u"groups"_s, u"“groups”"_s, Need::Optional, [&](MapReader &reader) {
        for (const YamlNode::Entry &entry : reader.node().entries) {
            ApproverGroup group{entry.key, {}, 1};
            const bool isName = !entry.key.isEmpty() && entry.key.size() <= 64
                && std::ranges::all_of(
                    entry.key, [](QChar c) { return c.isLetterOrNumber() || c == u'-' || c == u'_' || c == u' '; });
            if (!isName)
                reader.context().problem(entry, u"“%1” is no name of a group"_s.arg(entry.key.left(48)),
                    u"letters, digits, spaces, - and _, at most 64"_s);
            reader.map(
                entry.key, u"a group"_s, Need::Required, [&](MapReader &one) { readGroup(one, reading, group); });
            policy.roles.groups.append(group);
        }
    });
    roles.map(u"required"_s, u"“required”"_s, Need::Optional, [&](MapReader &reader) {
        const auto logic = PolicyReading::word<GroupLogic>(reader, u"logic"_s, Need::Required);
        policy.roles.logic = logic.value_or(GroupLogic::All);
        reader.texts(u"groups"_s, Need::Required, [&](const YamlNode &at, const QString &given) {
            if (!policy.roles.group(given))
                reader.context().problem(
                    at, u"there is no group “%1”"_s.arg(given.left(48)), u"define it under “groups”"_s);
            else if (policy.roles.required.contains(given))
                PolicyReading::twice(reader.context(), at, given);
            else
                policy.roles.required.append(given);
        });
    });
}

} // namespace

void readRoles(MapReader &root, const PolicyReading &reading, Policy &policy)
{
    if (reading.options.environment) {
        for (const HolderSettings &holder : reading.options.environment->holders) {
            if (holder.name == u"owners" || holder.name == u"anyone")
                root.problem(u"roles"_s,
                    u"the environment has a holder “%1”, a word that means something else here"_s.arg(holder.name),
                    u"rename the holder"_s);
        }
    }
    root.map(u"roles"_s, u"“roles”"_s, Need::Required, [&](MapReader &reader) {
        PolicyRoles &roles = policy.roles;
        roles.proposers = reading.members(reader, u"proposers"_s, Need::Required);
        roles.approvers = reading.members(reader, u"approvers"_s, Need::Required);
        roles.executors = reading.members(reader, u"executors"_s, Need::Required);
        if (names(roles.approvers, PolicyMember::Kind::Anyone))
            reader.problem(u"approvers"_s, u"“anyone” cannot approve"_s,
                u"an approval is the signature of an owner: say “owners”"_s);
        roles.proposerMayApprove
            = PolicyReading::word<ProposerApproval>(reader, u"proposerMayApprove"_s, Need::Optional)
                  .value_or(ProposerApproval::Never);
        roles.minimumApprovals = static_cast<int>(reader.integer(u"minimumApprovals"_s, 1, mostPeople).value_or(1));
        roles.acknowledgements
            = static_cast<int>(reader.integer(u"acknowledgements"_s, 0, mostPeople, Need::Optional).value_or(0));
        readGroups(reader, reading, policy);
    });
}

} // namespace countersign
