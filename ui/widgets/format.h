#pragma once

#include "backend/types/timestamp.h"
#include "backend/types/uint256.h"

#include <QString>

#include <chrono>
#include <optional>

namespace countersign {

/// Dates, ages and ids as people read them. The exact value always goes into the tooltip and into what is copied.
QString utcTime(Timestamp time); ///< 14:03:27
QString utcDateTime(Timestamp time); ///< 2026-03-01 14:03:27.123 UTC
QString ageText(std::chrono::microseconds age); ///< 0.4 s, 37 s, 12 min, 3 h 05, 2 d
/// Wei in ether, or in gwei where that has fewer zeros, with four digits that count.
QString nativeAmountText(const Uint256 &wei);
QString shortId(const QString &id, int head = 8, int tail = 6); ///< 0x12ab34…89cdef; short ones unchanged

} // namespace countersign
