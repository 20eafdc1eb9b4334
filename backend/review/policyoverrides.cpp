#include "backend/review/policyoverrides.h"

#include "backend/policy/policychecks.h"
#include "backend/policy/policyseverities.h"
#include "backend/types/strings.h"

#include <QStringList>

#include <algorithm>
#include <iterator>

namespace countersign {

QList<GivenOverride> givenOverrides(const ReviewDesk &desk, const Policy &policy, const PolicyQuestion &question)
{
    QList<GivenOverride> given;
    const Hash32 id = policy.id();
    for (const Statement &statement : desk.subject.statements) {
        if (statement.kind != StatementKind::Override || statement.safeTxHash != desk.review.hashes.safeTx
            || statement.policy != id || statement.chainId != desk.subject.chainId || statement.safe != desk.subject.safe
            || isMember(policy.roles.approvers, statement.author, question) != true
            || isTakenBack(statement, desk.subject.statements))
            continue;
        auto at = std::ranges::find(given, statement.finding, &GivenOverride::finding);
        if (at == given.end()) {
            given.append(GivenOverride{statement.finding, {}});
            at = std::prev(given.end());
        }
        if (std::ranges::find(at->voices, statement.author, &Statement::author) == at->voices.end())
            at->voices.append(statement);
    }
    return given;
}

QList<PolicyOverride> policyOverrides(const QList<GivenOverride> &given, const PolicyQuestion &question)
{
    QList<PolicyOverride> overrides;
    for (const GivenOverride &one : given) {
        if (one.voices.size() < 2)
            continue;
        // Two different people: one of them at least did not propose it.
        Address by = one.voices[0].author;
        Address second = one.voices[1].author;
        if (second == question.proposer)
            std::swap(by, second);
        overrides.append({one.finding, overrideReasons(one, question), by, second});
    }
    return overrides;
}

QString overrideReasons(const GivenOverride &given, const PolicyQuestion &question)
{
    QStringList reasons;
    for (const Statement &voice : given.voices)
        reasons.append(u"%1: %2"_s.arg(question.holders.key(voice.author, voice.author.toString()), voice.text.simplified()));
    return reasons.join(u"; "_s);
}

void applyOverrides(Review &review, const Policy &policy)
{
    for (Finding &finding : review.findings) {
        if (finding.severity != Severity::Block || isFixedCheck(finding.code))
            continue;
        const auto held = std::ranges::find_if(review.overrides,
            [&](const ReviewedOverride &given) { return given.holds && given.code == finding.code; });
        if (held != review.overrides.end()) {
            finding.severity = Severity::Warn;
            finding.message = u"Overridden by %1: %2"_s.arg(held->by.join(u" and "_s), finding.message);
            finding.evidence = finding.evidence.isEmpty() ? held->reasons : u"%1; %2"_s.arg(held->reasons, finding.evidence);
        } else if (policy.overrides.contains(finding.code) && !review.overridable.contains(finding.code)) {
            review.overridable.append(finding.code);
        }
    }
}

} // namespace countersign
