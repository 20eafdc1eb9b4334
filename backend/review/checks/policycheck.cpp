#include "backend/policy/policyevaluation.h"
#include "backend/review/checks/allchecks.h"
#include "backend/review/policyoverrides.h"
#include "backend/review/policyquestions.h"
#include "backend/review/policyspending.h"
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
        const PolicyQuestion question = policyQuestion(desk);
        const PolicyVerdict verdict = evaluatePolicy(policy, question);
        lookAtOverrides(desk, question, verdict, report);
        // What is overridden is given back as what it would be without: applyOverrides() treats it as any other finding.
        for (const PolicyFinding &finding : verdict.findings)
            report.addNamed(finding.overridden ? Severity::Block : severityOf(finding.severity), finding.id,
                finding.message, finding.evidence);
        lookAtSpending(desk, question, report);
        if (const QString &problem = desk.context.past.firstSeenProblem; verdict.notBefore && !problem.isEmpty())
            report.warn("policy.firstSeen.gap"_L1,
                u"The proposal may have been seen here earlier than is known; the waiting time counts from what is known"_s,
                problem);
        lookAtRules(desk, policy, verdict, report);
        QStringList needs;
        for (const PolicyNeed &need : verdict.needs)
            needs.append(describeNeed(need));
        report.info("policy.asked"_L1, u"Held against the policy %1, version %2"_s.arg(policy.name).arg(policy.version),
            needs.isEmpty() ? policy.id().toString() : u"%1; needs %2"_s.arg(policy.id().toString(), needs.join(u", "_s)));
    }

private:
    static void lookAtOverrides(
        const ReviewDesk &desk, const PolicyQuestion &question, const PolicyVerdict &verdict, const CheckReport &report)
    {
        const Policy &policy = *desk.context.policy;
        for (const GivenOverride &given : givenOverrides(desk, policy, question)) {
            ReviewedOverride told{given.finding, {}, overrideReasons(given, question), verdict.overridden.contains(given.finding)};
            for (const Statement &voice : given.voices)
                told.by.append(question.holders.key(voice.author, voice.author.toString()));
            desk.review.overrides.append(told);
            if (!told.holds && given.voices.size() < 2 && policy.overrides.contains(given.finding))
                report.info("policy.override.open"_L1,
                    u"%1 answers for going on in spite of \u201c%2\u201d; a second approver has to say the same"_s.arg(
                        told.by.first(), given.finding),
                    told.reasons);
        }
        for (const Statement &statement : desk.subject.statements) {
            if (isTakenBack(statement, desk.subject.statements))
                report.info("policy.override.retracted"_L1,
                    u"%1 took the override of \u201c%2\u201d back: it counts no more"_s.arg(
                        question.nameOf(statement.author), statement.finding),
                    statement.digest().toString());
            else if (statement.kind == StatementKind::Override && statement.policy != policy.id())
                report.info("policy.override.stale"_L1,
                    u"%1 overrode \u201c%2\u201d under another policy: that counts no more"_s.arg(
                        question.nameOf(statement.author), statement.finding),
                    statement.policy.toString());
        }
    }

    static void lookAtSpending(const ReviewDesk &desk, const PolicyQuestion &question, const CheckReport &report)
    {
        const auto &executions = desk.context.executions;
        if (executions && !executions->gap.isEmpty())
            report.warn("policy.spent.gap"_L1, u"What left the Safe of late is not known in full"_s, executions->gap);
        if (const qsizetype unread = question.spent ? unreadSpending(desk) : 0; unread > 0)
            report.warn("policy.spent.unread"_L1,
                u"Tokens that %1 executed calls may have moved are not counted: the calls cannot be read"_s.arg(unread));
    }

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
