#include "ui/charts/axis.h"

#include "backend/types/strings.h"

#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace countersign {

namespace {

double niceStep(double rough)
{
    const double magnitude = std::pow(10.0, std::floor(std::log10(rough)));
    const double share = rough / magnitude;
    const double round = share <= 1.0 ? 1.0 : share <= 2.0 ? 2.0 : share <= 5.0 ? 5.0 : 10.0;
    return round * magnitude;
}

}

QString shortNumber(double value)
{
    if (!std::isfinite(value))
        return u"–"_s;
    const double size = std::abs(value);
    const QLocale locale;
    if (size >= 1e9)
        return locale.toString(value / 1e9, 'f', 1) + u" G"_s;
    if (size >= 1e6)
        return locale.toString(value / 1e6, 'f', 1) + u" M"_s;
    if (size >= 1e4)
        return locale.toString(value / 1e3, 'f', 1) + u" k"_s;
    if (std::abs(value - std::round(value)) < 1e-9 * std::max(1.0, size))
        return locale.toString(value, 'f', 0);
    if (size >= 100)
        return locale.toString(value, 'f', 0);
    if (size >= 10)
        return locale.toString(value, 'f', 1);
    if (size >= 1)
        return locale.toString(value, 'f', 2);
    return locale.toString(value, 'g', 2);
}

ValueAxis niceAxis(double min, double max, int wanted)
{
    if (!std::isfinite(min) || !std::isfinite(max) || min > max) {
        min = 0;
        max = 1;
    }
    if (max - min < 1e-12 * std::max({1.0, std::abs(min), std::abs(max)})) {
        const double pad = std::max(std::abs(max) * 0.1, 0.5);
        min = min >= 0 && min - pad < 0 ? 0 : min - pad;
        max += pad;
    }
    const double step = niceStep((max - min) / std::max(1, wanted));
    ValueAxis axis;
    axis.min = std::floor(min / step) * step;
    axis.max = std::ceil(max / step) * step;
    const auto count = static_cast<int>(std::lround((axis.max - axis.min) / step));
    const bool small = std::max(std::abs(axis.min), std::abs(axis.max)) < 1e4;
    const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 9); // all labels alike
    for (int i = 0; i <= count; ++i) {
        double value = axis.min + i * step;
        if (std::abs(value) < step * 1e-6)
            value = 0;
        axis.ticks.append({value, small ? QLocale().toString(value, 'f', decimals) : shortNumber(value)});
    }
    return axis;
}

double alongScale(const AxisScale &scale, double value)
{
    switch (scale.kind) {
    case ScaleKind::Linear:
        return value;
    case ScaleKind::Log:
        return value > 0 ? std::log(value) / std::log(scale.base) : -std::numeric_limits<double>::infinity();
    case ScaleKind::SymLog:
        break;
    }
    const double size = std::abs(value) / scale.linearUpTo;
    const double along = size <= 1 ? size : 1 + std::log(size) / std::log(scale.base);
    return value < 0 ? -along : along;
}

double fromAlongScale(const AxisScale &scale, double along)
{
    switch (scale.kind) {
    case ScaleKind::Linear:
        return along;
    case ScaleKind::Log:
        return std::pow(scale.base, along);
    case ScaleKind::SymLog:
        break;
    }
    const double size = std::abs(along);
    const double value = scale.linearUpTo * (size <= 1 ? size : std::pow(scale.base, size - 1));
    return along < 0 ? -value : value;
}

double ValueAxis::share(double value) const
{
    if (scale.kind == ScaleKind::Linear)
        return (value - min) / (max - min);
    const double low = alongScale(scale, min);
    return (alongScale(scale, value) - low) / (alongScale(scale, max) - low);
}

double ValueAxis::valueAt(double share) const
{
    const double low = alongScale(scale, min);
    return fromAlongScale(scale, low + share * (alongScale(scale, max) - low));
}

