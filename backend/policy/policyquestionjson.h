#pragma once

#include "backend/policy/policyquestion.h"
#include "backend/types/error.h"

#include <QByteArray>

namespace countersign {

/// A question written by hand or by a tool, to try a policy on. Strict: members that are not known, wrong values and
/// sizes beyond reason are errors. Only chainId, safe and calls are needed; what is left out counts as not found out.
/// Numbers are texts, amounts in the smallest unit, times "2025-03-01T09:30:00Z".
///
/// {stage, chainId, safe, environment, owners[], threshold, holders{name: address}, proposer, createdAt,
///  firstSeenAt, expiresAt, now, approver, executor, approvals[], acknowledgements[], recentApprovals[time],
///  spent[{at, asset, amount}], fee{most, asset}, overrides[{id, reason, by, secondPerson}],
///  calls[{safe, kind, operation, to, codeHash, value, function or selector, token{asset, amount, to},
///         installs[{role, address, codeHash}], destinationKnown}]}
Result<PolicyQuestion> policyQuestionFromJson(QByteArray json);

} // namespace countersign
