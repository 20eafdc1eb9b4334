#pragma once

#include "backend/policy/policy.h"
#include "backend/policy/policyquestion.h"
#include "backend/policy/policyverdict.h"

namespace countersign {

/// Holds a question against a policy. Pure and total: the same values give the same verdict, and what cannot be
/// evaluated blocks ("policy.fact"). Two things decide beside each other: the rules, of which the first that fits a
/// call decides that call; and what the policy demands of every transaction (code, limits, times, people), which no
/// rule takes back.
PolicyVerdict evaluatePolicy(const Policy &policy, const PolicyQuestion &question);

} // namespace countersign
