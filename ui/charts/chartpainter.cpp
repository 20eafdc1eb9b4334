#include "ui/charts/chartpainter.h"

#include "backend/types/strings.h"
#include "ui/charts/chartdecor.h"
#include "ui/theme/fonts.h"

#include <QDateTime>
#include <QFontMetrics>
#include <QLocale>
#include <QPainter>
#include <QTimeZone>

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

constexpr int headerHeight = 28;
constexpr int slimHeader = 8;
constexpr int narrowestAxis = 46;
constexpr int axisTitleWidth = 16;
constexpr int rightMargin = 8;
constexpr int tickRoom = 36; ///< pixels between two values of an axis
constexpr double barePad = 0.08;
constexpr double wholePercent = 100;

bool isBar(const ChartLine &line)
{
    return line.style.draw == DrawStyle::Bars || line.stacked();
}

void include(std::optional<std::pair<double, double>> &all, double low, double high)
{
    if (!all)
        all = {low, high};
    all = {std::min(all->first, low), std::max(all->second, high)};
}

void includeSeries(std::optional<std::pair<double, double>> &all, const TimeSeries &series, const TimeSpan &span, bool negative)
{
    const SampleRange samples = samplesIn(series, span);
    const auto extrema = series.range(samples.begin, samples.end);
    if (extrema.isEmpty())
        return;
    if (negative)
        include(all, -extrema.high, -extrema.low);
    else
        include(all, extrema.low, extrema.high);
}

}

bool ChartPainter::uses(const ChartScene &scene, AxisSide side) const
{
    return std::ranges::any_of(
        scene.lines, [side](const ChartLine &line) { return line.style.axis == side && line.style.visible; });
}

ValueAxis ChartPainter::axisOf(const ChartScene &scene, AxisSide side, int height) const
{
    std::optional<std::pair<double, double>> all;
    AxisStyle style = scene.axis(side);
    for (const ChartLine &line : scene.lines) {
        if (line.series.isEmpty() || line.style.axis != side || !line.shown())
            continue;
        if (scene.ghost)
            includeSeries(all, line.ghost, m_span, line.style.negative);
        if (isBar(line) && style.scale.kind != ScaleKind::Log)
            include(all, 0, 0);
        if (!line.stacked())
            includeSeries(all, line.series, m_span, line.style.negative);
    }
    for (const ChartStack &stack : m_stacks) {
        if (stack.axis != side)
            continue;
        for (const StackLayer &layer : stack.layers) {
            for (const double high : layer.high) {
                if (!std::isnan(high))
                    include(all, high, high);
            }
        }
        if (stack.percent) {
            include(all, 0, wholePercent);
            style.max = style.max.value_or(wholePercent);
            style.format = [](double value) { return u"%1 %"_s.arg(QLocale().toString(value, 'g', 4)); };
        }
    }
    const auto [low, high] = all.value_or(std::pair(0.0, 1.0));
    if (scene.bare) {
        ValueAxis axis;
        const double from = style.softMin ? std::min(*style.softMin, low) : low;
        const double to = style.softMax ? std::max(*style.softMax, high) : high;
        const double pad = std::max((to - from) * barePad, 1e-6 + std::abs(to) * 1e-4);
        axis.min = style.min.value_or(from - pad);
        axis.max = std::max(style.max.value_or(to + pad), axis.min + 1e-9);
        return axis;
    }
    return makeAxis(style, low, high, std::max(2, height / tickRoom));
}

int ChartPainter::axisWidth(const ChartScene &scene, AxisSide side)
{
    int width = 0;
    for (const AxisTick &tick : m_axes[static_cast<std::size_t>(side)].ticks)
        width = std::max(width, static_cast<int>(std::ceil(m_labels.width(tick.label))) + 10);
    return std::max(width, narrowestAxis) + (scene.axis(side).label.isEmpty() ? 0 : axisTitleWidth);
}

