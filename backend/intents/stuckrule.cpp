#include "backend/intents/stuckrule.h"

#include <algorithm>

namespace countersign {

StuckRule::StuckRule()
{
    using std::chrono::minutes;
    floor.fill(minutes(2));
    floor[indexOf(IntentPhase::Created)] = minutes(10); // a person authorises
}

std::chrono::microseconds StuckRule::limit(const RouteStatistics &statistics, RouteStatistics::Route route, IntentPhase phase) const
{
    const std::chrono::microseconds least = floor[indexOf(phase)];
    const auto usual = statistics.phase(route, phase);
    if (!usual || usual->count < samples)
        return least;
    const auto far = std::chrono::microseconds(static_cast<qint64>(static_cast<double>(usual->p99.count()) * factor));
    return std::max(least, far);
}

bool StuckRule::isStuck(const RouteStatistics &statistics, const IntentRow &row, Timestamp now) const
{
    if (row.settled())
        return false;
    const auto waited = now - row.phaseSince();
    return waited > limit(statistics, RouteStatistics::route(row.vault, row.chain), row.phase);
}

} // namespace countersign
