#pragma once

#include <QString>
#include <QtGlobal>

#include <cstddef>
#include <limits>
#include <optional>
#include <span>

namespace countersign {

/// How many samples become one figure: what legends, single values and tables show. The names are those of Grafana's
/// calculations, so that dashboards keep their meaning.
enum class Reducer {
    LastNotNull,
    Last,
    FirstNotNull,
    First,
    Mean,
    Min,
    Max,
    Sum,
    Count,
    NonNullCount,
    Range,
    Delta,
    Difference,
    DifferencePercent,
    Step,
    LogMin,
    ChangeCount,
    Variance,
    StandardDeviation,
    AllIsZero,
    AllIsNull,
    Median,
    DistinctCount
};

/// \a id as dashboards write it ("lastNotNull", "diffperc", also the old "current", "avg", "total"); absent: not known.
std::optional<Reducer> reducerFromId(const QString &id);
QString reducerId(Reducer reducer);
/// Short heading for a column: "Last", "Mean", "Max".
QString reducerLabel(Reducer reducer);

/// Running totals of samples in the order of their time, from which every reducer but Median and DistinctCount is
/// answered without the samples. A sample that is NaN is missing: it counts in Count and may be First or Last.
class ReducerTotals final {
public:
    void add(double value);
    void clear() { *this = ReducerTotals(); }

    std::size_t count() const { return m_count; }
    /// Absent where the samples do not say, and for Median and DistinctCount.
    std::optional<double> value(Reducer reducer) const;

private:
    std::optional<double> ofPresent(Reducer reducer) const;
    double variance() const;

    static constexpr double none = std::numeric_limits<double>::quiet_NaN();
    std::size_t m_count = 0;
    std::size_t m_present = 0;
    std::size_t m_changes = 0;
    double m_first = none;
    double m_last = none;
    double m_firstPresent = none;
    double m_lastPresent = none;
    double m_min = std::numeric_limits<double>::infinity();
    double m_max = -std::numeric_limits<double>::infinity();
    double m_logMin = std::numeric_limits<double>::infinity();
    double m_step = std::numeric_limits<double>::infinity();
    double m_sum = 0;
    double m_delta = 0;
    double m_away = 0; ///< sum of what the samples differ from the first, and of its squares
    double m_squares = 0;
    bool m_allZero = true;
    bool m_rising = true;
};

/// Any reducer over whole samples; Median and DistinctCount cost a copy of them.
std::optional<double> reduce(Reducer reducer, std::span<const double> values);

} // namespace countersign
