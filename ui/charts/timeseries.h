#pragma once

#include "ui/charts/minmaxpyramid.h"

#include <QtGlobal>

#include <cstddef>
#include <span>
#include <vector>

namespace countersign {

/// Samples over time, oldest first. Times are milliseconds since 1970 UTC and never go back: a sample that would is
/// dropped.
class TimeSeries {
public:
    void append(std::span<const qint64> times, std::span<const float> values);
    void append(qint64 time, float value) { append({&time, 1}, {&value, 1}); }
    void clear();

    std::size_t size() const { return m_times.size(); }
    bool isEmpty() const { return m_times.empty(); }
    qint64 firstTime() const { return m_times.front(); }
    qint64 lastTime() const { return m_times.back(); }
    qint64 time(std::size_t index) const { return m_times[index]; }
    float value(std::size_t index) const { return m_pyramid.value(index); }
    const MinMaxPyramid &pyramid() const { return m_pyramid; }

    /// Index of the first sample at or after `time`; `hint` is a guess that makes neighbouring look-ups cheap.
    std::size_t indexAt(qint64 time, std::size_t hint = 0) const;

private:
    std::vector<qint64> m_times;
    MinMaxPyramid m_pyramid;
};

}
