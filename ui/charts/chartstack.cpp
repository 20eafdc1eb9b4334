#include "ui/charts/chartstack.h"

#include <QMap>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <tuple>

namespace countersign {

namespace {

constexpr double wholePercent = 100;
constexpr double none = std::numeric_limits<double>::quiet_NaN();

std::vector<qint64> unionOfTimes(const std::vector<ChartLine> &lines, const ChartStack &stack, const TimeSpan &range)
{
    std::vector<qint64> all;
    std::vector<qint64> own;
    std::vector<qint64> both;
    for (const StackLayer &layer : stack.layers) {
        const TimeSeries &series = lines[layer.line].series;
        const SampleRange samples = samplesIn(series, range);
        own.clear();
        for (std::size_t i = samples.begin; i < samples.end; ++i) {
            if (own.empty() || own.back() != series.time(i))
                own.push_back(series.time(i));
        }
        both.clear();
        std::ranges::set_union(all, own, std::back_inserter(both));
        all.swap(both);
    }
    return all;
}

std::vector<qint64> columnTimes(const TimeSpan &range, int columns)
{
    std::vector<qint64> times;
    times.reserve(static_cast<std::size_t>(columns) + 1);
    for (int i = 0; i <= columns; ++i)
        times.push_back(range.from + static_cast<qint64>(range.length() * i / columns));
    return times;
}

/// Each value of the series at the stack's times: its sample, or what lies on the line between its neighbours.
std::vector<double> valuesAt(const TimeSeries &series, const std::vector<qint64> &times)
{
    std::vector<double> values(times.size(), none);
    std::size_t at = 0;
    for (std::size_t i = 0; i < times.size() && !series.isEmpty(); ++i) {
        at = series.indexAt(times[i], at);
        if (at == series.size())
            break;
        if (series.time(at) == times[i]) {
            values[i] = series.value(at);
        } else if (at > 0) {
            const double width = double(series.time(at) - series.time(at - 1));
            const double part = double(times[i] - series.time(at - 1)) / width;
            values[i] = series.value(at - 1) + (series.value(at) - series.value(at - 1)) * part;
        }
    }
    return values;
}

std::vector<double> columnValues(const TimeSeries &series, const std::vector<qint64> &times)
{
    std::vector<double> values(times.size(), none);
    const qint64 width = times[1] - times[0];
    std::size_t at = series.indexAt(times[0] - width);
    for (std::size_t i = 0; i < times.size(); ++i) {
        const std::size_t next = series.indexAt(times[i] + 1, at);
        const auto extrema = series.range(at, next);
        if (!extrema.isEmpty())
            values[i] = std::abs(extrema.low) > std::abs(extrema.high) ? extrema.low : extrema.high;
        at = next;
    }
    return values;
}

void toShares(std::vector<std::vector<double>> &values)
{
    for (std::size_t i = 0; i < values.front().size(); ++i) {
        double sum = 0;
        for (const auto &layer : values)
            sum += std::isfinite(layer[i]) ? std::abs(layer[i]) : 0;
        for (auto &layer : values)
            layer[i] = sum > 0 ? layer[i] / sum * wholePercent : layer[i];
    }
}

void pile(ChartStack &stack, const std::vector<std::vector<double>> &values)
{
    std::vector<double> above(stack.times.size(), 0);
    std::vector<double> below(stack.times.size(), 0);
    for (std::size_t k = 0; k < stack.layers.size(); ++k) {
        StackLayer &layer = stack.layers[k];
        layer.low.assign(stack.times.size(), none);
        layer.high.assign(stack.times.size(), none);
        for (std::size_t i = 0; i < stack.times.size(); ++i) {
            const double value = values[k][i];
            if (!std::isfinite(value))
                continue;
            double &height = value < 0 ? below[i] : above[i];
            layer.low[i] = height;
            height += value;
            layer.high[i] = height;
        }
    }
}

}

std::vector<ChartStack> buildStacks(const std::vector<ChartLine> &lines, const TimeSpan &range, int columns)
{
    QMap<std::tuple<QString, int, bool>, ChartStack> found;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const SeriesStyle &style = lines[i].style;
        if (!lines[i].stacked() || !lines[i].shown() || lines[i].series.isEmpty())
            continue;
        const bool percent = style.stack == StackMode::Percent;
        ChartStack &stack = found[{style.stackGroup, static_cast<int>(style.axis), percent}];
        stack.axis = style.axis;
        stack.percent = percent;
        stack.layers.push_back({i});
    }
    std::vector<ChartStack> stacks;
    for (ChartStack &stack : found) {
        const std::size_t allowed = static_cast<std::size_t>(std::max(1, columns)) * 2;
        const bool dense = std::ranges::any_of(stack.layers,
            [&](const StackLayer &layer) { return samplesIn(lines[layer.line].series, range).count() > allowed; });
        stack.times = dense ? columnTimes(range, std::max(1, columns)) : unionOfTimes(lines, stack, range);
        std::vector<std::vector<double>> values;
        for (const StackLayer &layer : stack.layers) {
            const ChartLine &line = lines[layer.line];
            values.push_back(dense ? columnValues(line.series, stack.times) : valuesAt(line.series, stack.times));
            if (line.style.negative)
                std::ranges::transform(values.back(), values.back().begin(), std::negate<>());
        }
        if (stack.percent)
            toShares(values);
        pile(stack, values);
        stacks.push_back(std::move(stack));
    }
    return stacks;
}

}
