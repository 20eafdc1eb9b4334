#include "ui/charts/chartpalette.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace countersign {

namespace {

constexpr int hues = static_cast<int>(Token::Count) - static_cast<int>(Token::Series1);

// From the side of the background to its opposite, evenly in lightness.
constexpr std::array<QRgb, 5> heatDark{0xff1d2430, 0xff3b2f6b, 0xff8c3a76, 0xffdb6a4a, 0xfff7dc6a};
constexpr std::array<QRgb, 5> heatLight{0xfff3f1e4, 0xfff3c35a, 0xffd8643f, 0xff8b2f6f, 0xff2b1b55};
constexpr std::array<QRgb, 3> bluesDark{0xff1b2634, 0xff2a6fa5, 0xffa9dbff};
constexpr std::array<QRgb, 3> bluesLight{0xffe9f1f8, 0xff6baed6, 0xff083d77};
constexpr std::array<QRgb, 3> greensDark{0xff1a2a25, 0xff1f8762, 0xff9df0cf};
constexpr std::array<QRgb, 3> greensLight{0xffe6f3ed, 0xff57b08c, 0xff00482f};
constexpr std::array<QRgb, 3> redsDark{0xff2c2120, 0xffb4502d, 0xffffc9ad};
constexpr std::array<QRgb, 3> redsLight{0xfffaece6, 0xffe58a63, 0xff7a1f05};

std::span<const QRgb> stopsOf(Ramp ramp, Scheme scheme)
{
    const bool dark = scheme == Scheme::Dark;
    switch (ramp) {
    case Ramp::Blues:
        return dark ? bluesDark : bluesLight;
    case Ramp::Greens:
        return dark ? greensDark : greensLight;
    case Ramp::Reds:
        return dark ? redsDark : redsLight;
    case Ramp::Heat:
        break;
    }
    return dark ? heatDark : heatLight;
}

}

QColor paletteColor(int index, Scheme scheme)
{
    return tokenColor(seriesToken(index), scheme);
}

LinePattern palettePattern(int index)
{
    constexpr std::array patterns{LinePattern::Solid, LinePattern::Dash, LinePattern::Dot, LinePattern::DashDot};
    return patterns[static_cast<std::size_t>(index / hues) % patterns.size()];
}

QVector<qreal> patternLengths(LinePattern pattern)
{
    switch (pattern) {
    case LinePattern::Dash:
        return {7, 4};
    case LinePattern::Dot:
        return {2, 3};
    case LinePattern::DashDot:
        return {8, 3, 2, 3};
    case LinePattern::Solid:
        break;
    }
    return {};
}

Qt::BrushStyle paletteBrush(int index)
{
    constexpr std::array styles{Qt::SolidPattern, Qt::BDiagPattern, Qt::Dense4Pattern, Qt::DiagCrossPattern};
    return styles[static_cast<std::size_t>(index / hues) % styles.size()];
}

QColor rampColor(Ramp ramp, double share, Scheme scheme)
{
    const std::span<const QRgb> stops = stopsOf(ramp, scheme);
    const double at = std::clamp(share, 0.0, 1.0) * double(stops.size() - 1);
    const auto below = std::min(static_cast<std::size_t>(at), stops.size() - 2);
    const double part = at - double(below);
    const auto mix = [part](int from, int to) { return static_cast<int>(std::lround(from + (to - from) * part)); };
    const QRgb a = stops[below];
    const QRgb b = stops[below + 1];
    return {mix(qRed(a), qRed(b)), mix(qGreen(a), qGreen(b)), mix(qBlue(a), qBlue(b))};
}

QColor textOn(const QColor &background)
{
    const QColor dark(0x0d, 0x14, 0x1c);
    const QColor light(Qt::white);
    return contrastRatio(dark, background) >= contrastRatio(light, background) ? dark : light;
}

std::optional<QColor> thresholdColor(const QVector<ThresholdStep> &steps, double value)
{
    std::optional<QColor> color;
    for (const ThresholdStep &step : steps) {
        if (value >= step.value)
            color = step.color;
    }
    return color;
}

}
