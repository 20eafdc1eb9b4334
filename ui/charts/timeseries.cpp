#include "ui/charts/timeseries.h"

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

/// What is not finite has no place on an axis: the pyramid takes it for a gap, the exact values keep it.
bool fitsFloat(double value)
{
    return std::isnan(value) || (std::isfinite(value) && double(float(value)) == value);
}

}

void TimeSeries::append(std::span<const qint64> times, std::span<const float> values)
{
    appendOrdered(times, values);
}

void TimeSeries::append(std::span<const qint64> times, std::span<const double> values)
{
    appendOrdered(times, values);
}

template<typename T> void TimeSeries::appendOrdered(std::span<const qint64> times, std::span<const T> values)
{
    const std::size_t count = std::min(times.size(), values.size());
    std::size_t skip = 0;
    while (skip < count && !isEmpty() && times[skip] < lastTime())
        ++skip;
    const auto fresh = times.subspan(skip, count - skip);
    if (std::is_sorted(fresh.begin(), fresh.end())) {
        appendTimes(fresh);
        appendValues(values.subspan(skip, count - skip));
        return;
    }
    for (std::size_t i = skip; i < count; ++i) {
        if (!isEmpty() && times[i] < lastTime())
            continue;
        appendTimes(times.subspan(i, 1));
        appendValues(values.subspan(i, 1));
    }
}

void TimeSeries::appendTimes(std::span<const qint64> times)
{
    const std::size_t have = size();
    if (times.empty())
        return;
    if (have == 0)
        m_start = times[0];
    if (m_times.empty()) {
        if (have + times.size() >= 2 && have < 2)
            m_step = have == 1 ? times[0] - m_start : times[1] - times[0];
        bool regular = m_step > 0;
        for (std::size_t i = 0; regular && i < times.size(); ++i)
            regular = times[i] == m_start + static_cast<qint64>(have + i) * m_step;
        if (regular)
            return;
        m_times.reserve(have + times.size());
        for (std::size_t i = 0; i < have; ++i)
            m_times.push_back(m_start + static_cast<qint64>(i) * m_step);
    }
    m_times.insert(m_times.end(), times.begin(), times.end());
}

void TimeSeries::appendValues(std::span<const float> values)
{
    const bool finite = std::ranges::none_of(values, [](float value) { return std::isinf(value); });
    if (m_exact.empty() && m_offset == 0 && finite) {
        m_pyramid.append(values);
        return;
    }
    appendValues(std::span<const double>(std::vector<double>(values.begin(), values.end())));
}

void TimeSeries::appendValues(std::span<const double> values)
{
    if (!m_exact.empty() || !std::ranges::all_of(values, fitsFloat))
        keepExact(values);
    std::vector<float> relative;
    relative.reserve(values.size());
    for (const double value : values)
        relative.push_back(std::isfinite(value) ? static_cast<float>(value - m_offset) : std::nanf(""));
    m_pyramid.append(relative);
}

void TimeSeries::keepExact(std::span<const double> values)
{
    if (m_exact.empty() && !isEmpty()) {
        m_exact.reserve(size() + values.size());
        for (std::size_t i = 0; i < size(); ++i)
            m_exact.push_back(double(m_pyramid.value(i)) + m_offset);
    } else if (m_exact.empty()) {
        const auto first = std::ranges::find_if(values, [](double value) { return std::isfinite(value); });
        m_offset = first == values.end() ? 0 : *first;
    }
    m_exact.insert(m_exact.end(), values.begin(), values.end());
}

void TimeSeries::clear()
{
    m_times.clear();
    m_exact.clear();
    m_pyramid.clear();
    m_start = 0;
    m_step = 1;
    m_offset = 0;
}

std::size_t TimeSeries::bytes() const
{
    return m_pyramid.bytes() + m_times.capacity() * sizeof(qint64) + m_exact.capacity() * sizeof(double);
}

std::size_t TimeSeries::indexAt(qint64 time, std::size_t hint) const
{
    const std::size_t count = size();
    if (count == 0)
        return 0;
    if (m_times.empty()) {
        if (time <= m_start)
            return 0;
        return std::min(count, static_cast<std::size_t>((time - m_start + m_step - 1) / m_step));
    }
    hint = std::min(hint, count - 1);
    // Gallop away from the guess until the answer is enclosed, then halve.
    std::size_t low = hint;
    std::size_t high = hint;
    std::size_t step = 1;
    if (m_times[hint] < time) {
        while (high < count && m_times[high] < time) {
            low = high;
            high += step;
            step *= 2;
        }
        high = std::min(high, count);
    } else {
        while (low > 0 && m_times[low] >= time) {
            high = low;
            low -= std::min(step, low);
            step *= 2;
        }
    }
    const auto begin = m_times.begin();
    const auto upper = static_cast<std::ptrdiff_t>(std::min(high + 1, count));
    return static_cast<std::size_t>(
        std::lower_bound(begin + static_cast<std::ptrdiff_t>(low), begin + upper, time) - begin);
}

}
