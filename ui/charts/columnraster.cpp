#include "ui/charts/columnraster.h"

#include <QColor>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace countersign {

namespace {

constexpr int parts = 4; ///< of a column, so that steep lines are smooth too
constexpr int pad = 64; ///< on either side, for the width of the line
constexpr float nothing = std::numeric_limits<float>::infinity();
constexpr int fixedOne = 256;

/// The four parts of a column, which a processor handles in one step.
using Quarters = float __attribute__((vector_size(16)));
static_assert(sizeof(Quarters) == parts * sizeof(float));

QRgb premultiplied(const QColor &color)
{
    return qPremultiply(color.rgba());
}

/// Each of the four channels times factor/256.
QRgb scaled(QRgb color, unsigned factor)
{
    const unsigned even = ((color & 0xff00ffU) * factor >> 8) & 0xff00ffU;
    const unsigned odd = ((color >> 8) & 0xff00ffU) * factor & 0xff00ff00U;
    return even | odd;
}

}

void ColumnRaster::begin(const QSize &size)
{
    if (m_image.size() != size)
        m_image = QImage(size, QImage::Format_ARGB32_Premultiplied);
    m_image.fill(0);
    m_height = size.height();
    m_bits = reinterpret_cast<QRgb *>(m_image.bits());
    m_stride = m_image.bytesPerLine() / static_cast<qsizetype>(sizeof(QRgb));
    const auto wide = static_cast<std::size_t>(size.width()) * parts + 2 * pad;
    m_low.assign(wide, nothing);
    m_high.assign(wide, -nothing);
    m_wideLow.resize(wide);
    m_wideHigh.resize(wide);
    m_begun = true;
    m_pattern.clear();
}

void ColumnRaster::setPattern(const QVector<qreal> &lengths)
{
    m_pattern.clear();
    bool on = true;
    for (const qreal length : lengths) {
        m_pattern.insert(m_pattern.end(), static_cast<std::size_t>(std::max(1L, std::lround(length))), on ? 1 : 0);
        on = !on;
    }
}

void ColumnRaster::blend(QRgb *pixel, QRgb color, unsigned coverage) const
{
    if (coverage >= 255 && qAlpha(color) == 255) {
        *pixel = color;
        return;
    }
    const QRgb source = scaled(color, coverage + (coverage >> 7));
    const auto rest = 255U - static_cast<unsigned>(qAlpha(source));
    *pixel = source + scaled(*pixel, rest + (rest >> 7));
}

void ColumnRaster::include(int column, double y)
{
    const auto at = static_cast<std::size_t>(column) + pad;
    const auto height = static_cast<float>(y);
    m_low[at] = std::min(m_low[at], height);
    m_high[at] = std::max(m_high[at], height);
}

void ColumnRaster::spread(std::span<const QPointF> run)
{
    const int end = m_image.width() * parts;
    m_first = end;
    m_last = -1;
    for (std::size_t i = 0; i < run.size(); ++i) {
        const QPointF &a = run[i == 0 ? 0 : i - 1];
        const QPointF &b = run[i];
        double x0 = a.x() * parts;
        double x1 = b.x() * parts;
        double y0 = a.y();
        double y1 = b.y();
        if (x1 < 0 || x0 >= end)
            continue;
        const double slope = x1 > x0 ? (y1 - y0) / (x1 - x0) : 0;
        if (x0 < 0) {
            y0 -= slope * x0;
            x0 = 0;
        }
        if (x1 > end - 1e-3) {
            y1 -= slope * (x1 - (end - 1e-3));
            x1 = end - 1e-3;
        }
        const int c0 = static_cast<int>(x0);
        const int c1 = static_cast<int>(x1);
        m_first = std::min(m_first, c0);
        m_last = std::max(m_last, c1);
        include(c0, y0);
        for (int c = c0 + 1; c <= c1; ++c) {
            const double y = y0 + slope * (c - x0);
            include(c - 1, y);
            include(c, y);
        }
        include(c1, y1);
    }
}

