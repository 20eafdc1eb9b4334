#include "backend/policy/policyevaluation.h"
#include "backend/review/checks/allchecks.h"
#include "backend/review/policyquestions.h"
#include "backend/types/strings.h"

#include <QStringList>

namespace countersign {

namespace {

class PolicyCheck final : public ReviewCheck {
public:
    PolicyCheck()
        : ReviewCheck({33, "policy"_L1, u"The institution's own rules",
            u"Who may propose and approve, what may be called, how much may move, how long to wait: by a policy that the "
            u"owners signed, its rules in order, the first that fits decides.",
            u"One person who does everything; a change in a hurry."})
    {
    }

    void lookAtTransaction(const ReviewDesk &desk, const CheckReport &report) const override
    {
        if (desk.context.policyError) {
            report.block("policy.unreadable"_L1, u"The signing policy cannot be read: %1"_s.arg(desk.context.policyError->message),
                desk.context.policyError->detail);
            return;
        }
        if (!desk.context.policy) {
            report.notRun(u"No signing policy was named"_s);
            return;
        }
        const Policy &policy = *desk.context.policy;
        const PolicyVerdict verdict = evaluatePolicy(policy, policyQuestion(desk));
        for (const PolicyFinding &finding : verdict.findings)
            report.addNamed(severityOf(finding.severity), finding.id, finding.message, finding.evidence);
        lookAtRules(desk, policy, verdict, report);
        QStringList needs;
        for (const PolicyNeed &need : verdict.needs)
            needs.append(describeNeed(need));
        report.info("policy.asked"_L1, u"Held against the policy %1, version %2"_s.arg(policy.name).arg(policy.version),
            needs.isEmpty() ? policy.id().toString() : u"%1; needs %2"_s.arg(policy.id().toString(), needs.join(u", "_s)));
    }

private:
    static void lookAtRules(
        const ReviewDesk &desk, const Policy &policy, const PolicyVerdict &verdict, const CheckReport &report)
    {
        const auto &calls = desk.tree.calls();
        for (const CallVerdict &call : verdict.calls) {
            if (!call.rule || call.call >= static_cast<qsizetype>(calls.size()))
                continue;
            const QString &where = calls[static_cast<size_t>(call.call)].where;
            const QString &rule = policy.rules[*call.rule].name;
            desk.review.basis.rules.append({where, rule});
            report.at(where).info("policy.decides"_L1, u"The rule \u201c%1\u201d decides"_s.arg(rule));
        }
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makePolicyCheck()
{
    return std::make_unique<PolicyCheck>();
}

} // namespace countersign
