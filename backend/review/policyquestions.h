#pragma once

#include "backend/policy/policyquestion.h"
#include "backend/review/checks/reviewcheck.h"

namespace countersign {

/// What a signing policy is asked about this transaction. What the review does not know is left out, and blocks where the
/// policy needs it.
PolicyQuestion policyQuestion(const ReviewDesk &desk);

/// The calls of the transaction, as a policy looks at them.
QList<PolicyCall> policyCalls(const ReviewDesk &desk);

Severity severityOf(PolicySeverity severity);
PolicySeverity policySeverityOf(Severity severity);

} // namespace countersign
