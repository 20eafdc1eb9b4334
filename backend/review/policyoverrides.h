#pragma once

#include "backend/policy/policy.h"
#include "backend/policy/policyquestion.h"
#include "backend/review/checks/reviewcheck.h"

namespace countersign {

/// What members have signed to go on in spite of a finding of this transaction, under this policy. A statement about
/// another transaction or under another policy, that of somebody who does not approve, and one that was taken back, is none.
struct GivenOverride {
    QString finding;
    QList<Statement> voices; ///< one an author, by time
};
QList<GivenOverride> givenOverrides(const ReviewDesk &desk, const Policy &policy, const PolicyQuestion &question);

/// Those that two people gave, for the policy to judge: the second of them did not propose the transaction.
QList<PolicyOverride> policyOverrides(const QList<GivenOverride> &given, const PolicyQuestion &question);

/// "alice: the reason; bob: the reason".
QString overrideReasons(const GivenOverride &given, const PolicyQuestion &question);

/// Findings that two people answer for block no more, and say so; what may still be overridden is noted in the review.
void applyOverrides(Review &review, const Policy &policy);

} // namespace countersign
