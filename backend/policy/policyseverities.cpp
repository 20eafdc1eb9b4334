#include "backend/policy/policyseverities.h"

#include "backend/policy/policy.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

const QList<KnownCheck> &policyChecks()
{
    using enum PolicySeverity;
    static const QList<KnownCheck> checks{
        {u"policy.acknowledgements"_s, Block},
        {u"policy.approvals"_s, Block},
        {u"policy.code"_s, Block},
        {u"policy.coolingOff"_s, Block},
        {u"policy.default"_s, Block},
        {u"policy.delegatecall"_s, Block},
        {u"policy.expired"_s, Block},
        {u"policy.expiry"_s, Block},
        {u"policy.fact"_s, Block},
        {u"policy.fatigue"_s, Warn},
        {u"policy.fee"_s, Block},
        {u"policy.firstSeen"_s, Warn},
        {u"policy.limit.token"_s, Block},
        {u"policy.limit.transaction"_s, Block},
        {u"policy.limit.window"_s, Block},
        {u"policy.override.refused"_s, Warn},
        {u"policy.override.used"_s, Warn},
        {u"policy.postdated"_s, Block},
        {u"policy.role.approver"_s, Block},
        {u"policy.role.executor"_s, Block},
        {u"policy.role.proposer"_s, Block},
        {u"policy.rule"_s, Block},
        {u"policy.secondPerson"_s, Block},
        {u"policy.selfApproval"_s, Block},
        {u"policy.threshold"_s, Warn},
        {u"policy.window"_s, Block},
    };
    return checks;
}

bool isFixedCheck(QStringView id)
{
    static const QStringList fixed{u"call.dirty"_s, u"chain.mismatch"_s, u"hash.domain"_s, u"hash.mismatch"_s,
        u"policy.fact"_s, u"policy.override.used"_s, u"policy.role.approver"_s, u"proposer.signature"_s,
        u"signature.invalid"_s};
    return fixed.contains(id);
}

bool isLowering(QStringView id, PolicySeverity severity, const QList<KnownCheck> *known)
{
    const auto lowers = [&](const QList<KnownCheck> &checks) -> std::optional<bool> {
        const auto found = std::ranges::find(checks, id, &KnownCheck::id);
        return found == checks.end() ? std::nullopt : std::optional(severity < found->severity);
    };
    if (const auto own = lowers(policyChecks()))
        return *own;
    const auto review = known ? lowers(*known) : std::nullopt;
    return review.value_or(severity < PolicySeverity::Block);
}

PolicySeverity severityUnder(const Policy &policy, const QString &id, PolicySeverity byItself)
{
    const auto found = policy.severities.constFind(id);
    if (found == policy.severities.constEnd() || found->severity == byItself)
        return byItself;
    const bool mayLower = found->allowLowering && !found->reason.isEmpty() && !isFixedCheck(id);
    return found->severity < byItself && !mayLower ? byItself : found->severity;
}

} // namespace countersign
