#include "ui/charts/timeseriesview.h"

#include "backend/types/strings.h"
#include "ui/theme/fonts.h"

#include <QAccessible>
#include <QDateTime>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QTimeZone>

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

constexpr int legendHeight = 28;
constexpr int timeAxisHeight = 20;
constexpr int valueAxisWidth = 46;
/// Above so many samples a pixel the columns are written straight into an image; below, an antialiased line is better
/// looking.
constexpr double densePerPixel = 1.5;

}

TimeSeriesView::TimeSeriesView(const QString &title, QWidget *parent)
    : QWidget(parent)
    , m_title(title)
    , m_emptyText(tr("No samples yet"))
{
    setAccessibleName(title);
    setFocusPolicy(Qt::TabFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
}

void TimeSeriesView::setShape(Shape shape)
{
    m_shape = shape;
    setFocusPolicy(shape == Shape::Chart ? Qt::TabFocus : Qt::NoFocus);
    setMouseTracking(shape == Shape::Chart);
    updateGeometry();
    update();
}

void TimeSeriesView::setFormat(std::function<QString(double)> format)
{
    m_format = std::move(format);
    update();
}

void TimeSeriesView::setFloor(std::optional<double> floor)
{
    m_floor = floor;
    update();
}

void TimeSeriesView::setCeiling(std::optional<double> ceiling)
{
    m_ceiling = ceiling;
    update();
}

int TimeSeriesView::addSeries(const QString &name)
{
    return addSeries(name, seriesToken(seriesCount()));
}

int TimeSeriesView::addSeries(const QString &name, Token color)
{
    m_lines.push_back({name, color, {}});
    return seriesCount() - 1;
}

void TimeSeriesView::append(int series, std::span<const qint64> times, std::span<const float> values)
{
    m_lines[static_cast<std::size_t>(series)].series.append(times, values);
    update();
}

void TimeSeriesView::replace(int series, std::span<const qint64> times, std::span<const float> values)
{
    TimeSeries &target = m_lines[static_cast<std::size_t>(series)].series;
    target.clear();
    target.append(times, values);
    update();
}

void TimeSeriesView::clear()
{
    m_lines.clear();
    update();
}

void TimeSeriesView::follow(qint64 milliseconds)
{
    m_fixed.reset();
    m_window = milliseconds;
    update();
}

void TimeSeriesView::setRange(qint64 from, qint64 to)
{
    m_fixed = Span{from, std::max(from + 1, to)};
    update();
}

void TimeSeriesView::setEmptyText(const QString &text)
{
    m_emptyText = text;
    update();
}

bool TimeSeriesView::isEmpty() const
{
    return std::ranges::all_of(m_lines, [](const Line &line) { return line.series.isEmpty(); });
}

QSize TimeSeriesView::sizeHint() const
{
    return m_shape == Shape::Chart ? QSize(420, 170) : QSize(120, 32);
}

QSize TimeSeriesView::minimumSizeHint() const
{
    return m_shape == Shape::Chart ? QSize(180, 96) : QSize(40, 20);
}

QString TimeSeriesView::accessibleSummary() const
{
    QString text = m_title;
    for (const Line &line : m_lines) {
        if (line.series.isEmpty()) {
            text += u"; "_s + tr("%1: no samples").arg(line.name);
            continue;
        }
        const MinMax all = line.series.pyramid().range(0, line.series.size());
        //: A chart read out aloud: series name, then its last, lowest and highest value.
        text += u"; "_s
            + tr("%1: last %2, lowest %3, highest %4")
                  .arg(line.name, m_format(line.series.value(line.series.size() - 1)), m_format(all.min),
                      m_format(all.max));
    }
    return text;
}

TimeSeriesView::Span TimeSeriesView::span() const
{
    if (m_fixed)
        return *m_fixed;
    Span all{std::numeric_limits<qint64>::max(), std::numeric_limits<qint64>::min()};
    for (const Line &line : m_lines) {
        if (line.series.isEmpty())
            continue;
        all.from = std::min(all.from, line.series.firstTime());
        all.to = std::max(all.to, line.series.lastTime());
    }
    if (all.from > all.to)
        return {0, 1};
    if (m_window > 0)
        all.from = all.to - m_window;
    all.to = std::max(all.to, all.from + 1);
    return all;
}

QRect TimeSeriesView::plotRect() const
{
    if (m_shape == Shape::Sparkline)
        return rect().adjusted(0, 1, 0, -1);
    return rect().adjusted(valueAxisWidth, legendHeight, -8, -timeAxisHeight);
}

ValueAxis TimeSeriesView::valueAxis(const Span &range) const
{
    MinMax all;
    for (const Line &line : m_lines) {
        if (line.series.isEmpty())
            continue;
        std::size_t begin = line.series.indexAt(range.from);
        const std::size_t end = line.series.indexAt(range.to + 1, line.series.size() - 1);
        begin = begin > 0 ? begin - 1 : 0;
        all.include(line.series.pyramid().range(begin, end));
    }
    if (all.isEmpty())
        all = {0, 1};
    const double low = m_floor ? std::min(*m_floor, double(all.min)) : double(all.min);
    const double high = m_ceiling ? std::max(*m_ceiling, double(all.max)) : double(all.max);
    if (m_shape == Shape::Sparkline) {
        ValueAxis axis;
        const double pad = std::max((high - low) * 0.08, 1e-6 + std::abs(high) * 1e-4);
        axis.min = low - pad;
        axis.max = high + pad;
        return axis;
    }
    return niceAxis(low, high, std::max(2, plotRect().height() / 36));
}

void TimeSeriesView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(backgroundRole()));
    const QRect plot = plotRect();
    if (plot.width() < 8 || plot.height() < 8)
        return;
    const Span range = span();
    const ValueAxis axis = valueAxis(range);
    if (m_shape == Shape::Chart) {
        paintAxes(painter, plot, range, axis);
        paintLegend(painter);
    }
    if (isEmpty()) {
        if (m_shape == Shape::Chart) {
            painter.setPen(tokenColor(Token::Muted, palette()));
            painter.drawText(plot, Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
        }
        return;
    }

    const qreal ratio = devicePixelRatioF();
    bool dense = false;
    for (const Line &line : m_lines) {
        const std::size_t count = line.series.size();
        if (count == 0)
            continue;
        std::size_t begin = line.series.indexAt(range.from);
        std::size_t end = line.series.indexAt(range.to + 1, count - 1);
        // One sample beyond either edge, so that the line leaves the plot instead of ending inside it.
        begin = begin > 0 ? begin - 1 : 0;
        end = std::min(end + 1, count);
        if (static_cast<double>(end - begin) < plot.width() * ratio * densePerPixel) {
            paintSparse(painter, line, begin, end, plot, range, axis);
            continue;
        }
        if (!dense) {
            const QSize size(static_cast<int>(plot.width() * ratio), static_cast<int>(plot.height() * ratio));
            if (m_canvas.size() != size)
                m_canvas = QImage(size, QImage::Format_ARGB32_Premultiplied);
            m_canvas.fill(0);
            dense = true;
        }
        paintDense(line, begin, end, range, axis);
    }
    if (dense)
        painter.drawImage(plot, m_canvas);
    if (m_crosshair && m_shape == Shape::Chart && *m_crosshair >= range.from && *m_crosshair <= range.to) {
        const double x = plot.left() + double(*m_crosshair - range.from) / double(range.to - range.from) * plot.width();
        painter.setPen(QPen(tokenColor(Token::BorderStrong, palette()), 1));
        painter.drawLine(QPointF(std::floor(x) + 0.5, plot.top()), QPointF(std::floor(x) + 0.5, plot.bottom()));
    }
    if (hasFocus() && m_shape == Shape::Chart) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(tokenColor(Token::Accent, palette()), 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 3, 3);
    }
}

