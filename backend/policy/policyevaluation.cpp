#include "backend/policy/policyevaluation.h"

#include "backend/policy/policychecks.h"
#include "backend/types/strings.h"

namespace countersign {

PolicyVerdict evaluatePolicy(const Policy &policy, const PolicyQuestion &question)
{
    PolicyVerdict verdict;
    PolicyDesk desk(policy, question, verdict);
    if (question.calls.isEmpty())
        desk.missing(u"what the transaction does"_s);
    checkRules(desk);
    checkCode(desk);
    checkLimits(desk);
    checkTimes(desk);
    checkApprovals(desk);
    QList<PolicyFinding> worstFirst;
    for (const PolicySeverity severity : {PolicySeverity::Block, PolicySeverity::Warn, PolicySeverity::Info}) {
        for (const PolicyFinding &finding : std::as_const(verdict.findings)) {
            if (finding.severity == severity)
                worstFirst.append(finding);
        }
    }
    verdict.findings = worstFirst;
    return verdict;
}

} // namespace countersign
