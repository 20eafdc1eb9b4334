#include "backend/policy/policyverdict.h"

#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

bool PolicyVerdict::isBlocked() const
{
    return std::ranges::any_of(
        findings, [](const PolicyFinding &finding) { return finding.severity == PolicySeverity::Block; });
}

const PolicyFinding *PolicyVerdict::finding(QStringView id) const
{
    const auto found = std::ranges::find(findings, id, &PolicyFinding::id);
    return found == findings.end() ? nullptr : &*found;
}

bool PolicyVerdict::hasAllApprovals() const
{
    using Kind = PolicyNeed::Kind;
    bool hasAlternatives = false;
    bool oneIsMet = false;
    for (const PolicyNeed &need : needs) {
        if (need.kind == Kind::Acknowledgements || need.kind == Kind::SecondPerson)
            continue;
        if (need.alternative) {
            hasAlternatives = true;
            oneIsMet = oneIsMet || need.isMet();
        } else if (!need.isMet()) {
            return false;
        }
    }
    return !hasAlternatives || oneIsMet;
}

QString describeNeed(const PolicyNeed &need)
{
    const QString counted = u"%1 of %2 "_s.arg(need.have).arg(need.needed);
    switch (need.kind) {
    case PolicyNeed::Kind::Approvals:
        return counted + u"approvals"_s;
    case PolicyNeed::Kind::Group:
        return counted + u"from %1%2"_s.arg(need.group, need.alternative ? u" (an alternative)"_s : QString());
    case PolicyNeed::Kind::Acknowledgements:
        return counted + u"acknowledgements"_s;
    case PolicyNeed::Kind::SecondPerson:
        return counted + u"second person"_s;
    case PolicyNeed::Kind::IndependentApproval:
        return counted + u"by somebody else than the proposer"_s;
    }
    return counted;
}

} // namespace countersign
