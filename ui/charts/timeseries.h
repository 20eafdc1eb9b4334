#pragma once

#include "ui/charts/minmaxpyramid.h"

#include <QtGlobal>

#include <cstddef>
#include <span>
#include <vector>

namespace countersign {

/// Samples over time, oldest first. Times are milliseconds since 1970 UTC and never go back: a sample that would is
/// dropped. While they are equally spaced they cost nothing. A value that a float cannot hold is kept whole beside its
/// place in the pyramid, which is then relative to the first value, so that clocks and block numbers keep their last
/// digits.
class TimeSeries {
public:
    void append(std::span<const qint64> times, std::span<const float> values);
    void append(std::span<const qint64> times, std::span<const double> values);
    void append(qint64 time, float value) { append({&time, 1}, std::span(&value, 1)); }
    void clear();

    std::size_t size() const { return m_pyramid.size(); }
    bool isEmpty() const { return size() == 0; }
    qint64 firstTime() const { return time(0); }
    qint64 lastTime() const { return time(size() - 1); }
    qint64 time(std::size_t index) const
    {
        return m_times.empty() ? m_start + static_cast<qint64>(index) * m_step : m_times[index];
    }
    /// NaN is a gap.
    double value(std::size_t index) const
    {
        return m_exact.empty() ? double(m_pyramid.value(index)) + m_offset : m_exact[index];
    }
    /// Extrema of [begin, end); low > high where there is no value.
    struct Extrema {
        double low;
        double high;
        bool isEmpty() const { return low > high; }
    };
    Extrema range(std::size_t begin, std::size_t end) const
    {
        const MinMax found = m_pyramid.range(begin, end);
        return {double(found.min) + m_offset, double(found.max) + m_offset};
    }
    const MinMaxPyramid &pyramid() const { return m_pyramid; }

    /// Index of the first sample at or after `time`; `hint` is a guess that makes neighbouring look-ups cheap.
    std::size_t indexAt(qint64 time, std::size_t hint = 0) const;
    std::size_t bytes() const;

private:
    void appendTimes(std::span<const qint64> times);
    void keepExact(std::span<const double> values);
    template<typename T> void appendOrdered(std::span<const qint64> times, std::span<const T> values);
    void appendValues(std::span<const float> values);
    void appendValues(std::span<const double> values);

    std::vector<qint64> m_times; ///< empty while m_start and m_step say it all
    std::vector<double> m_exact; ///< empty while every value is a float
    MinMaxPyramid m_pyramid;
    qint64 m_start = 0;
    qint64 m_step = 1;
    double m_offset = 0;
};

}
