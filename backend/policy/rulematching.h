#pragma once

#include "backend/policy/policy.h"
#include "backend/policy/policyquestion.h"
#include "backend/policy/policyverdict.h"

namespace countersign {

/// Holds one rule against one call. A part that does not fit decides, whatever else is unknown; a part that cannot be
/// judged leaves the rule undecided.
RuleTrial tryRule(const PolicyRule &rule, const Policy &policy, const PolicyQuestion &question, const PolicyCall &call);

/// The first rule that fits decides. An undecided rule ends the search, because it could have been the one.
CallVerdict firstMatch(const Policy &policy, const PolicyQuestion &question, qsizetype call);

} // namespace countersign
