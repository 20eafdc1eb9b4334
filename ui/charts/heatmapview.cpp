#include "ui/charts/heatmapview.h"

#include "backend/types/strings.h"
#include "ui/charts/chartdecor.h"
#include "ui/theme/fonts.h"

#include <QDateTime>
#include <QFontMetrics>
#include <QLinearGradient>
#include <QLocale>
#include <QPainter>
#include <QTimeZone>

#include <algorithm>
#include <cmath>
#include <limits>

namespace countersign {

namespace {
constexpr int scaleWidth = 10;
constexpr int scaleRoom = 58;
constexpr int labelHeight = 16;
constexpr int narrowestLabels = 40;
constexpr double leastShade = 0.12; ///< of what is there at all
constexpr int gridFrom = 5; ///< pixels a cell needs for a seam around it
constexpr double widestLabels = 0.3;
constexpr int shadeSteps = 16;
}

HeatmapView::HeatmapView(QWidget *parent)
    : ItemChart(parent)
{
}

void HeatmapView::setData(const HeatmapData &data)
{
    m_data = data;
    const std::size_t wanted = data.times.size() * data.rows();
    if (m_data.counts.size() != wanted)
        m_data.counts.resize(wanted, std::nan(""));
    m_least = std::numeric_limits<double>::infinity();
    m_most = 0;
    for (const double count : m_data.counts) {
        if (std::isfinite(count) && count > 0) {
            m_least = std::min(m_least, count);
            m_most = std::max(m_most, count);
        }
    }
    dataChanged();
}

void HeatmapView::setRamp(Ramp ramp)
{
    m_ramp = ramp;
    update();
}

void HeatmapView::setAxis(const AxisStyle &style)
{
    m_axis = style;
    update();
}

void HeatmapView::setCountFormat(std::function<QString(double)> format)
{
    m_format = std::move(format);
    update();
}

void HeatmapView::setLogShades(bool log)
{
    m_logShades = log;
    update();
}

void HeatmapView::setRange(qint64 from, qint64 to)
{
    m_range = TimeSpan{from, std::max(from + 1, to)};
    update();
}

void HeatmapView::setScaleShown(bool shown)
{
    m_scale = shown;
    update();
}

QString HeatmapView::countText(double count) const
{
    return m_format ? m_format(count) : shortNumber(count);
}

QString HeatmapView::bucketText(std::size_t row) const
{
    if (!m_data.labels.isEmpty())
        return m_data.labels[static_cast<qsizetype>(row)];
    const auto text = [this](double value) -> QString {
        if (std::isinf(value))
            return value > 0 ? u"∞"_s : u"−∞"_s;
        return m_axis.format ? m_axis.format(value) : shortNumber(value);
    };
    return u"%1 – %2"_s.arg(text(m_data.bounds[row]), text(m_data.bounds[row + 1]));
}

QString HeatmapView::itemText(int item) const
{
    const std::size_t rows = m_data.rows();
    const auto index = static_cast<std::size_t>(item);
    const qint64 time = m_data.times[index / rows];
    const double count = m_data.counts[index];
    return u"%1, %2: %3"_s.arg(QLocale().toString(QDateTime::fromMSecsSinceEpoch(time, QTimeZone::utc()), u"d MMM HH:mm:ss 'UTC'"_s),
        bucketText(index % rows), std::isnan(count) ? u"–"_s : countText(count));
}

QString HeatmapView::itemValue(int item) const
{
    const double count = m_data.counts[static_cast<std::size_t>(item)];
    return std::isnan(count) ? QString() : QLocale::c().toString(count, 'g', QLocale::FloatingPointShortest);
}

TimeSpan HeatmapView::span() const
{
    if (group() && group()->zoom())
        return *group()->zoom();
    if (m_range)
        return *m_range;
    if (m_data.times.empty())
        return {};
    return {m_data.times.front(), std::max(m_data.times.back() + m_data.step, m_data.times.front() + 1)};
}

ValueAxis HeatmapView::axis() const
{
    ValueAxis axis;
    axis.min = 0;
    axis.max = double(std::max<std::size_t>(1, m_data.rows()));
    if (!m_data.labels.isEmpty() || m_data.bounds.size() < 2)
        return axis;
    std::vector<double> finite;
    std::ranges::copy_if(m_data.bounds, std::back_inserter(finite), [this](double bound) {
        return std::isfinite(bound) && (m_axis.scale.kind != ScaleKind::Log || bound > 0);
    });
    if (finite.size() < 2)
        return axis;
    AxisStyle style = m_axis;
    style.min = finite.front();
    style.max = finite.back();
    // A bucket without an end is drawn as high as its neighbour.
    if (std::isinf(m_data.bounds.back()))
        style.max = fromAlongScale(style.scale, 2 * alongScale(style.scale, finite.back()) - alongScale(style.scale, finite[finite.size() - 2]));
    if (!std::isfinite(m_data.bounds.front()) || (style.scale.kind == ScaleKind::Log && m_data.bounds.front() <= 0))
        style.min = fromAlongScale(style.scale, 2 * alongScale(style.scale, finite[0]) - alongScale(style.scale, finite[1]));
    return makeAxis(style, *style.min, *style.max, std::max(2, height() / 36));
}

double HeatmapView::edgeShare(const ValueAxis &axis, std::size_t edge) const
{
    if (!m_data.labels.isEmpty())
        return double(edge) / double(m_data.rows());
    return std::clamp(axis.share(m_data.bounds[edge]), 0.0, 1.0);
}

int HeatmapView::labelWidth() const
{
    const QFontMetrics metrics(uiFont(TextSize::Caption));
    int widest = narrowestLabels;
    if (m_data.labels.isEmpty()) {
        for (const AxisTick &tick : axis().ticks)
            widest = std::max(widest, metrics.horizontalAdvance(tick.label) + 10);
    }
    for (const QString &label : m_data.labels)
        widest = std::max(widest, metrics.horizontalAdvance(label) + 10);
    return std::min(widest, static_cast<int>(width() * widestLabels));
}

QRect HeatmapView::plot() const
{
    return area().adjusted(labelWidth(), 6, m_scale ? -scaleRoom : -6, -timeAxisHeight);
}

std::optional<PlotMap> HeatmapView::timeMap() const
{
    if (m_data.counts.empty())
        return {};
    return PlotMap{QRectF(plot()), span(), axis()};
}

double HeatmapView::shade(double count) const
{
    if (m_most <= m_least)
        return 1;
    const double share = m_logShades ? (std::log(count) - std::log(m_least)) / (std::log(m_most) - std::log(m_least)) : count / m_most;
    return leastShade + (1 - leastShade) * std::clamp(share, 0.0, 1.0);
}

void HeatmapView::paintCells(QPainter &painter, const PlotMap &map) const
{
    const std::size_t rows = m_data.rows();
    const double columnWidth = double(m_data.step) / map.span.length() * map.plot.width();
    const double seam = columnWidth >= gridFrom ? 1 : 0;
    std::vector<double> edges(rows + 1);
    for (std::size_t i = 0; i <= rows; ++i)
        edges[i] = std::round(map.plot.bottom() - edgeShare(map.axis, i) * map.plot.height());
    const Scheme scheme = schemeOf(palette());
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (std::size_t column = 0; column < m_data.times.size(); ++column) {
        const qint64 time = m_data.times[column];
        if (time + m_data.step <= map.span.from || time >= map.span.to)
            continue;
        const double left = std::round(map.x(time));
        const double right = std::max(left + 1, std::round(map.x(time + m_data.step)) - seam);
        for (std::size_t row = 0; row < rows; ++row) {
            const double count = m_data.counts[column * rows + row];
            const double height = edges[row] - edges[row + 1];
            if (!std::isfinite(count) || count <= 0 || height <= 0)
                continue;
            const double below = height >= gridFrom ? seam : 0;
            painter.fillRect(QRectF(QPointF(left, edges[row + 1]), QPointF(right, edges[row] - below)), rampColor(m_ramp, shade(count), scheme));
        }
    }
}

void HeatmapView::paintLabels(QPainter &painter, const PlotMap &map) const
{
    painter.setFont(uiFont(TextSize::Caption));
    painter.setPen(tokenColor(Token::Muted, palette()));
    const QFontMetrics metrics(painter.font());
    const int left = area().left();
    const int width = static_cast<int>(map.plot.left()) - left - 6;
    const auto label = [&](double share, const QString &text) {
        const double y = map.plot.bottom() - share * map.plot.height();
        painter.drawText(QRectF(left, y - labelHeight / 2.0, width, labelHeight), Qt::AlignRight | Qt::AlignVCenter, metrics.elidedText(text, Qt::ElideMiddle, width));
    };
    const std::size_t rows = m_data.rows();
    if (m_data.labels.isEmpty()) {
        for (const AxisTick &tick : map.axis.ticks)
            label(map.axis.share(tick.value), tick.label);
    } else {
        const auto stride = static_cast<std::size_t>(std::max(1.0, std::ceil(labelHeight * double(rows) / map.plot.height())));
        for (std::size_t i = 0; i < rows; i += stride)
            label((double(i) + 0.5) / double(rows), m_data.labels[static_cast<qsizetype>(i)]);
    }
}

void HeatmapView::paintScale(QPainter &painter, const QRect &plot) const
{
    const QRect bar(plot.right() + 10, plot.top(), scaleWidth, plot.height());
    QLinearGradient gradient(QPointF(bar.left(), bar.bottom()), QPointF(bar.topLeft()));
    for (int i = 0; i <= shadeSteps; ++i) {
        const double share = double(i) / shadeSteps;
        gradient.setColorAt(share, rampColor(m_ramp, leastShade + (1 - leastShade) * share, schemeOf(palette())));
    }
    painter.fillRect(bar, gradient);
    painter.setPen(tokenColor(Token::Muted, palette()));
    const double middle = m_logShades ? std::sqrt(m_least * m_most) : m_most / 2;
    const double lowest = m_logShades ? m_least : 0;
    const double values[]{m_most, middle, lowest};
    const double shares[]{1, 0.5, 0};
    for (int i = 0; i < 3; ++i) {
        const double y = bar.bottom() - shares[i] * bar.height();
        const double top = std::clamp(y - labelHeight / 2.0, double(bar.top()), double(bar.bottom() - labelHeight));
        painter.drawText(QRectF(bar.right() + 4, top, scaleRoom - scaleWidth - 14, labelHeight), Qt::AlignLeft | Qt::AlignVCenter, countText(values[i]));
    }
}

void HeatmapView::paintItems(QPainter &painter)
{
    const auto map = timeMap();
    const QRect plot = this->plot();
    if (!map || plot.width() < 8 || plot.height() < 8)
        return;
    painter.save();
    painter.setClipRect(plot);
    paintCells(painter, *map);
    painter.restore();
    paintLabels(painter, *map);
    paintTimeAxis(painter, palette(), map->span, plot, plot.right() + 30, m_labels);
    if (m_scale && m_most > 0)
        paintScale(painter, plot);
}

int HeatmapView::itemAt(const QPoint &position) const
{
    const auto map = timeMap();
    if (!map || !map->plot.contains(position))
        return -1;
    const qint64 time = map->timeAt(position.x());
    const auto after = std::ranges::upper_bound(m_data.times, time);
    if (after == m_data.times.begin() || time >= *std::prev(after) + m_data.step)
        return -1;
    const auto column = static_cast<std::size_t>(after - m_data.times.begin() - 1);
    const double share = (map->plot.bottom() - position.y()) / map->plot.height();
    for (std::size_t row = 0; row < m_data.rows(); ++row) {
        if (share >= edgeShare(map->axis, row) && share < edgeShare(map->axis, row + 1))
            return static_cast<int>(column * m_data.rows() + row);
    }
    return -1;
}

QRectF HeatmapView::itemRect(int item) const
{
    const auto map = timeMap();
    if (!map)
        return {};
    const auto index = static_cast<std::size_t>(item);
    const qint64 time = m_data.times[index / m_data.rows()];
    const std::size_t row = index % m_data.rows();
    const auto y = [&](std::size_t edge) { return map->plot.bottom() - edgeShare(map->axis, edge) * map->plot.height(); };
    return QRectF(QPointF(map->x(time), y(row + 1)), QPointF(map->x(time + m_data.step), y(row))).intersected(map->plot);
}

int HeatmapView::neighbour(int item, int key) const
{
    if (item < 0)
        return ItemChart::neighbour(item, key);
    const auto rows = static_cast<int>(m_data.rows());
    const int step = key == Qt::Key_Left ? -rows : key == Qt::Key_Right ? rows : key == Qt::Key_Up ? 1 : -1;
    const bool sameColumn = std::abs(step) == rows || (item + step) / rows == item / rows;
    const int next = item + step;
    return next < 0 || next >= itemCount() || !sameColumn ? item : next;
}

}