namespace {

ValueAxis linearAxis(const AxisStyle &style, double min, double max, int wanted)
{
    ValueAxis axis = niceAxis(min, max, wanted);
    const double step = axis.ticks.size() > 1 ? axis.ticks[1].value - axis.ticks[0].value : 1;
    axis.min = style.min.value_or(axis.min);
    axis.max = style.max.value_or(axis.max);
    if (axis.max <= axis.min)
        axis.max = axis.min + 1;
    const double slack = step * 1e-6;
    axis.ticks.removeIf(
        [&](const AxisTick &tick) { return tick.value < axis.min - slack || tick.value > axis.max + slack; });
    return axis;
}

/// Whole powers of the base, thinned to what has room.
ValueAxis powerAxis(const AxisStyle &style, double min, double max, int wanted)
{
    ValueAxis axis;
    axis.scale = style.scale;
    const bool log = style.scale.kind == ScaleKind::Log;
    if (log) {
        max = max > 0 ? max : 1;
        min = min > 0 ? min : max / std::pow(style.scale.base, 3);
    }
    double low = std::floor(alongScale(style.scale, min) + 1e-9);
    double high = std::ceil(alongScale(style.scale, max) - 1e-9);
    if (high <= low)
        high = low + 1;
    const bool hardMin = style.min && (!log || *style.min > 0);
    const bool hardMax = style.max && (!log || *style.max > 0);
    axis.min = hardMin ? *style.min : fromAlongScale(style.scale, low);
    axis.max = hardMax ? *style.max : fromAlongScale(style.scale, high);
    if (axis.max <= axis.min)
        axis.max = fromAlongScale(style.scale, alongScale(style.scale, axis.min) + 1);
    const double from = alongScale(style.scale, axis.min) - 1e-6;
    const double to = alongScale(style.scale, axis.max) + 1e-6;
    const int stride = std::max(1, static_cast<int>(std::ceil((high - low) / std::max(1, wanted))));
    for (double at = std::floor(low / stride) * stride; at <= high + 1e-9; at += stride) {
        const double value = fromAlongScale(style.scale, at);
        if (at >= from && at <= to)
            axis.ticks.append({value, shortNumber(value)});
    }
    return axis;
}

}

ValueAxis makeAxis(const AxisStyle &style, double min, double max, int wanted)
{
    min = style.min.value_or(style.softMin ? std::min(*style.softMin, min) : min);
    max = style.max.value_or(style.softMax ? std::max(*style.softMax, max) : max);
    if (min > max)
        std::swap(min, max);
    ValueAxis axis = style.scale.kind == ScaleKind::Linear ? linearAxis(style, min, max, wanted)
                                                           : powerAxis(style, min, max, wanted);
    if (style.format) {
        for (AxisTick &tick : axis.ticks)
            tick.label = style.format(tick.value);
    }
    return axis;
}

QVector<AxisTick> timeTicks(qint64 from, qint64 to, int wanted)
{
    static constexpr std::array<qint64, 18> steps{1'000, 2'000, 5'000, 10'000, 15'000, 30'000, 60'000, 120'000, 300'000,
        600'000, 900'000, 1'800'000, 3'600'000, 7'200'000, 21'600'000, 43'200'000, 86'400'000, 604'800'000};
    QVector<AxisTick> ticks;
    if (to <= from || wanted < 1)
        return ticks;
    const qint64 rough = (to - from) / wanted;
    const auto found = std::ranges::lower_bound(steps, rough);
    const qint64 step = found == steps.end() ? steps.back() * std::max<qint64>(1, rough / steps.back()) : *found;
    const QString format = step < 60'000 ? u"HH:mm:ss"_s : step < 86'400'000 ? u"HH:mm"_s : u"d MMM"_s;
    for (qint64 at = (from + step - 1) / step * step; at <= to; at += step) {
        const QDateTime time = QDateTime::fromMSecsSinceEpoch(at, QTimeZone::utc());
        ticks.append({static_cast<double>(at), QLocale().toString(time, format)});
    }
    return ticks;
}

}
