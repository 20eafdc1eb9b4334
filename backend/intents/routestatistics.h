#pragma once

#include "backend/intents/intentphase.h"

#include <QHash>

#include <array>
#include <chrono>
#include <optional>
#include <vector>

namespace countersign {

/// Counts durations in buckets that grow by an eighth: a percentile is right to about 6 %. Samples can be taken out again.
class DurationHistogram final
{
public:
    void add(std::chrono::microseconds duration);
    void remove(std::chrono::microseconds duration);
    quint64 count() const { return m_count; }
    /// The middle of the bucket that holds the quantile, 0 < q < 1; absent without samples.
    std::optional<std::chrono::microseconds> quantile(double q) const;

private:
    static std::size_t bucket(std::chrono::microseconds duration);
    static std::chrono::microseconds middle(std::size_t bucket);
    std::vector<quint32> m_buckets;
    quint64 m_count = 0;
};

/// What is usual: for each route (a vault on a chain) how long intents stay in each phase, and how long they take in all.
class RouteStatistics final
{
public:
    using Route = quint32;
    static constexpr Route route(quint16 vault, quint16 chain) { return (static_cast<quint32>(vault) << 16) | chain; }

    /// Times at which an intent entered the phases of the road; 0: it did not.
    using Entries = std::array<qint64, intentRoadLength>;

    void add(Route route, const Entries &entries) { change(route, entries, true); }
    void remove(Route route, const Entries &entries) { change(route, entries, false); }

    struct Usual {
        quint64 count = 0;
        std::chrono::microseconds p50{};
        std::chrono::microseconds p95{};
        std::chrono::microseconds p99{};
    };
    std::optional<Usual> phase(Route route, IntentPhase phase) const; ///< absent without samples
    std::optional<Usual> total(Route route) const; ///< from creation to acknowledgement

private:
    struct Times {
        std::array<DurationHistogram, intentRoadLength> phases;
        DurationHistogram total;
    };
    void change(Route route, const Entries &entries, bool add);
    static std::optional<Usual> usual(const DurationHistogram &histogram);
    QHash<Route, Times> m_routes;
};

} // namespace countersign
