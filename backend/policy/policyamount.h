#pragma once

#include "backend/types/error.h"
#include "backend/types/nativeamount.h"

#include <QString>

#include <chrono>

namespace countersign {

// Times as a policy file writes them; nativeamount.h has the amounts. Each has exactly one text that is written and a
// few that are read.

/// "90s", "30m", "24h", "7d"; "0". At most 3,650 days.
[[nodiscard]] Result<std::chrono::seconds> parseDuration(QStringView text);
[[nodiscard]] QString durationText(std::chrono::seconds duration); ///< in the largest unit that divides it

/// "09:30" to "24:00" as minutes from midnight.
[[nodiscard]] Result<int> parseTimeOfDay(QStringView text);
[[nodiscard]] QString timeOfDayText(int minutes);

} // namespace countersign
