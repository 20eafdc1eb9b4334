#include "ui/charts/axis.h"

#include "backend/types/strings.h"

#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

#include <algorithm>
#include <array>
#include <cmath>

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
