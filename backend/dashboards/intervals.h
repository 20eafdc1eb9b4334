#pragma once

#include "backend/types/timestamp.h"

#include <QString>
#include <QStringView>

#include <chrono>
#include <optional>

namespace countersign {

/// Grafana's arithmetic of steps (pkg/promlib, intervalv2): what $__interval and its kin stand for, and with which step a
/// range is asked.
struct IntervalInput {
    std::chrono::milliseconds range{}; ///< length of the range
    int maxDataPoints = 1'000; ///< the panel's width in pixels, or what it says
    std::chrono::milliseconds scrapeInterval{15'000}; ///< of the data source
    std::optional<std::chrono::milliseconds> minStep; ///< of target or panel
    int intervalFactor = 1;
};

struct Intervals {
    std::chrono::milliseconds step{};
    std::chrono::milliseconds rateInterval{}; ///< $__rate_interval
    std::chrono::milliseconds range{};
};

inline constexpr int maxStepsPerSeries = 11'000; ///< that Prometheus answers

Intervals intervalsOf(const IntervalInput &input);

/// The round value at or near an interval: 1, 2, 5, 10, 15, 20, 30 s … 1 year.
std::chrono::milliseconds roundInterval(std::chrono::milliseconds interval);

/// "15s", "2h", "500ms", "1d": one number and unit of Prometheus or Grafana (M: month, y: year); also ">15s". Absent for
/// anything else, zero and what is longer than a century.
std::optional<std::chrono::milliseconds> parseInterval(QStringView text);

/// In the largest unit that divides it, as expressions have it: "1m", "90s", "250ms".
QString intervalText(std::chrono::milliseconds interval);

/// A time of a range: "now", "now-6h", "now/d", "now-1d/d", milliseconds since 1970, or ISO 8601, in UTC. `roundUp`: a "/d" means the end
/// of the day.
std::optional<Timestamp> parseRangeTime(const QString &text, Timestamp now, bool roundUp);

} // namespace countersign
