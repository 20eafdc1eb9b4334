#include "ui/charts/timeseries.h"

#include <algorithm>

namespace countersign {

void TimeSeries::append(std::span<const qint64> times, std::span<const float> values)
{
    const std::size_t count = std::min(times.size(), values.size());
    std::size_t skip = 0;
    while (skip < count && !m_times.empty() && times[skip] < m_times.back())
        ++skip;
    const auto fresh = times.subspan(skip, count - skip);
    if (std::is_sorted(fresh.begin(), fresh.end())) {
        m_times.insert(m_times.end(), fresh.begin(), fresh.end());
        m_pyramid.append(values.subspan(skip, count - skip));
        return;
    }
    for (std::size_t i = skip; i < count; ++i) {
        if (!m_times.empty() && times[i] < m_times.back())
            continue;
        m_times.push_back(times[i]);
        m_pyramid.append(values.subspan(i, 1));
    }
}

void TimeSeries::clear()
{
    m_times.clear();
    m_pyramid.clear();
}

std::size_t TimeSeries::indexAt(qint64 time, std::size_t hint) const
{
    const std::size_t count = m_times.size();
    if (count == 0)
        return 0;
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
