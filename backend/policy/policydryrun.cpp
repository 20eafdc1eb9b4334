#include "backend/policy/policydryrun.h"

#include "backend/types/strings.h"

namespace countersign {

namespace {

QString whyAllowed(const Policy &policy, const PolicyVerdict &verdict)
{
    QStringList lines;
    for (const CallVerdict &call : verdict.calls)
        lines.append(call.rule ? u"call %1: rule “%2”"_s.arg(call.call + 1).arg(policy.rules[*call.rule].name)
                               : u"call %1: the default"_s.arg(call.call + 1));
    return lines.join(u'\n');
}

DryRunDifference difference(
    const Policy &policy, const PastProposal &past, qsizetype index, const PolicyVerdict &verdict)
{
    DryRunDifference found{index, past.title, past.outcome, verdict.isBlocked(), {}, {}};
    QStringList messages;
    for (const PolicyFinding &finding : verdict.findings) {
        if (finding.severity != PolicySeverity::Block)
            continue;
        if (!found.ids.contains(finding.id))
            found.ids.append(finding.id);
        messages.append(finding.message);
    }
    found.why = found.wouldBlock ? messages.join(u'\n') : whyAllowed(policy, verdict);
    return found;
}

} // namespace

DryRun dryRun(const Policy &policy, const QList<PastProposal> &history)
{
    DryRun run;
    for (qsizetype i = 0; i < history.size(); ++i) {
        const PastProposal &past = history[i];
        if (past.outcome == PolicyOutcome::Expired) {
            ++run.expired;
            continue;
        }
        const PolicyVerdict verdict = evaluatePolicy(policy, past.question);
        const bool wasExecuted = past.outcome == PolicyOutcome::Executed;
        if (wasExecuted)
            ++(verdict.isBlocked() ? run.executedButBlocked : run.executedAndAllowed);
        else
            ++(verdict.isBlocked() ? run.refusedAndBlocked : run.refusedButAllowed);
        if (wasExecuted == verdict.isBlocked())
            run.differences.append(difference(policy, past, i, verdict));
    }
    return run;
}

QString policyOutcomeName(PolicyOutcome outcome)
{
    switch (outcome) {
    case PolicyOutcome::Executed:
        return u"executed"_s;
    case PolicyOutcome::Refused:
        return u"refused"_s;
    case PolicyOutcome::Expired:
        break;
    }
    return u"expired"_s;
}

} // namespace countersign
