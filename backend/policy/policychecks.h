#pragma once

#include "backend/policy/policy.h"
#include "backend/policy/policyquestion.h"
#include "backend/policy/policyseverities.h"
#include "backend/policy/policyverdict.h"

namespace countersign {

/// What the checks of one evaluation work on, and where their findings go.
class PolicyDesk final {
public:
    PolicyDesk(const Policy &policy, const PolicyQuestion &question, PolicyVerdict &verdict);

    const Policy &policy;
    const PolicyQuestion &question;
    PolicyVerdict &verdict;

    /// Adds a finding with the severity that the policy gives it, unless two people answered for it.
    void find(const QString &id, PolicySeverity byItself, const QString &message, const QString &evidence = {}) const;
    void block(const QString &id, const QString &message, const QString &evidence = {}) const
    {
        find(id, PolicySeverity::Block, message, evidence);
    }
    /// Fails closed: something that the policy needs was not found out.
    void missing(const QString &what) const;
    bool isWaived(PolicyWaiver waiver) const;

    /// What the rules that fitted demand, over all calls.
    int ruleApprovals = 0;
    QStringList ruleGroups;
    std::chrono::seconds ruleCoolingOff{0};
    bool ruleSecondPerson = false;

private:
    void judgeOverrides();
    QString whyRefused(const PolicyOverride &given) const;
};

/// Whether the list names the address; absent when a name or the owners would have to be known to say.
std::optional<bool> isMember(
    const QList<PolicyMember> &members, const Address &address, const PolicyQuestion &question);

// In the order in which they run.
void checkRules(PolicyDesk &desk);
void checkCode(const PolicyDesk &desk);
void checkLimits(const PolicyDesk &desk);
void checkTimes(const PolicyDesk &desk);
void checkApprovals(const PolicyDesk &desk);

} // namespace countersign
