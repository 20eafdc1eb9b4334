#pragma once

#include "backend/environment/environment.h"
#include "backend/intents/fact.h"
#include "backend/relayer/logline.h"

#include <optional>

namespace countersign {

/// What a line of a relayer's log says about an intent; absent for lines about something else, and for those without an intent id.
std::optional<Fact> factFromLogLine(const LogLine &line);

} // namespace countersign
