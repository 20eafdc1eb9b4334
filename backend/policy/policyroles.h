#pragma once

#include "backend/policy/policywords.h"
#include "backend/types/address.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace countersign {

/// Whom a list of roles names.
struct PolicyMember {
    enum class Kind { Owners, Anyone, Holder, Account };
    Kind kind = Kind::Owners;
    QString holder; ///< of Holder: the name in the environment
    Address account; ///< of Account
    QString toString() const; ///< as the file writes it
    bool operator==(const PolicyMember &) const = default;
};

struct ApproverGroup {
    QString name;
    QList<PolicyMember> members;
    int threshold = 1;
    bool operator==(const ApproverGroup &) const = default;
};

struct PolicyRoles {
    QList<PolicyMember> proposers;
    QList<PolicyMember> approvers;
    QList<PolicyMember> executors;
    ProposerApproval proposerMayApprove = ProposerApproval::Never;
    int minimumApprovals = 1; ///< whatever the Safe's threshold
    int acknowledgements = 0; ///< distinct approvers who have said that they saw it
    QList<ApproverGroup> groups;
    GroupLogic logic = GroupLogic::All;
    QStringList required; ///< groups that every transaction needs, joined by `logic`
    const ApproverGroup *group(QStringView name) const;
    bool operator==(const PolicyRoles &) const = default;
};

} // namespace countersign