void ChartPainter::layout(
    const ChartScene &scene, const QRect &rect, const TimeSpan &span, qreal ratio, const QPalette &palette)
{
    m_rect = rect;
    m_span = span;
    m_ratio = ratio;
    m_palette = palette;
    if (scene.bare) {
        m_header = {};
        m_plot = rect.adjusted(0, 1, 0, -1);
    } else {
        const bool header = !scene.title.isEmpty() || scene.legend.place == LegendPlace::Header;
        m_header = QRect(rect.left(), rect.top(), rect.width(), header ? headerHeight : slimHeader);
        const QRect room = rect.adjusted(0, m_header.height(), -rightMargin, 0);
        const QRect left = m_legend.place(scene, room, uiFont(TextSize::Small), schemeOf(palette));
        m_plot = left.adjusted(narrowestAxis, 0, 0, -timeAxisHeight);
    }
    m_stacks = buildStacks(scene.lines, span, static_cast<int>(std::max(1, m_plot.width()) * ratio));
    for (const AxisSide side : {AxisSide::Left, AxisSide::Right, AxisSide::Hidden}) {
        if (side == AxisSide::Left || uses(scene, side))
            m_axes[static_cast<std::size_t>(side)] = axisOf(scene, side, m_plot.height());
    }
    if (scene.bare)
        return;
    const bool right = uses(scene, AxisSide::Right);
    const bool leftAxis = uses(scene, AxisSide::Left) || !right;
    m_plot.setLeft(m_plot.left() - narrowestAxis + (leftAxis ? axisWidth(scene, AxisSide::Left) : slimHeader));
    if (right)
        m_plot.setRight(m_plot.right() - axisWidth(scene, AxisSide::Right) + rightMargin);
}

PlotMap ChartPainter::map(AxisSide axis) const
{
    return {QRectF(m_plot), m_span, m_axes[static_cast<std::size_t>(axis)]};
}

void ChartPainter::paint(QPainter &painter, const ChartScene &scene, bool paths)
{
    if (m_plot.width() < 8 || m_plot.height() < 8)
        return;
    const bool empty = scene.isEmpty();
    const bool right = uses(scene, AxisSide::Right);
    const bool left = uses(scene, AxisSide::Left) || !right;
    const AxisSide main = left ? AxisSide::Left : AxisSide::Right;
    if (!scene.bare) {
        paintThresholds(painter, scene.thresholds, map(main), m_plot);
        if (left) {
            const QRect labels(m_rect.left(), m_plot.top(), m_plot.left() - m_rect.left(), m_plot.height());
            paintValueAxis(painter, m_palette, map(AxisSide::Left), m_plot, labels, scene.axis(AxisSide::Left), true, m_labels);
        }
        if (right) {
            const QRect labels(m_plot.right() + 1, m_plot.top(), axisWidth(scene, AxisSide::Right), m_plot.height());
            paintValueAxis(painter, m_palette, map(AxisSide::Right), m_plot, labels, scene.axis(AxisSide::Right), !left, m_labels);
        }
        if (!empty)
            paintTimeAxis(painter, m_palette, m_span, m_plot, m_rect.right() + 1, m_labels);
    }
    if (empty) {
        if (!scene.bare) {
            painter.setPen(tokenColor(Token::Muted, m_palette));
            painter.setFont(uiFont(TextSize::Caption));
            painter.drawText(m_plot, Qt::AlignCenter | Qt::TextWordWrap, scene.emptyText);
        }
        return;
    }
    m_series.paint(painter, {scene, m_plot, m_span, m_axes, m_stacks, schemeOf(m_palette), m_ratio, paths});
    if (scene.bare)
        return;
    paintAnnotations(painter, m_palette, scene.annotations, map(main), m_plot);
    paintChartState(painter, m_palette, scene, m_plot);
}

void ChartPainter::paintLegend(
    QPainter &painter, const ChartScene &scene, std::optional<qint64> at, int focusedLine)
{
    if (scene.bare)
        return;
    paintHeader(painter, scene, at, focusedLine);
    m_legend.paint(painter, m_palette, focusedLine);
}

