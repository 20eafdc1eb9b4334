#include "ui/charts/seriespainter.h"

#include "ui/charts/chartpalette.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

constexpr double barShare = 0.72; ///< of the room between two samples
constexpr double widestBar = 36;
constexpr double pointsApart = 20; ///< pixels between samples from which on each gets its dot by itself
constexpr std::size_t mostDots = 20'000; ///< beyond, a column shows its extent
constexpr int ghostAlpha = 120;
constexpr float farColumn = 1e6F;
constexpr ColumnRaster::Column noSample{1, 0};
constexpr ColumnRaster::Column onlyGaps{2, 0};

QPen penFor(const QColor &color, double width, LinePattern pattern)
{
    QPen pen(color, width, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin);
    QVector<qreal> lengths = patternLengths(pattern);
    if (!lengths.isEmpty()) {
        for (qreal &length : lengths)
            length /= std::max(width, 0.5);
        pen.setDashPattern(lengths);
    }
    return pen;
}

QVector<qreal> scaledPattern(LinePattern pattern, qreal ratio)
{
    QVector<qreal> lengths = patternLengths(pattern);
    for (qreal &length : lengths)
        length *= ratio;
    return lengths;
}

QColor faded(QColor color, double opacity)
{
    color.setAlphaF(static_cast<float>(color.alphaF() * opacity));
    return color;
}

}

PlotMap SeriesPainter::mapFor(const Frame &frame, AxisSide axis) const
{
    // The lowest value stands on the middle of the lowest row of pixels.
    const double pixel = frame.paths ? 1 : 1 / frame.ratio;
    QRectF plot(frame.plot);
    plot = {plot.left(), plot.top() + pixel / 2, plot.width(), plot.height() - pixel};
    if (!frame.paths) {
        plot.translate(-frame.plot.topLeft());
        plot = {0, plot.top() * frame.ratio, plot.width() * frame.ratio, plot.height() * frame.ratio};
    }
    return {plot, frame.span, frame.axes[static_cast<std::size_t>(axis)]};
}

double SeriesPainter::baseOf(const PlotMap &map) const
{
    const bool log = map.axis.scale.kind == ScaleKind::Log;
    return log ? map.y(map.axis.min) : map.y(std::clamp(0.0, map.axis.min, map.axis.max));
}

void SeriesPainter::paint(QPainter &painter, const Frame &frame)
{
    painter.save();
    painter.setClipRect(frame.plot.adjusted(0, -1, 1, 1));
    painter.setRenderHint(QPainter::Antialiasing);
    if (!frame.paths) {
        const QSize size(static_cast<int>(frame.plot.width() * frame.ratio), static_cast<int>(frame.plot.height() * frame.ratio));
        m_raster.begin(size);
    }
    for (const ChartStack &stack : frame.stacks)
        paintStack(painter, frame, stack);
    for (std::size_t i = 0; i < frame.scene.lines.size(); ++i) {
        if (frame.scene.ghost && frame.scene.lines[i].shown())
            paintGhost(painter, frame, i);
    }
    for (std::size_t i = 0; i < frame.scene.lines.size(); ++i) {
        const ChartLine &line = frame.scene.lines[i];
        if (line.shown() && !line.stacked() && !line.series.isEmpty())
            paintLine(painter, frame, i);
    }
    if (m_raster.isBegun() && !frame.paths) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.drawImage(frame.plot, m_raster.image());
        m_raster.end();
    }
    painter.restore();
}

void SeriesPainter::paintGhost(QPainter &painter, const Frame &frame, std::size_t index)
{
    const ChartLine &line = frame.scene.lines[index];
    if (line.ghost.isEmpty())
        return;
    QColor color = frame.scene.colorOf(index, frame.scheme);
    color.setAlpha(ghostAlpha);
    SeriesStyle style = line.style;
    style.draw = DrawStyle::Line;
    style.points = PointMode::Never;
    paintSamples(painter, frame, line.ghost, {color, LinePattern::Dot, 1, 0, style});
}

void SeriesPainter::paintLine(QPainter &painter, const Frame &frame, std::size_t index)
{
    const ChartLine &line = frame.scene.lines[index];
    paintSamples(painter, frame, line.series,
        {frame.scene.colorOf(index, frame.scheme), frame.scene.patternOf(index), line.style.lineWidth,
            frame.scene.fillOf(index), line.style});
}