void TimeSeriesView::paintDense(
    const Line &line, std::size_t begin, std::size_t end, const Span &range, const ValueAxis &axis)
{
    const int width = m_canvas.width();
    const int height = m_canvas.height();
    const double perPixel = double(range.to - range.from) / width;
    const MinMaxPyramid &pyramid = line.series.pyramid();
    m_columns.resize(static_cast<std::size_t>(width));

    std::size_t at = begin;
    std::size_t step = (end - begin) / static_cast<std::size_t>(width);
    for (int x = 0; x < width; ++x) {
        const auto edge = x + 1 == width ? range.to + 1 : range.from + static_cast<qint64>(perPixel * (x + 1));
        const std::size_t next = std::clamp(line.series.indexAt(edge, at + step), at, end);
        // The first sample of the next column belongs to both: columns then meet without a gap.
        const MinMax extrema = pyramid.range(at, std::min(next + 1, end));
        m_columns[static_cast<std::size_t>(x)] = {extrema.min, extrema.max, !extrema.isEmpty() && next > at};
        step = next - at;
        at = next;
    }

    const double scale = (height - 1) / (axis.max - axis.min);
    const int thickness = std::max(1, static_cast<int>(std::lround(devicePixelRatioF())));
    const QRgb color = tokenColor(line.color, palette()).rgba();
    auto *bits = reinterpret_cast<QRgb *>(m_canvas.bits());
    const auto stride = m_canvas.bytesPerLine() / static_cast<qsizetype>(sizeof(QRgb));
    for (int x = 0; x < width; ++x) {
        const Column &column = m_columns[static_cast<std::size_t>(x)];
        if (!column.filled)
            continue;
        // The painter's own rounding for steep lines, so that dense and sparse look alike.
        int top = static_cast<int>(std::floor((axis.max - double(column.high)) * scale + 0.5));
        int bottom = static_cast<int>((axis.max - double(column.low)) * scale) + thickness - 1;
        top = std::clamp(top, 0, height - 1);
        bottom = std::clamp(bottom, top, height - 1);
        QRgb *pixel = bits + top * stride + x;
        for (int y = top; y <= bottom; ++y, pixel += stride)
            *pixel = color;
    }
}

