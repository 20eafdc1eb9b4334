#include "ui/charts/minmaxpyramid.h"

#include <algorithm>
#include <cstring>

namespace countersign {

namespace {

/// Four floats at once, which every processor of ours compares in one step.
using Four = float __attribute__((vector_size(16)));

// Two accumulators of four break the dependency on one register; comparisons with NaN are false, so that NaN drops out.
MinMax scan(const float *values, std::size_t count)
{
    constexpr MinMax none;
    MinMax sum;
    std::size_t i = 0;
    if (count >= 8) {
        Four lowA{none.min, none.min, none.min, none.min};
        Four lowB = lowA;
        Four highA{none.max, none.max, none.max, none.max};
        Four highB = highA;
        for (; i + 8 <= count; i += 8) {
            Four a;
            Four b;
            std::memcpy(&a, values + i, sizeof(a));
            std::memcpy(&b, values + i + 4, sizeof(b));
            lowA = a < lowA ? a : lowA;
            highA = a > highA ? a : highA;
            lowB = b < lowB ? b : lowB;
            highB = b > highB ? b : highB;
        }
        for (int k = 0; k < 4; ++k) {
            sum.include(MinMax{lowA[k], highA[k]});
            sum.include(MinMax{lowB[k], highB[k]});
        }
    }
    for (; i < count; ++i)
        sum.include(values[i]);
    return sum;
}

}

void MinMaxPyramid::append(std::span<const float> values)
{
    if (values.empty())
        return;
    const std::size_t firstChanged = m_values.size();
    m_values.insert(m_values.end(), values.begin(), values.end());

    std::size_t from = firstChanged / leaf;
    std::size_t count = (m_values.size() + leaf - 1) / leaf;
    if (m_levels.empty())
        m_levels.emplace_back();
    m_levels[0].resize(count);
    for (std::size_t i = from; i < count; ++i) {
        const std::size_t begin = i * leaf;
        m_levels[0][i] = scan(m_values.data() + begin, std::min(leaf, m_values.size() - begin));
    }
    for (std::size_t level = 1; count > fanOut; ++level) {
        from /= fanOut;
        const std::size_t below = count;
        count = (count + fanOut - 1) / fanOut;
        if (m_levels.size() <= level)
            m_levels.emplace_back();
        m_levels[level].resize(count);
        for (std::size_t i = from; i < count; ++i) {
            MinMax sum;
            for (std::size_t child = i * fanOut; child < std::min(below, (i + 1) * fanOut); ++child)
                sum.include(m_levels[level - 1][child]);
            m_levels[level][i] = sum;
        }
    }
}

void MinMaxPyramid::clear()
{
    m_values.clear();
    m_levels.clear();
}

MinMax MinMaxPyramid::range(std::size_t begin, std::size_t end) const
{
    end = std::min(end, m_values.size());
    MinMax sum;
    if (begin >= end)
        return sum;
    std::size_t first = (begin + leaf - 1) / leaf;
    std::size_t last = end / leaf;
    if (first >= last)
        return scan(m_values.data() + begin, end - begin);
    sum.include(scan(m_values.data() + begin, first * leaf - begin));
    sum.include(scan(m_values.data() + last * leaf, end - last * leaf));
    for (std::size_t level = 0; first < last; ++level) {
        const std::vector<MinMax> &nodes = m_levels[level];
        const bool top = level + 1 == m_levels.size();
        while (first < last && (top || first % fanOut != 0))
            sum.include(nodes[first++]);
        while (first < last && (top || last % fanOut != 0))
            sum.include(nodes[--last]);
        first /= fanOut;
        last /= fanOut;
    }
    return sum;
}

std::size_t MinMaxPyramid::bytes() const
{
    std::size_t sum = m_values.capacity() * sizeof(float);
    for (const auto &level : m_levels)
        sum += level.capacity() * sizeof(MinMax);
    return sum;
}

}
