// How people move in a TimeSeriesView: pointer, wheel and keys.
#include "ui/charts/timeseriesview.h"

#include "backend/types/strings.h"
#include "ui/charts/chartdecor.h"
#include "ui/charts/chartexport.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QDateTime>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QTimeZone>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

constexpr double crosshairStep = 0.01; ///< of the range
constexpr double panStep = 0.25;
constexpr double zoomStep = 0.5;
constexpr double wheelZoom = 0.8; ///< a notch
constexpr double wheelNotch = 120;
constexpr int leastBrush = 4; ///< pixels; less is a click

QString exactText(double value)
{
    return QLocale::c().toString(value, 'g', QLocale::FloatingPointShortest);
}

QString timeText(qint64 time, const QString &format)
{
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(time, QTimeZone::utc()), format);
}

bool isOurKey(const QKeyEvent &event)
{
    if (event.matches(QKeySequence::Copy))
        return true;
    const auto modifiers = event.modifiers();
    if (event.key() == Qt::Key_C)
        return modifiers == (Qt::ControlModifier | Qt::ShiftModifier);
    if (event.key() == Qt::Key_F || event.key() == Qt::Key_W)
        return modifiers == Qt::NoModifier;
    return event.key() == Qt::Key_Backspace || event.key() == Qt::Key_Plus || event.key() == Qt::Key_Minus;
}

}

std::optional<qint64> TimeSeriesView::crosshair() const
{
    return m_scene.bare ? std::nullopt : m_group->crosshair();
}

void TimeSeriesView::moveCrosshair(std::optional<qint64> time)
{
    if (m_group->crosshair() == time)
        return;
    m_group->setCrosshair(time);
    if (time)
        emit crosshairMoved(*time);
}

void TimeSeriesView::crosshairChanged(std::optional<qint64> time)
{
    if (m_scene.bare || isEmpty())
        return;
    update();
    if (!time)
        hideTooltip();
    else if (m_tooltipShared && !underMouse() && !hasFocus())
        showTooltip({static_cast<int>(m_chart.map(AxisSide::Left).x(*time)), m_chart.plot().top()});
}

QVector<TimeSeriesView::Reading> TimeSeriesView::readings() const
{
    QVector<Reading> found;
    const auto time = crosshair();
    for (std::size_t i = 0; time && i < m_scene.lines.size(); ++i) {
        const ChartLine &line = m_scene.lines[i];
        if (!line.shown() || !line.style.inTooltip)
            continue;
        if (const auto value = ChartScene::valueAt(line.series, *time))
            found.append({i, *value});
    }
    if (m_tooltipOrder == TooltipOrder::AsDrawn)
        return found;
    const bool rising = m_tooltipOrder == TooltipOrder::Ascending;
    std::ranges::sort(found, [rising](const Reading &a, const Reading &b) {
        if (a.value != b.value)
            return rising ? a.value < b.value : a.value > b.value;
        return a.line < b.line;
    });
    return found;
}

std::optional<TimeSeriesView::Reading> TimeSeriesView::chosen() const
{
    std::optional<Reading> best;
    double bestAway = 0;
    for (const Reading &reading : readings()) {
        if (static_cast<int>(reading.line) == m_focusedLine)
            return reading;
        const SeriesStyle &style = m_scene.lines[reading.line].style;
        const double y = m_chart.map(style.axis).y(style.negative ? -reading.value : reading.value);
        const double away = std::abs(y - m_pointer.y());
        if (!best || away < bestAway) {
            best = reading;
            bestAway = away;
        }
    }
    return best;
}

QString TimeSeriesView::valueText() const
{
    const auto reading = chosen();
    return reading ? exactText(reading->value) : QString();
}

QString TimeSeriesView::rowsText() const
{
    const auto time = crosshair();
    if (!time)
        return {};
    QString text = isoText(*time) + u'\n';
    for (const Reading &reading : readings())
        text += m_scene.lines[reading.line].name + u'\t' + exactText(reading.value) + u'\n';
    return text;
}

void TimeSeriesView::showTooltip(const QPoint &at)
{
    const auto time = crosshair();
    if (m_tooltipMode == TooltipMode::None || !time || isEmpty() || !isVisible())
        return;
    const auto near = chosen();
    QVector<ChartTooltip::Row> rows;
    QString spoken = timeText(*time, u"HH:mm:ss 'UTC'"_s);
    for (const Reading &reading : readings()) {
        const ChartLine &line = m_scene.lines[reading.line];
        const bool strong = near && near->line == reading.line;
        if (m_tooltipMode == TooltipMode::Nearest && !strong)
            continue;
        const QString value = m_scene.format(line.style.axis, reading.value);
        const bool filled = line.style.stack != StackMode::None || line.style.draw == DrawStyle::Bars;
        rows.append({line.name, value, m_scene.colorOf(reading.line, schemeOf(palette())),
            m_scene.patternOf(reading.line), filled, strong && m_scene.lines.size() > 1});
        spoken += u"; "_s + line.name + u' ' + value;
    }
    QString note;
    const int annotation = m_chart.annotationAt(m_scene, {at.x(), m_chart.plot().bottom()});
    if (annotation >= 0)
        note = m_scene.annotations[annotation].text;
    if (!m_tooltip)
        m_tooltip = new ChartTooltip(window());
    m_tooltip->showAt(mapTo(window(), at), timeText(*time, u"d MMM yyyy HH:mm:ss.zzz 'UTC'"_s), rows, note);
    if (hasFocus()) {
        setAccessibleDescription(note.isEmpty() ? spoken : spoken + u"; "_s + note);
        QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
        QAccessible::updateAccessibility(&changed);
    }
}

