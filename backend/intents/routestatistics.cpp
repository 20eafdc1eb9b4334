#include "backend/intents/routestatistics.h"

#include <algorithm>
#include <bit>

namespace countersign {

namespace {

constexpr std::size_t perOctave = 8;
constexpr std::size_t buckets = 36 * perOctave; // milliseconds, to about two years

} // namespace

std::size_t DurationHistogram::bucket(std::chrono::microseconds duration)
{
    const auto ms = static_cast<quint64>(std::max<qint64>(duration.count() / 1000, 0));
    if (ms < perOctave)
        return static_cast<std::size_t>(ms);
    const auto octave = static_cast<std::size_t>(std::bit_width(ms)) - 4; // ms >> octave is 8 to 15
    const auto inside = static_cast<std::size_t>(ms >> octave) - perOctave;
    return std::min(buckets - 1, (octave + 1) * perOctave + inside);
}

std::chrono::microseconds DurationHistogram::middle(std::size_t bucket)
{
    if (bucket < perOctave)
        return std::chrono::microseconds(static_cast<qint64>(bucket) * 1000 + 500);
    const std::size_t octave = bucket / perOctave - 1;
    const auto low = static_cast<qint64>(bucket % perOctave + perOctave) << octave;
    const auto width = qint64(1) << octave;
    return std::chrono::microseconds(low * 1000 + width * 500);
}

void DurationHistogram::add(std::chrono::microseconds duration)
{
    if (m_buckets.empty())
        m_buckets.resize(buckets);
    ++m_buckets[bucket(duration)];
    ++m_count;
}

void DurationHistogram::remove(std::chrono::microseconds duration)
{
    const std::size_t at = bucket(duration);
    if (m_buckets.empty() || m_buckets[at] == 0)
        return;
    --m_buckets[at];
    --m_count;
}

std::optional<std::chrono::microseconds> DurationHistogram::quantile(double q) const
{
    if (m_count == 0)
        return std::nullopt;
    const auto rank = static_cast<quint64>(std::clamp(q, 0.0, 1.0) * static_cast<double>(m_count - 1));
    quint64 seen = 0;
    for (std::size_t i = 0; i < m_buckets.size(); ++i) {
        seen += m_buckets[i];
        if (seen > rank)
            return middle(i);
    }
    return middle(buckets - 1);
}

void RouteStatistics::change(Route route, const Entries &entries, bool add)
{
    Times &times = m_routes[route];
    const auto count = [add](DurationHistogram &histogram, qint64 from, qint64 to) {
        const std::chrono::microseconds duration(std::max<qint64>(to - from, 0)); // clocks of two sources differ
        add ? histogram.add(duration) : histogram.remove(duration);
    };
    std::size_t from = 0;
    for (std::size_t i = 1; i < intentRoadLength; ++i) {
        if (entries[i] == 0)
            continue;
        if (entries[from] != 0)
            count(times.phases[from], entries[from], entries[i]);
        from = i;
    }
    constexpr std::size_t last = indexOf(IntentPhase::Acknowledged);
    if (entries[0] != 0 && entries[last] != 0)
        count(times.total, entries[0], entries[last]);
}

std::optional<RouteStatistics::Usual> RouteStatistics::usual(const DurationHistogram &histogram)
{
    const auto p50 = histogram.quantile(0.50);
    if (!p50)
        return std::nullopt;
    return Usual{histogram.count(), *p50, *histogram.quantile(0.95), *histogram.quantile(0.99)};
}

std::optional<RouteStatistics::Usual> RouteStatistics::phase(Route route, IntentPhase phase) const
{
    const auto found = m_routes.constFind(route);
    if (found == m_routes.constEnd() || indexOf(phase) >= intentRoadLength)
        return std::nullopt;
    return usual(found->phases[indexOf(phase)]);
}

std::optional<RouteStatistics::Usual> RouteStatistics::total(Route route) const
{
    const auto found = m_routes.constFind(route);
    return found == m_routes.constEnd() ? std::nullopt : usual(found->total);
}

} // namespace countersign
