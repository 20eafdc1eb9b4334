#pragma once

#include "backend/types/error.h"
#include "backend/types/uint256.h"

#include <QString>

#include <chrono>

namespace countersign {

// Amounts and times as a policy file writes them. Each has exactly one text that is written and a few that are read.

/// "250000.5" with that many decimals, in the smallest unit. Digits and at most one point; no sign, separators or
/// exponent. Error Invalid, also when there are more decimals than the asset has.
[[nodiscard]] Result<Uint256> parseDecimalAmount(QStringView text, int decimals);
/// Without zeros behind the last digit that counts: "250000.5".
[[nodiscard]] QString decimalAmount(const Uint256 &amount, int decimals);

/// "1.5 ether", "30 gwei", "12 wei"; "0". A number without its unit is an error: too much hangs on it.
[[nodiscard]] Result<Uint256> parseNativeAmount(QStringView text);
[[nodiscard]] QString nativeAmount(const Uint256 &wei); ///< always in ether: "0.00000003 ether"

/// "90s", "30m", "24h", "7d"; "0". At most 3,650 days.
[[nodiscard]] Result<std::chrono::seconds> parseDuration(QStringView text);
[[nodiscard]] QString durationText(std::chrono::seconds duration); ///< in the largest unit that divides it

/// "09:30" to "24:00" as minutes from midnight.
[[nodiscard]] Result<int> parseTimeOfDay(QStringView text);
[[nodiscard]] QString timeOfDayText(int minutes);

} // namespace countersign