void TimeSeriesView::paintSparse(QPainter &painter, const Line &line, std::size_t begin, std::size_t end,
    const QRect &plot, const Span &range, const ValueAxis &axis) const
{
    const double xScale = plot.width() / double(range.to - range.from);
    const double yScale = plot.height() / (axis.max - axis.min);
    const QColor color = tokenColor(line.color, palette());
    QPolygonF run;
    painter.save();
    painter.setClipRect(plot.adjusted(0, -1, 1, 1));
    painter.setRenderHint(QPainter::Antialiasing);
    const auto flush = [&] {
        if (run.size() > 1) {
            if (m_shape == Shape::Sparkline || m_lines.size() == 1) {
                QPolygonF area = run;
                area.append({run.last().x(), double(plot.bottom() + 1)});
                area.append({run.first().x(), double(plot.bottom() + 1)});
                QColor fill = color;
                fill.setAlpha(30);
                painter.setPen(Qt::NoPen);
                painter.setBrush(fill);
                painter.drawPolygon(area);
            }
            painter.setPen(QPen(color, 1.4, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin));
            painter.setBrush(Qt::NoBrush);
            painter.drawPolyline(run);
        } else if (run.size() == 1) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(color);
            painter.drawEllipse(run.first(), 1.6, 1.6);
        }
        run.clear();
    };
    for (std::size_t i = begin; i < end; ++i) {
        const double value = double(line.series.value(i));
        if (std::isnan(value)) {
            flush();
            continue;
        }
        run.append({plot.left() + double(line.series.time(i) - range.from) * xScale,
            plot.top() + (axis.max - value) * yScale});
    }
    flush();
    painter.restore();
}

void TimeSeriesView::paintAxes(QPainter &painter, const QRect &plot, const Span &range, const ValueAxis &axis) const
{
    const QColor grid = tokenColor(Token::ChartGrid, palette());
    const QColor ink = tokenColor(Token::Muted, palette());
    painter.setFont(uiFont(TextSize::Caption));
    for (const AxisTick &tick : axis.ticks) {
        const int y = plot.top() + static_cast<int>((axis.max - tick.value) / (axis.max - axis.min) * plot.height());
        painter.setPen(grid);
        painter.drawLine(plot.left(), y, plot.right(), y);
        painter.setPen(ink);
        painter.drawText(QRect(0, y - 9, valueAxisWidth - 6, 18), Qt::AlignRight | Qt::AlignVCenter, tick.label);
    }
    if (isEmpty())
        return;
    const int labelWidth = 56;
    for (const AxisTick &tick : timeTicks(range.from, range.to, std::max(1, plot.width() / 90))) {
        const int x = plot.left()
            + static_cast<int>(
                (tick.value - static_cast<double>(range.from)) / double(range.to - range.from) * plot.width());
        const QRect label(
            std::min(x - labelWidth / 2, width() - labelWidth), plot.bottom() + 3, labelWidth, timeAxisHeight - 4);
        painter.setPen(ink);
        painter.drawText(label, Qt::AlignCenter, tick.label);
        painter.drawLine(x, plot.bottom(), x, plot.bottom() + 3);
    }
}

