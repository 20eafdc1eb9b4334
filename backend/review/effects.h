#pragma once

#include "backend/review/checks/reviewcheck.h"

namespace countersign {

/// Names what the simulation changes, compares it with what the proposer promised, and fills Review::effects.
void fillEffects(const ReviewDesk &desk, const CheckReport &report);

} // namespace countersign
