#pragma once

#include "backend/types/error.h"
#include "backend/types/uint256.h"

#include <QString>

namespace countersign {

// Amounts as the files that people write have them. Each has exactly one text that is written and a few that are read.

/// "250000.5" with that many decimals, in the smallest unit. Digits and at most one point; no sign, separators or
/// exponent. Error Invalid, also when there are more decimals than the asset has.
[[nodiscard]] Result<Uint256> parseDecimalAmount(QStringView text, int decimals);
/// Without zeros behind the last digit that counts: "250000.5".
[[nodiscard]] QString decimalAmount(const Uint256 &amount, int decimals);

/// "1.5 ether", "30 gwei", "12 wei"; "0". A number without its unit is an error: too much hangs on it.
[[nodiscard]] Result<Uint256> parseNativeAmount(QStringView text);
[[nodiscard]] QString nativeAmount(const Uint256 &wei); ///< always in ether: "0.00000003 ether"

} // namespace countersign