QString TimeSeriesView::legendValue(const Line &line) const
{
    if (line.series.isEmpty())
        return u"–"_s;
    std::size_t index = line.series.size() - 1;
    if (m_crosshair) {
        const std::size_t after = line.series.indexAt(*m_crosshair + 1, index);
        if (after == 0)
            return u"–"_s;
        index = after - 1;
    }
    return m_format(line.series.value(index));
}

void TimeSeriesView::paintLegend(QPainter &painter) const
{
    const QFont strong = uiFont(TextSize::Small, QFont::Medium);
    const QFont plain = uiFont(TextSize::Small);
    painter.setFont(strong);
    painter.setPen(tokenColor(Token::Text, palette()));
    const QFontMetrics strongMetrics(strong);
    int right = width() - 8;
    if (m_crosshair) {
        const QString time
            = QLocale().toString(QDateTime::fromMSecsSinceEpoch(*m_crosshair, QTimeZone::utc()), u"HH:mm:ss 'UTC'"_s);
        painter.setPen(tokenColor(Token::Muted, palette()));
        painter.drawText(QRect(0, 0, right, legendHeight), Qt::AlignRight | Qt::AlignVCenter, time);
        right -= strongMetrics.horizontalAdvance(time) + 12;
    }
    const QFontMetrics plainMetrics(plain);
    for (auto line = m_lines.rbegin(); line != m_lines.rend(); ++line) {
        const QString value = legendValue(*line);
        const QString &name = line->name;
        const int valueWidth = strongMetrics.horizontalAdvance(value);
        const int nameWidth = name.isEmpty() ? 0 : plainMetrics.horizontalAdvance(name) + 6;
        const int left = right - valueWidth - nameWidth - 16;
        if (left < strongMetrics.horizontalAdvance(m_title) + 8)
            break;
        painter.fillRect(QRect(left, legendHeight / 2 - 1, 10, 2), tokenColor(line->color, palette()));
        painter.setFont(plain);
        painter.setPen(tokenColor(Token::Muted, palette()));
        painter.drawText(QRect(left + 14, 0, nameWidth, legendHeight), Qt::AlignLeft | Qt::AlignVCenter, name);
        painter.setFont(strong);
        painter.setPen(tokenColor(Token::Text, palette()));
        painter.drawText(
            QRect(right - valueWidth, 0, valueWidth, legendHeight), Qt::AlignRight | Qt::AlignVCenter, value);
        right = left - 14;
    }
    painter.setFont(strong);
    painter.setPen(tokenColor(Token::Text, palette()));
    painter.drawText(QRect(0, 0, std::max(0, right), legendHeight), Qt::AlignLeft | Qt::AlignVCenter,
        strongMetrics.elidedText(m_title, Qt::ElideRight, std::max(0, right)));
}

void TimeSeriesView::moveCrosshair(std::optional<qint64> time)
{
    if (m_crosshair == time)
        return;
    m_crosshair = time;
    if (time)
        emit crosshairMoved(*time);
    update();
}

void TimeSeriesView::mouseMoveEvent(QMouseEvent *event)
{
    const QRect plot = plotRect();
    if (m_shape != Shape::Chart || isEmpty() || !plot.contains(event->position().toPoint())) {
        moveCrosshair({});
        return;
    }
    const Span range = span();
    const double share = (event->position().x() - plot.left()) / plot.width();
    moveCrosshair(range.from + static_cast<qint64>(share * double(range.to - range.from)));
}

void TimeSeriesView::leaveEvent(QEvent *)
{
    moveCrosshair({});
}

void TimeSeriesView::keyPressEvent(QKeyEvent *event)
{
    const Span range = span();
    const qint64 step = std::max<qint64>(1, (range.to - range.from) / 100);
    if (isEmpty() || m_shape != Shape::Chart) {
        QWidget::keyPressEvent(event);
        return;
    }
    switch (event->key()) {
    case Qt::Key_Left:
        moveCrosshair(std::max(range.from, m_crosshair.value_or(range.to) - step));
        break;
    case Qt::Key_Right:
        moveCrosshair(std::min(range.to, m_crosshair.value_or(range.from) + step));
        break;
    case Qt::Key_Home:
        moveCrosshair(range.from);
        break;
    case Qt::Key_End:
        moveCrosshair(range.to);
        break;
    case Qt::Key_Escape:
        if (m_crosshair) {
            moveCrosshair({});
            break;
        }
        [[fallthrough]];
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    event->accept();
}

void TimeSeriesView::focusInEvent(QFocusEvent *event)
{
    setAccessibleDescription(accessibleSummary());
    QWidget::focusInEvent(event);
    update();
}

}
