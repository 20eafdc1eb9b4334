#pragma once

#include "backend/intents/intentrow.h"
#include "backend/intents/routestatistics.h"

namespace countersign {

/// When an intent counts as stuck: longer in its phase than `factor` times the 99th percentile of its route, and longer than the floor
/// of the phase. Until a route has `samples` durations, the floor alone decides.
struct StuckRule {
    StuckRule();

    std::array<std::chrono::seconds, intentPhaseCount> floor;
    double factor = 3.0;
    quint64 samples = 50;

    std::chrono::microseconds limit(const RouteStatistics &statistics, RouteStatistics::Route route, IntentPhase phase) const;
    bool isStuck(const RouteStatistics &statistics, const IntentRow &row, Timestamp now) const;
};

} // namespace countersign