void SeriesPainter::paintSamples(QPainter &painter, const Frame &frame, const TimeSeries &series, const Ink &ink)
{
    const SampleRange samples = samplesIn(series, frame.span);
    if (samples.count() == 0)
        return;
    const PlotMap map = mapFor(frame, ink.style.axis);
    const double perColumn = double(samples.count()) / map.plot.width();
    if (ink.style.draw == DrawStyle::Points) {
        paintPoints(painter, frame, series, samples, map, ink);
        return;
    }
    if (perColumn >= densePerPixel) {
        paintDense(painter, frame, series, samples, ink);
        return;
    }
    if (ink.style.draw == DrawStyle::Bars) {
        const double sign = ink.style.negative ? -1 : 1;
        std::vector<qint64> times;
        std::vector<double> high;
        for (std::size_t i = samples.begin; i < samples.end; ++i) {
            times.push_back(series.time(i));
            high.push_back(sign * series.value(i));
        }
        paintBars(painter, frame, times, {}, high, map, ink);
        return;
    }
    m_curves.clear();
    buildCurves(m_curves, series, samples.begin, samples.end, ink.style, map);
    drawRuns(painter, frame, ink, baseOf(map));
    const double apart = frame.ratio * pointsApart;
    if (ink.style.points == PointMode::Always || (ink.style.points == PointMode::Auto && perColumn * apart <= 1))
        paintPoints(painter, frame, series, samples, map, ink);
}

void SeriesPainter::drawRuns(QPainter &painter, const Frame &frame, const Ink &ink, double base)
{
    for (std::size_t i = 0; i < m_curves.size(); ++i)
        drawRun(painter, frame, m_curves.run(i), ink, base);
}

void SeriesPainter::drawRun(
    QPainter &painter, const Frame &frame, std::span<const QPointF> run, const Ink &ink, double base)
{
    if (run.size() == 1) {
        if (ink.style.points != PointMode::Never)
            drawDot(painter, frame, run[0], std::max(3.0, ink.width + 1.6), ink.color);
        return;
    }
    if (frame.paths) {
        const QPolygonF line(QVector<QPointF>(run.begin(), run.end()));
        if (ink.fill > 0) {
            QPolygonF area = line;
            area.append({run.back().x(), base});
            area.append({run.front().x(), base});
            painter.setPen(Qt::NoPen);
            painter.setBrush(faded(ink.color, ink.fill));
            painter.drawPolygon(area);
        }
        if (ink.width > 0) {
            painter.setPen(penFor(ink.color, ink.width, ink.pattern));
            painter.setBrush(Qt::NoBrush);
            painter.drawPolyline(line);
        }
        return;
    }
    if (ink.fill > 0) {
        const auto width = static_cast<std::size_t>(m_raster.image().width());
        m_first.assign(width, std::nanf(""));
        m_second.assign(width, static_cast<float>(base));
        sampleRun(run, m_first);
        m_raster.area(m_first, m_second, faded(ink.color, ink.fill), ink.style.gradient);
    }
    m_raster.setPattern(scaledPattern(ink.pattern, frame.ratio));
    m_raster.line(run, ink.width * frame.ratio, ink.color);
    m_raster.setPattern({});
}

