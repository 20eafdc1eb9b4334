#include "ui/charts/timeseriesview.h"

#include "backend/types/strings.h"
#include "ui/charts/chartdecor.h"
#include "ui/charts/chartexport.h"

#include <QAccessible>
#include <QBuffer>
#include <QDateTime>
#include <QLocale>
#include <QPainter>
#include <QTimeZone>

#include <algorithm>
#include <cmath>

namespace countersign {

TimeSeriesView::TimeSeriesView(const QString &title, QWidget *parent)
    : QWidget(parent)
{
    m_scene.emptyText = tr("No samples yet");
    setTitle(title);
    setGroup(nullptr);
    setFocusPolicy(Qt::TabFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
}

TimeSeriesView::~TimeSeriesView()
{
    delete m_tooltip;
}

void TimeSeriesView::refresh()
{
    m_changed = true;
    m_cache = QPixmap();
    update();
}

void TimeSeriesView::setTitle(const QString &title, bool shown)
{
    m_title = title;
    m_scene.title = shown ? title : QString();
    setAccessibleName(title);
    refresh();
}

void TimeSeriesView::setShape(Shape shape)
{
    m_scene.bare = shape == Shape::Sparkline;
    setFocusPolicy(m_scene.bare ? Qt::NoFocus : Qt::TabFocus);
    setMouseTracking(!m_scene.bare);
    updateGeometry();
    refresh();
}

void TimeSeriesView::setFormat(std::function<QString(double)> format)
{
    m_scene.axis(AxisSide::Left).format = std::move(format);
    refresh();
}

void TimeSeriesView::setFloor(std::optional<double> floor)
{
    m_scene.axis(AxisSide::Left).softMin = floor;
    refresh();
}

void TimeSeriesView::setCeiling(std::optional<double> ceiling)
{
    m_scene.axis(AxisSide::Left).softMax = ceiling;
    refresh();
}

void TimeSeriesView::setAxis(AxisSide side, const AxisStyle &style)
{
    m_scene.axis(side) = style;
    refresh();
}

void TimeSeriesView::setThresholds(const ThresholdStyle &thresholds)
{
    m_scene.thresholds = thresholds;
    refresh();
}

void TimeSeriesView::setAnnotations(const QVector<ChartAnnotation> &annotations)
{
    if (m_scene.annotations == annotations)
        return;
    m_scene.annotations = annotations;
    refresh();
}

void TimeSeriesView::setLegend(const LegendStyle &legend)
{
    m_scene.legend = legend;
    refresh();
}

void TimeSeriesView::setTooltip(TooltipMode mode, TooltipOrder order)
{
    m_tooltipMode = mode;
    m_tooltipOrder = order;
}

int TimeSeriesView::addSeries(const QString &name, const SeriesStyle &style)
{
    m_scene.lines.push_back({.name = name, .style = style});
    refresh();
    return seriesCount() - 1;
}

int TimeSeriesView::addSeries(const QString &name, Token color)
{
    const int series = addSeries(name);
    line(series).token = color;
    return series;
}

void TimeSeriesView::setSeriesStyle(int series, const SeriesStyle &style)
{
    line(series).style = style;
    refresh();
}

template<typename T> void TimeSeriesView::take(int series, std::span<const qint64> times, std::span<const T> values)
{
    ChartLine &target = line(series);
    const std::size_t before = target.series.size();
    target.series.append(times, values);
    for (std::size_t i = before; i < target.series.size(); ++i)
        target.totals.add(target.series.value(i));
    refresh();
}

void TimeSeriesView::append(int series, std::span<const qint64> times, std::span<const float> values)
{
    take(series, times, values);
}

void TimeSeriesView::append(int series, std::span<const qint64> times, std::span<const double> values)
{
    take(series, times, values);
}

void TimeSeriesView::replace(int series, std::span<const qint64> times, std::span<const float> values)
{
    line(series).series.clear();
    line(series).totals.clear();
    take(series, times, values);
}

void TimeSeriesView::replace(int series, std::span<const qint64> times, std::span<const double> values)
{
    line(series).series.clear();
    line(series).totals.clear();
    take(series, times, values);
}

void TimeSeriesView::setGhost(
    int series, std::span<const qint64> times, std::span<const double> values, qint64 shift)
{
    std::vector<qint64> moved(times.begin(), times.end());
    for (qint64 &time : moved)
        time += shift;
    line(series).ghost.clear();
    line(series).ghost.append(moved, values);
    refresh();
}

void TimeSeriesView::clear()
{
    m_scene.lines.clear();
    m_focusedLine = -1;
    m_alone = -1;
    hideTooltip();
    refresh();
}

void TimeSeriesView::follow(qint64 milliseconds)
{
    m_fixed.reset();
    m_window = milliseconds;
    refresh();
}

void TimeSeriesView::setRange(qint64 from, qint64 to)
{
    m_fixed = TimeSpan{from, std::max(from + 1, to)};
    refresh();
}

TimeSpan TimeSeriesView::range() const
{
    if (!m_scene.bare) {
        if (const auto zoom = m_group->zoom())
            return *zoom;
        if (m_frozen)
            return *m_frozen;
    }
    if (m_fixed)
        return *m_fixed;
    TimeSpan all = m_scene.wholeSpan();
    if (m_window > 0 && !m_scene.isEmpty())
        all.from = all.to - m_window;
    return all;
}

void TimeSeriesView::setEmptyText(const QString &text)
{
    m_scene.emptyText = text;
    refresh();
}

void TimeSeriesView::setStale(const QString &text)
{
    if (m_scene.stale == text)
        return;
    m_scene.stale = text;
    refresh();
}

void TimeSeriesView::setFrozen(bool frozen)
{
    if (frozen == isFrozen())
        return;
    m_frozen = frozen ? std::optional(range()) : std::nullopt;
    const QString now = frozen
        ? QLocale().toString(QDateTime::fromMSecsSinceEpoch(m_frozen->to, QTimeZone::utc()), u"HH:mm:ss 'UTC'"_s)
        : QString();
    m_scene.frozen = frozen ? tr("Frozen at %1").arg(now) : QString();
    emit frozenChanged(frozen);
    refresh();
}

void TimeSeriesView::setGhostShown(bool shown)
{
    if (shown == m_scene.ghost)
        return;
    m_scene.ghost = shown;
    emit ghostWanted(shown);
    refresh();
}

void TimeSeriesView::setGroup(ChartGroup *group)
{
    if (m_group)
        disconnect(m_group, nullptr, this, nullptr);
    m_group = group ? group : &m_own;
    connect(m_group, &ChartGroup::crosshairMoved, this, &TimeSeriesView::crosshairChanged);
    connect(m_group, &ChartGroup::zoomed, this, &TimeSeriesView::refresh);
    connect(m_group, &ChartGroup::unzoomed, this, &TimeSeriesView::refresh);
    refresh();
}

bool TimeSeriesView::isSeriesShown(int series) const
{
    return m_scene.lines[static_cast<std::size_t>(series)].shown();
}

void TimeSeriesView::isolate(int series)
{
    m_alone = series == m_alone ? -1 : series;
    for (int i = 0; i < seriesCount(); ++i)
        line(i).hidden = m_alone >= 0 && i != m_alone;
    refresh();
}

void TimeSeriesView::toggle(int series)
{
    line(series).hidden = !line(series).hidden;
    m_alone = -1;
    refresh();
}

QSize TimeSeriesView::sizeHint() const
{
    return m_scene.bare ? QSize(120, 32) : QSize(420, 170);
}

QSize TimeSeriesView::minimumSizeHint() const
{
    return m_scene.bare ? QSize(40, 20) : QSize(180, 96);
}

QString TimeSeriesView::accessibleSummary() const
{
    QString text = m_title;
    if (!m_scene.stale.isEmpty())
        text += u"; "_s + m_scene.stale;
    for (const ChartLine &line : m_scene.lines) {
        const auto last = line.totals.value(Reducer::LastNotNull);
        if (!last) {
            text += u"; "_s + tr("%1: no samples").arg(line.name);
            continue;
        }
        const AxisSide axis = line.style.axis;
        //: A chart read out aloud: series name, then its last, lowest and highest value.
        text += u"; "_s
            + tr("%1: last %2, lowest %3, highest %4")
                  .arg(line.name, m_scene.format(axis, *last),
                      m_scene.format(axis, line.totals.value(Reducer::Min).value_or(*last)),
                      m_scene.format(axis, line.totals.value(Reducer::Max).value_or(*last)));
    }
    return text;
}

void TimeSeriesView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QColor background = palette().color(backgroundRole());
    const qreal ratio = devicePixelRatioF();
    const auto paintChart = [&](QPainter &target) {
        target.fillRect(rect(), background);
        m_chart.paint(target, m_scene, false);
    };
    if (m_changed) {
        m_chart.layout(m_scene, rect(), range(), ratio, palette());
        paintChart(painter);
        m_changed = false;
    } else {
        if (m_cache.isNull() || m_cache.devicePixelRatio() != ratio) {
            m_cache = QPixmap(size() * ratio);
            m_cache.setDevicePixelRatio(ratio);
            m_chart.layout(m_scene, rect(), range(), ratio, palette());
            QPainter target(&m_cache);
            paintChart(target);
        }
        painter.drawPixmap(0, 0, m_cache);
    }
    if (m_scene.bare)
        return;
    m_chart.paintLegend(painter, m_scene, isEmpty() ? std::nullopt : crosshair(), hasFocus() ? m_focusedLine : -1);
    paintOverlay(painter);
}

void TimeSeriesView::paintOverlay(QPainter &painter) const
{
    const QRect &plot = m_chart.plot();
    const PlotMap map = m_chart.map(AxisSide::Left);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_brush) {
        const double from = std::clamp(map.x(std::min(m_brush->from, m_brush->to)), double(plot.left()), double(plot.right()));
        const double to = std::clamp(map.x(std::max(m_brush->from, m_brush->to)), double(plot.left()), double(plot.right()));
        QColor fill = tokenColor(Token::Accent, palette());
        fill.setAlpha(40);
        painter.fillRect(QRectF(QPointF(from, plot.top()), QPointF(to, plot.bottom() + 1)), fill);
    }
    const auto time = crosshair();
    if (time && !isEmpty() && *time >= m_chart.span().from && *time <= m_chart.span().to) {
        const double x = std::floor(map.x(*time)) + 0.5;
        painter.setPen(QPen(tokenColor(Token::BorderStrong, palette()), 1));
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    }
    if (hasFocus())
        paintFocusRing(painter, palette(), rect());
    painter.restore();
}

QByteArray TimeSeriesView::toPng(const QSize &size, qreal ratio) const
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    chartImage(m_scene, range(), size, ratio, palette()).save(&buffer, "PNG");
    return bytes;
}

QByteArray TimeSeriesView::toSvg(const QSize &size) const
{
    return chartSvg(m_scene, range(), size, palette());
}

QByteArray TimeSeriesView::toCsv() const
{
    return chartCsv(m_scene, range());
}

}