void TimeSeriesView::hideTooltip()
{
    if (m_tooltip)
        m_tooltip->hide();
}

void TimeSeriesView::zoomAround(double share, double factor)
{
    const TimeSpan now = range();
    const double middle = double(now.from) + share * now.length();
    const TimeSpan wanted{static_cast<qint64>(std::llround(middle - share * now.length() * factor)),
        static_cast<qint64>(std::llround(middle + (1 - share) * now.length() * factor))};
    if (wanted.to - wanted.from >= ChartGroup::closest)
        m_group->zoomTo(wanted);
}

void TimeSeriesView::pan(double share)
{
    const TimeSpan now = range();
    const auto by = static_cast<qint64>(share * now.length());
    m_group->zoomTo({now.from + by, now.to + by}, true);
}

void TimeSeriesView::finishBrush()
{
    if (m_brush && m_brush->from != m_brush->to) {
        const TimeSpan span{std::min(m_brush->from, m_brush->to), std::max(m_brush->from, m_brush->to)};
        m_brush.reset();
        m_group->zoomTo(span);
    }
    m_brush.reset();
    update();
}

void TimeSeriesView::mousePressEvent(QMouseEvent *event)
{
    if (m_scene.bare || event->button() != Qt::LeftButton) {
        QWidget::mousePressEvent(event);
        return;
    }
    setFocus(Qt::MouseFocusReason);
    m_pressed = event->position().toPoint();
    event->accept();
}

void TimeSeriesView::mouseMoveEvent(QMouseEvent *event)
{
    const QPoint at = event->position().toPoint();
    const QRect &plot = m_chart.plot();
    m_pointer = at;
    if (m_scene.bare || isEmpty())
        return;
    const PlotMap map = m_chart.map(AxisSide::Left);
    if (m_pressed && plot.contains(*m_pressed) && std::abs(at.x() - m_pressed->x()) >= leastBrush) {
        const int x = std::clamp(at.x(), plot.left(), plot.right());
        m_brush = TimeSpan{map.timeAt(m_pressed->x()), map.timeAt(x)};
        update();
    }
    setCursor(m_chart.lineAt(at) >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (!plot.adjusted(0, 0, 1, annotationMark).contains(at)) {
        moveCrosshair({});
        return;
    }
    moveCrosshair(map.timeAt(event->position().x()));
    showTooltip(at);
}

void TimeSeriesView::mouseReleaseEvent(QMouseEvent *event)
{
    if (m_scene.bare || event->button() != Qt::LeftButton || !m_pressed) {
        QWidget::mouseReleaseEvent(event);
        return;
    }
    m_pressed.reset();
    if (m_brush) {
        finishBrush();
        return;
    }
    const QPoint at = event->position().toPoint();
    const int clicked = m_chart.lineAt(at);
    if (clicked >= 0) {
        m_focusedLine = clicked;
        event->modifiers() & Qt::ControlModifier ? toggle(clicked) : isolate(clicked);
        return;
    }
    const int annotation = m_chart.annotationAt(m_scene, at);
    if (annotation >= 0 && at.y() >= m_chart.plot().bottom())
        emit annotationActivated(annotation);
}

void TimeSeriesView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (!m_scene.bare && m_chart.plot().contains(event->position().toPoint()))
        m_group->back();
    else
        QWidget::mouseDoubleClickEvent(event);
}

void TimeSeriesView::wheelEvent(QWheelEvent *event)
{
    const QPoint at = event->position().toPoint();
    const double notches = event->angleDelta().y() / wheelNotch;
    if (m_scene.bare || isEmpty() || notches == 0) {
        QWidget::wheelEvent(event);
        return;
    }
    if (event->modifiers() & Qt::ControlModifier) {
        const QRect &plot = m_chart.plot();
        zoomAround(std::clamp(double(at.x() - plot.left()) / plot.width(), 0.0, 1.0), std::pow(wheelZoom, notches));
        event->accept();
        return;
    }
    if (m_chart.legend().rect().contains(at) && m_chart.legend().scroll(notches > 0 ? -1 : 1)) {
        update();
        event->accept();
        return;
    }
    QWidget::wheelEvent(event);
}

void TimeSeriesView::leaveEvent(QEvent *)
{
    if (!m_scene.bare && !m_pressed)
        moveCrosshair({});
}