void ColumnRaster::dilate(double radius)
{
    const int reach = std::min(pad - 1, static_cast<int>(radius - 0.5 + 1e-6));
    const int first = std::max(-pad + reach, m_first - reach) + pad;
    const int last = std::min(m_image.width() * parts - 1 + pad - reach, m_last + reach) + pad;
    const int width = last - first + 1;
    const auto count = static_cast<std::size_t>(width);
    float *low = m_wideLow.data() + first;
    float *high = m_wideHigh.data() + first;
    std::fill_n(low, count, nothing);
    std::fill_n(high, count, -nothing);
    for (int k = -reach; k <= reach; ++k) {
        const auto height = static_cast<float>(std::sqrt(std::max(0.0, radius * radius - double(k) * k)) / parts);
        const float *fromLow = m_low.data() + first + k;
        const float *fromHigh = m_high.data() + first + k;
        for (std::size_t i = 0; i < count; ++i) {
            const float up = fromLow[i] - height;
            const float down = fromHigh[i] + height;
            low[i] = up < low[i] ? up : low[i];
            high[i] = down > high[i] ? down : high[i];
        }
    }
    const std::ptrdiff_t from = m_first + pad;
    const std::ptrdiff_t to = m_last + pad + 1;
    std::fill(m_low.begin() + from, m_low.begin() + to, nothing);
    std::fill(m_high.begin() + from, m_high.begin() + to, -nothing);
    m_first = std::max(0, first - pad);
    m_last = std::min(m_image.width() * parts - 1, last - pad);
}

void ColumnRaster::paintColumn(int x, const float *tops, const float *bottoms, QRgb color)
{
    Quarters top;
    Quarters bottom;
    std::memcpy(&top, tops, sizeof(top));
    std::memcpy(&bottom, bottoms, sizeof(bottom));
    const float highest = std::min(std::min(top[0], top[1]), std::min(top[2], top[3]));
    const float lowest = std::max(std::max(bottom[0], bottom[1]), std::max(bottom[2], bottom[3]));
    const auto limit = static_cast<float>(m_height);
    if (!(highest <= lowest) || lowest <= 0 || highest >= limit)
        return;
    const int first = static_cast<int>(std::max(highest, 0.0F));
    const int last = static_cast<int>(std::ceil(std::min(lowest, limit)));
    // Rows that all four quarters cover whole; an empty quarter leaves none.
    const float wholeTop = std::max(std::max(top[0], top[1]), std::max(top[2], top[3]));
    const float wholeBottom = std::min(std::min(bottom[0], bottom[1]), std::min(bottom[2], bottom[3]));
    const int firstWhole = wholeTop < limit ? static_cast<int>(std::ceil(std::max(wholeTop, 0.0F))) : m_height;
    const int endWhole = wholeBottom > 0 ? static_cast<int>(std::min(wholeBottom, limit)) : 0;
    constexpr Quarters zero{0, 0, 0, 0};
    QRgb *pixel = m_bits + first * m_stride + x;
    for (int row = first; row < last; ++row, pixel += m_stride) {
        if (row >= firstWhole && row < endWhole) {
            blend(pixel, color, 255);
            continue;
        }
        const auto y = static_cast<float>(row);
        const Quarters upper = {y, y, y, y};
        const Quarters lower = {y + 1, y + 1, y + 1, y + 1};
        const Quarters from = upper > top ? upper : top;
        const Quarters to = lower < bottom ? lower : bottom;
        const Quarters length = to - from;
        const Quarters covered = length > zero ? length : zero;
        const float sum = (covered[0] + covered[1]) + (covered[2] + covered[3]);
        if (sum > 0)
            blend(pixel, color, static_cast<unsigned>(std::min(255.0F, sum * (255.0F / parts))));
    }
}

void ColumnRaster::paintSubColumns(QRgb color)
{
    for (int x = m_first / parts; x <= m_last / parts; ++x) {
        if (!drawn(x))
            continue;
        const auto at = static_cast<std::size_t>(x) * parts + pad;
        paintColumn(x, m_wideLow.data() + at, m_wideHigh.data() + at, color);
    }
}

