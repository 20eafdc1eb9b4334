#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace countersign {

struct MinMax {
    float min = std::numeric_limits<float>::infinity();
    float max = -std::numeric_limits<float>::infinity();

    bool isEmpty() const { return min > max; }
    void include(float value)
    {
        min = value < min ? value : min;
        max = value > max ? value : max;
    }
    void include(const MinMax &other)
    {
        min = other.min < min ? other.min : min;
        max = other.max > max ? other.max : max;
    }
};

/// Append-only values with their extrema at every scale: the extrema of any range cost O(log n), so that a chart's
/// frame depends on its width and not on its history. NaN is a gap and counts for nothing. Costs 13 % above the values
/// themselves.
class MinMaxPyramid {
public:
    static constexpr std::size_t leaf = 64;
    static constexpr std::size_t fanOut = 8;

    void append(std::span<const float> values);
    void clear();

    std::size_t size() const { return m_values.size(); }
    float value(std::size_t index) const { return m_values[index]; }
    std::span<const float> values() const { return m_values; }
    /// Extrema of [begin, end); empty where there is no value.
    MinMax range(std::size_t begin, std::size_t end) const;
    std::size_t bytes() const;

private:
    std::vector<float> m_values;
    std::vector<std::vector<MinMax>> m_levels;
};

}