void SeriesPainter::drawDot(
    QPainter &painter, const Frame &frame, const QPointF &at, double diameter, const QColor &color)
{
    if (!frame.paths) {
        m_raster.dot(at, diameter * frame.ratio, color);
        return;
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(at, diameter / 2, diameter / 2);
}

void SeriesPainter::paintPoints(QPainter &painter, const Frame &frame, const TimeSeries &series, SampleRange samples,
    const PlotMap &map, const Ink &ink)
{
    if (samples.count() > mostDots) {
        paintDense(painter, frame, series, samples, ink);
        return;
    }
    const double sign = ink.style.negative ? -1 : 1;
    for (std::size_t i = samples.begin; i < samples.end; ++i) {
        const double value = sign * series.value(i);
        if (std::isfinite(value))
            drawDot(painter, frame, {map.x(series.time(i)), map.y(value)}, ink.style.pointSize, ink.color);
    }
}

void SeriesPainter::findColumns(const TimeSeries &series, SampleRange samples, const PlotMap &map, double sign)
{
    const int width = static_cast<int>(map.plot.width());
    const double perPixel = map.span.length() / width;
    m_columns.assign(static_cast<std::size_t>(width), noSample);
    std::size_t at = samples.begin;
    std::size_t step = samples.count() / static_cast<std::size_t>(width);
    const bool linear = map.axis.scale.kind == ScaleKind::Linear;
    const double scale = map.plot.height() / (map.axis.max - map.axis.min);
    const double top = map.plot.top() - 0.5; // a row's number, not its middle
    const auto rowOf = [&](double value) {
        const double row = linear ? top + (map.axis.max - value) * scale : map.y(value) - 0.5;
        return static_cast<float>(std::clamp(row, -double(farColumn), double(farColumn)));
    };
    for (int x = 0; x < width; ++x) {
        const auto edge = x + 1 == width ? map.span.to + 1 : map.span.from + static_cast<qint64>(perPixel * (x + 1));
        const std::size_t next = std::clamp(series.indexAt(edge, at + step), at, samples.end);
        if (next > at) {
            // The first sample of the next column belongs to both: columns then meet without a gap.
            const auto extrema = series.range(at, std::min(next + 1, samples.end));
            m_columns[static_cast<std::size_t>(x)] = onlyGaps;
            if (!extrema.isEmpty()) {
                const double high = sign > 0 ? extrema.high : -extrema.low;
                const double low = sign > 0 ? extrema.low : -extrema.high;
                m_columns[static_cast<std::size_t>(x)] = {rowOf(high), rowOf(low)};
            }
        }
        step = next - at;
        at = next;
    }
}

void SeriesPainter::bridgeColumns(const PlotMap &map, const Frame &frame, const Ink &ink)
{
    std::optional<std::size_t> before;
    bool gap = false;
    for (std::size_t x = 0; x < m_columns.size(); ++x) {
        const ColumnRaster::Column &column = m_columns[x];
        if (!(column.top <= column.bottom)) {
            gap = gap || column.top == onlyGaps.top;
            continue;
        }
        if (before && x - *before > 1) {
            const double length = double(x - *before) * map.span.length() / map.plot.width();
            const SeriesStyle &style = ink.style;
            if (!gap || style.spanNulls || (style.spanNullsUpTo && length <= double(*style.spanNullsUpTo))) {
                const ColumnRaster::Column &from = m_columns[*before];
                const QPointF ends[]{{double(*before) + 0.5, double(from.top + from.bottom) / 2 + 0.5},
                    {double(x) + 0.5, double(column.top + column.bottom) / 2 + 0.5}};
                m_raster.line(ends, ink.width * frame.ratio, ink.color);
            }
        }
        before = x;
        gap = false;
    }
}

void SeriesPainter::paintDense(
    QPainter &painter, const Frame &frame, const TimeSeries &series, SampleRange samples, const Ink &ink)
{
    const PlotMap map = mapFor(frame, ink.style.axis);
    findColumns(series, samples, map, ink.style.negative ? -1 : 1);
    const double base = baseOf(map);
    const bool bars = ink.style.draw == DrawStyle::Bars;
    if (bars) {
        const auto row = static_cast<float>(base - 0.5);
        for (ColumnRaster::Column &column : m_columns) {
            if (column.top <= column.bottom)
                column = {std::min(column.top, row), std::max(column.bottom, row)};
        }
    }
    if (frame.paths) {
        QPainterPath path;
        bool open = false;
        for (std::size_t x = 0; x < m_columns.size(); ++x) {
            const ColumnRaster::Column &column = m_columns[x];
            if (!(column.top <= column.bottom)) {
                open = ink.style.spanNulls && open;
                continue;
            }
            const QPointF top(map.plot.left() + double(x) + 0.5, double(column.top) + 0.5);
            const QPointF bottom(top.x(), double(column.bottom) + 0.5);
            open ? path.lineTo(top) : path.moveTo(top);
            path.lineTo(bottom);
            open = true;
        }
        painter.setBrush(Qt::NoBrush);
        painter.setPen(penFor(ink.color, std::max(1.0, ink.width), ink.pattern));
        painter.drawPath(path);
        return;
    }
    if (ink.fill > 0 && ink.style.fillOpacity && !bars) { // the faint one of a line alone is not worth what it hides
        m_first.resize(m_columns.size());
        m_second.assign(m_columns.size(), static_cast<float>(base));
        std::ranges::transform(m_columns, m_first.begin(), [base](const ColumnRaster::Column &column) {
            if (!(column.top <= column.bottom))
                return std::nanf("");
            return double(column.bottom) < base ? column.bottom : column.top;
        });
        m_raster.area(m_first, m_second, faded(ink.color, ink.fill), ink.style.gradient);
    }
    const int thickness = std::max(1, static_cast<int>(ink.width * frame.ratio));
    m_raster.setPattern(scaledPattern(ink.pattern, frame.ratio));
    if (ink.style.draw == DrawStyle::Line)
        bridgeColumns(map, frame, ink);
    m_raster.columns(m_columns, thickness, bars ? faded(ink.color, std::max(ink.fill, 0.5)) : ink.color);
    m_raster.setPattern({});
}

void SeriesPainter::paintBars(QPainter &painter, const Frame &frame, std::span<const qint64> times,
    std::span<const double> low, std::span<const double> high, const PlotMap &map, const Ink &ink)
{
    if (times.empty())
        return;
    const double unit = frame.paths ? 1 : frame.ratio;
    double room = widestBar * unit;
    for (std::size_t i = 1; i < times.size(); ++i) {
        const double apart = map.x(times[i]) - map.x(times[i - 1]);
        room = apart > 0 ? std::min(room, apart) : room;
    }
    const double width = std::max(1.0, std::floor(room * barShare));
    painter.save();
    if (!frame.paths) {
        painter.translate(frame.plot.topLeft());
        painter.scale(1 / frame.ratio, 1 / frame.ratio);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    const bool outlined = ink.width > 0 && width >= 5;
    painter.setPen(outlined ? QPen(ink.color, std::max(1.0, std::round(unit))) : QPen(Qt::NoPen));
    painter.setBrush(QBrush(faded(ink.color, outlined ? ink.fill : std::max(ink.fill, 0.8))));
    for (std::size_t i = 0; i < times.size(); ++i) {
        if (!std::isfinite(high[i]))
            continue;
        const double from = low.empty() ? baseOf(map) : map.y(low[i]);
        const double to = map.y(high[i]);
        const double left = std::round(map.x(times[i]) - width / 2);
        painter.drawRect(QRectF(QPointF(left, std::round(std::min(from, to))), QPointF(left + width, std::round(std::max(from, to)))));
    }
    painter.restore();
}

void SeriesPainter::paintStack(QPainter &painter, const Frame &frame, const ChartStack &stack)
{
    for (const StackLayer &layer : stack.layers)
        paintLayer(painter, frame, stack, layer);
}

void SeriesPainter::paintLayer(
    QPainter &painter, const Frame &frame, const ChartStack &stack, const StackLayer &layer)
{
    const ChartLine &line = frame.scene.lines[layer.line];
    const PlotMap map = mapFor(frame, stack.axis);
    SeriesStyle style = line.style;
    style.negative = false; // already in the layer
    const Ink ink{frame.scene.colorOf(layer.line, frame.scheme), frame.scene.patternOf(layer.line), style.lineWidth,
        frame.scene.fillOf(layer.line), style};
    if (style.draw == DrawStyle::Bars) {
        paintBars(painter, frame, stack.times, layer.low, layer.high, map, ink);
        return;
    }
    m_curves.clear();
    buildCurves(m_curves, stack.times, layer.high, style, map);
    m_lowCurves.clear();
    buildCurves(m_lowCurves, stack.times, layer.low, style, map);
    const Ink edge{ink.color, ink.pattern, ink.width, 0, style};
    for (std::size_t i = 0; i < m_curves.size() && i < m_lowCurves.size(); ++i) {
        const auto upper = m_curves.run(i);
        const auto lower = m_lowCurves.run(i);
        if (frame.paths) {
            QPolygonF area(QVector<QPointF>(upper.begin(), upper.end()));
            for (auto point = lower.rbegin(); point != lower.rend(); ++point)
                area.append(*point);
            painter.setPen(Qt::NoPen);
            painter.setBrush(faded(ink.color, ink.fill));
            painter.drawPolygon(area);
        } else {
            const auto width = static_cast<std::size_t>(m_raster.image().width());
            m_first.assign(width, std::nanf(""));
            m_second.assign(width, std::nanf(""));
            sampleRun(upper, m_first);
            sampleRun(lower, m_second);
            m_raster.area(m_first, m_second, faded(ink.color, ink.fill), style.gradient);
        }
        drawRun(painter, frame, upper, edge, 0);
    }
}

}
