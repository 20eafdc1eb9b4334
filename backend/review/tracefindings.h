#pragma once

#include "backend/review/checks/reviewcheck.h"

namespace countersign {

/// What the calls and events of the simulation show beyond the calls that were signed: foreign code that ran as the Safe,
/// contracts that nobody announced, tokens, allowances and ether that leave.
void lookAtTrace(const ReviewDesk &desk, const SafeSimulation &simulation, const CheckReport &report);

} // namespace countersign
