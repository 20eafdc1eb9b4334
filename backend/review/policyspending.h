#pragma once

#include "backend/policy/policyquestion.h"
#include "backend/review/checks/reviewcheck.h"

#include <chrono>
#include <optional>

namespace countersign {

/// How far back a policy asks what the Safe has spent, for what this transaction moves; absent: it does not ask.
std::optional<std::chrono::hours> pastAskedFor(const ReviewSubject &subject, const ReviewContext &context);

/// What left the Safe of late by what it executed, and, before somebody signs, what enough signatures for other
/// transactions may let go at any moment. Absent when this is not known in full: the policy blocks then where it asks.
std::optional<QList<PolicySpending>> policySpending(const ReviewDesk &desk);

/// How many of the executed calls could not be read, so that the tokens they may have moved are not counted.
qsizetype unreadSpending(const ReviewDesk &desk);

} // namespace countersign