bool TimeSeriesView::event(QEvent *event)
{
    // A key that means something here is not a shortcut of the window.
    if (event->type() == QEvent::ShortcutOverride && !m_scene.bare && isOurKey(*static_cast<QKeyEvent *>(event))) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void TimeSeriesView::keyPressEvent(QKeyEvent *event)
{
    if (!isEmpty() && !m_scene.bare && (handleNavigation(event) || handleCommand(event))) {
        event->accept();
        return;
    }
    QWidget::keyPressEvent(event);
}

bool TimeSeriesView::handleNavigation(QKeyEvent *event)
{
    const TimeSpan now = range();
    const auto step = std::max<qint64>(1, static_cast<qint64>(now.length() * crosshairStep));
    const bool left = event->key() == Qt::Key_Left;
    if (left || event->key() == Qt::Key_Right) {
        if (event->modifiers() & Qt::ControlModifier) {
            pan(left ? -panStep : panStep);
            return true;
        }
        const qint64 from = crosshair().value_or(left ? now.to : now.from);
        const qint64 to = left ? std::max(now.from, from - step) : std::min(now.to, from + step);
        if (event->modifiers() & Qt::ShiftModifier)
            m_brush = TimeSpan{m_brush ? m_brush->from : from, to};
        else
            m_brush.reset();
        moveCrosshair(to);
        update();
    } else if (event->key() == Qt::Key_Home || event->key() == Qt::Key_End) {
        moveCrosshair(event->key() == Qt::Key_Home ? now.from : now.to);
    } else {
        return false;
    }
    if (const auto time = crosshair()) {
        m_pointer = {static_cast<int>(m_chart.map(AxisSide::Left).x(*time)), m_chart.plot().top()};
        showTooltip(m_pointer);
    }
    return true;
}

bool TimeSeriesView::handleCommand(QKeyEvent *event)
{
    const TimeSpan now = range();
    const double share = crosshair() ? std::clamp((double(*crosshair()) - double(now.from)) / now.length(), 0.0, 1.0) : 0.5;
    const bool control = event->modifiers() & Qt::ControlModifier;
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomAround(share, zoomStep);
        return true;
    case Qt::Key_Minus:
        zoomAround(share, 1 / zoomStep);
        return true;
    case Qt::Key_Backspace:
        m_group->back();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        finishBrush();
        return true;
    case Qt::Key_Up:
    case Qt::Key_Down:
        chooseSeries(event->key() == Qt::Key_Up ? -1 : 1);
        return true;
    case Qt::Key_Space:
        if (m_focusedLine < 0)
            return false;
        control ? toggle(m_focusedLine) : isolate(m_focusedLine);
        return true;
    case Qt::Key_C:
        if (!control || !crosshair())
            return false;
        QApplication::clipboard()->setText(event->modifiers() & Qt::ShiftModifier ? rowsText() : valueText());
        return true;
    case Qt::Key_F:
        setFrozen(!isFrozen());
        return true;
    case Qt::Key_W:
        setGhostShown(!isGhostShown());
        return true;
    case Qt::Key_Escape:
        if (!crosshair() && !m_brush)
            return false;
        m_brush.reset();
        moveCrosshair({});
        hideTooltip();
        update();
        return true;
    default:
        return false;
    }
}

void TimeSeriesView::chooseSeries(int step)
{
    const int count = seriesCount();
    for (int tries = 0; tries < count; ++tries) {
        m_focusedLine = m_focusedLine < 0 ? (step > 0 ? 0 : count - 1) : (m_focusedLine + step + count) % count;
        const ChartLine &chosenLine = line(m_focusedLine);
        if (!chosenLine.style.inLegend || !chosenLine.style.visible)
            continue;
        for (int row = 0; row < m_chart.legend().rowCount(); ++row) {
            if (m_chart.legend().lineOfRow(row) == m_focusedLine)
                m_chart.legend().reveal(row);
        }
        const auto last = chosenLine.totals.value(Reducer::LastNotNull);
        const QString value = last ? m_scene.format(chosenLine.style.axis, *last) : tr("no samples");
        setAccessibleDescription(u"%1 %2"_s.arg(chosenLine.name, chosenLine.hidden ? tr("hidden") : value));
        break;
    }
    if (crosshair())
        showTooltip(m_pointer);
    update();
}

void TimeSeriesView::focusInEvent(QFocusEvent *event)
{
    setAccessibleDescription(accessibleSummary());
    QWidget::focusInEvent(event);
    update();
}

void TimeSeriesView::focusOutEvent(QFocusEvent *event)
{
    m_brush.reset();
    if (!underMouse())
        hideTooltip();
    QWidget::focusOutEvent(event);
    update();
}

void TimeSeriesView::hideEvent(QHideEvent *event)
{
    hideTooltip();
    QWidget::hideEvent(event);
}

void TimeSeriesView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    refresh();
}

void TimeSeriesView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange || event->type() == QEvent::LanguageChange)
        refresh();
}

}