void ChartPainter::paintHeader(
    QPainter &painter, const ChartScene &scene, std::optional<qint64> at, int focusedLine)
{
    m_headerItems.clear();
    if (m_header.height() < headerHeight)
        return;
    const QColor muted = tokenColor(Token::Muted, m_palette);
    const QColor ink = tokenColor(Token::Text, m_palette);
    const auto width = [](LabelCache &cache, const QString &text) { return static_cast<int>(std::ceil(cache.width(text))); };
    const int top = m_header.top();
    int right = m_header.right() + 1 - rightMargin;
    if (at) {
        const QString time
            = QLocale().toString(QDateTime::fromMSecsSinceEpoch(*at, QTimeZone::utc()), u"HH:mm:ss 'UTC'"_s);
        painter.setPen(muted);
        m_figures.draw(painter, QRect(0, top, right, headerHeight), Qt::AlignRight, time);
        right -= width(m_figures, time) + 12;
    }
    const int titleEnd = m_header.left() + width(m_figures, scene.title) + 8;
    for (std::size_t i = scene.lines.size(); scene.legend.place == LegendPlace::Header && i-- > 0;) {
        const ChartLine &line = scene.lines[i];
        if (!line.style.inLegend || !line.style.visible)
            continue;
        std::optional<double> stood;
        if (!line.series.isEmpty())
            stood = ChartScene::valueAt(line.series, at.value_or(line.series.lastTime()));
        const QString value = stood ? scene.format(line.style.axis, *stood) : u"–"_s;
        const int valueWidth = width(m_figures, value);
        const int nameWidth = line.name.isEmpty() ? 0 : width(m_names, line.name) + 6;
        const int left = right - valueWidth - nameWidth - 16;
        if (left < titleEnd)
            break;
        const QRect item(left, top, right - left, headerHeight);
        m_headerItems.append({item, i});
        if (static_cast<int>(i) == focusedLine) {
            painter.setPen(QPen(tokenColor(Token::Accent, m_palette), 1));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(QRectF(item).adjusted(-3.5, 4.5, 2.5, -4.5), 3, 3);
        }
        const QColor color = line.hidden ? muted : scene.colorOf(i, schemeOf(m_palette));
        paintSeriesKey(painter, QRectF(left, top + headerHeight / 2.0 - 5, 11, 10), color, scene.patternOf(i), false);
        painter.setPen(muted);
        m_names.draw(painter, QRect(left + 14, top, nameWidth, headerHeight), Qt::AlignLeft, line.name);
        if (line.hidden)
            painter.drawLine(left + 14, top + headerHeight / 2, left + 8 + nameWidth, top + headerHeight / 2);
        painter.setPen(ink);
        m_figures.draw(painter, QRect(right - valueWidth, top, valueWidth, headerHeight), Qt::AlignRight, value);
        right = left - 14;
    }
    painter.setPen(ink);
    const int room = std::max(0, right - m_header.left());
    const QString title = titleEnd - 8 - m_header.left() <= room
        ? scene.title
        : QFontMetrics(uiFont(TextSize::Small, QFont::Medium)).elidedText(scene.title, Qt::ElideRight, room);
    m_figures.draw(painter, QRect(m_header.left(), top, room, headerHeight), Qt::AlignLeft, title);
}

int ChartPainter::lineAt(const QPoint &position) const
{
    for (const HeaderItem &item : m_headerItems) {
        if (item.rect.contains(position))
            return static_cast<int>(item.line);
    }
    return m_legend.lineAt(position);
}

int ChartPainter::annotationAt(const ChartScene &scene, const QPoint &position) const
{
    if (position.y() < m_plot.top() || position.y() > m_plot.bottom() + annotationMark)
        return -1;
    const PlotMap place = map(AxisSide::Left);
    for (qsizetype i = 0; i < scene.annotations.size(); ++i) {
        const double x = place.x(scene.annotations[i].from);
        if (std::abs(x - position.x()) <= annotationMark / 2.0 + 1)
            return static_cast<int>(i);
    }
    return -1;
}

}