void ColumnRaster::line(std::span<const QPointF> run, double width, const QColor &color)
{
    if (run.empty() || width <= 0)
        return;
    spread(run);
    if (m_last < m_first)
        return;
    // What the widening does not reach must be empty where the last column is painted whole.
    const int firstColumn = m_first / parts * parts;
    const int reach = static_cast<int>(width * parts) + parts;
    for (int i = std::max(-pad, firstColumn - reach); i < std::min(m_image.width() * parts + pad, m_last + reach + 1); ++i) {
        const int at = i + pad;
        m_wideLow[static_cast<std::size_t>(at)] = nothing;
        m_wideHigh[static_cast<std::size_t>(at)] = -nothing;
    }
    dilate(width * parts / 2);
    paintSubColumns(premultiplied(color));
}

void ColumnRaster::columns(std::span<const Column> columns, int thickness, const QColor &color)
{
    const int height = m_image.height();
    const QRgb ink = premultiplied(color);
    const int above = (thickness - 1) / 2;
    const int below = thickness - 1 - above;
    const auto count = std::min(columns.size(), static_cast<std::size_t>(m_image.width()));
    for (std::size_t x = 0; x < count; ++x) {
        const Column &column = columns[x];
        if (!(column.top <= column.bottom) || !drawn(static_cast<int>(x)))
            continue;
        int top = static_cast<int>(std::floor(std::max(column.top, -1e6F) + 0.5F)) - above; // NOLINT(bugprone-incorrect-roundings)
        int bottom = static_cast<int>(std::min(column.bottom, 1e6F)) + below;
        if (bottom < 0 || top >= height)
            continue;
        top = std::clamp(top, 0, height - 1);
        bottom = std::clamp(bottom, top, height - 1);
        QRgb *pixel = m_bits + top * m_stride + static_cast<qsizetype>(x);
        if (qAlpha(ink) == 255) {
            for (int y = top; y <= bottom; ++y, pixel += m_stride)
                *pixel = ink;
        } else {
            for (int y = top; y <= bottom; ++y, pixel += m_stride)
                blend(pixel, ink, 255);
        }
    }
}

void ColumnRaster::area(std::span<const float> first, std::span<const float> second, const QColor &color, bool fade)
{
    const int width = static_cast<int>(std::min({first.size(), second.size(), static_cast<std::size_t>(m_image.width())}));
    const int height = m_image.height();
    m_areaTop.resize(static_cast<std::size_t>(width));
    m_areaBottom.resize(static_cast<std::size_t>(width));
    int top = height * fixedOne;
    int bottom = 0;
    const auto fixed = [height](float y) {
        return static_cast<int>(std::clamp(y, 0.0F, static_cast<float>(height)) * fixedOne);
    };
    for (int x = 0; x < width; ++x) {
        const auto i = static_cast<std::size_t>(x);
        const bool there = !std::isnan(first[i]) && !std::isnan(second[i]);
        m_areaTop[i] = there ? fixed(std::min(first[i], second[i])) : 0;
        m_areaBottom[i] = there ? fixed(std::max(first[i], second[i])) : 0;
        if (m_areaBottom[i] > m_areaTop[i]) {
            top = std::min(top, m_areaTop[i]);
            bottom = std::max(bottom, m_areaBottom[i]);
        }
    }
    const QRgb whole = premultiplied(color);
    for (int y = top / fixedOne; y < std::min(height, (bottom + fixedOne - 1) / fixedOne); ++y) {
        const QRgb ink = fade ? scaled(whole, static_cast<unsigned>(fixedOne * (height - y) / height)) : whole;
        QRgb *row = m_bits + y * m_stride;
        const int rowTop = y * fixedOne;
        for (int x = 0; x < width; ++x) {
            const auto i = static_cast<std::size_t>(x);
            const int covered = std::min(m_areaBottom[i], rowTop + fixedOne) - std::max(m_areaTop[i], rowTop);
            const auto coverage = static_cast<unsigned>(std::clamp(covered, 0, fixedOne));
            const QRgb source = scaled(ink, coverage);
            const unsigned rest = 256U - (source >> 24) - (source >> 31);
            row[x] = source + scaled(row[x], rest);
        }
    }
}

void ColumnRaster::dot(const QPointF &at, double diameter, const QColor &color)
{
    const QPointF run[]{at};
    line(run, diameter, color);
}

}
