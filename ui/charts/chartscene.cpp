#include "ui/charts/chartscene.h"

#include "ui/charts/axis.h"
#include "ui/charts/chartpalette.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace countersign {

namespace {

constexpr double faintFill = 0.12; ///< under a line that is alone
constexpr double stackFill = 0.45;

}

bool ChartScene::isEmpty() const
{
    return std::ranges::all_of(lines, [](const ChartLine &line) { return line.series.isEmpty(); });
}

QColor ChartScene::colorOf(std::size_t line, Scheme scheme) const
{
    const ChartLine &own = lines[line];
    if (own.style.color)
        return *own.style.color;
    return own.token ? tokenColor(*own.token, scheme) : paletteColor(static_cast<int>(line), scheme);
}

LinePattern ChartScene::patternOf(std::size_t line) const
{
    return lines[line].style.pattern.value_or(palettePattern(static_cast<int>(line)));
}

double ChartScene::fillOf(std::size_t line) const
{
    const SeriesStyle &style = lines[line].style;
    if (style.fillOpacity)
        return std::clamp(*style.fillOpacity, 0, 100) / 100.0;
    if (style.stack != StackMode::None || style.draw == DrawStyle::Bars)
        return stackFill;
    return lines.size() == 1 || bare ? faintFill : 0;
}

QString ChartScene::format(AxisSide side, double value) const
{
    const auto &own = axis(side).format;
    return own ? own(value) : shortNumber(value);
}

TimeSpan ChartScene::wholeSpan() const
{
    TimeSpan all{std::numeric_limits<qint64>::max(), std::numeric_limits<qint64>::min()};
    for (const ChartLine &line : lines) {
        if (line.series.isEmpty())
            continue;
        all.from = std::min(all.from, line.series.firstTime());
        all.to = std::max(all.to, line.series.lastTime());
    }
    if (all.from > all.to)
        return {};
    all.to = std::max(all.to, all.from + 1);
    return all;
}

std::optional<double> ChartScene::valueAt(const TimeSeries &series, qint64 time)
{
    if (series.isEmpty())
        return {};
    const std::size_t after = series.indexAt(time + 1, series.size() - 1);
    if (after == 0)
        return {};
    const double value = series.value(after - 1);
    return std::isnan(value) ? std::nullopt : std::optional(value);
}

}
