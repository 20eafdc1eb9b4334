#include "ui/charts/barchartview.h"

#include "backend/types/strings.h"
#include "ui/charts/chartpalette.h"
#include "ui/theme/fonts.h"

#include <QFontMetrics>
#include <QImage>
#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {
constexpr double groupShare = 0.76; ///< of a category's room
constexpr double barShare = 0.92; ///< of a bar's room in its group
constexpr int tickRoom = 28;
constexpr int labelHeight = 18;
constexpr int narrowestAxis = 40;
constexpr double widestLabels = 0.35;
constexpr double widestBar = 64;
constexpr double wholePercent = 100;
}

BarChartView::BarChartView(QWidget *parent)
    : ItemChart(parent)
{
    m_axis.softMin = 0;
}

void BarChartView::setData(const QStringList &categories, const QVector<BarSeries> &series)
{
    if (categories == m_categories && series == m_series)
        return;
    m_categories = categories;
    m_series = series;
    dataChanged();
}

void BarChartView::setOrientation(Qt::Orientation orientation)
{
    m_orientation = orientation;
    update();
}

void BarChartView::setStacking(StackMode mode)
{
    m_stacking = mode;
    update();
}

void BarChartView::setAxis(const AxisStyle &style)
{
    m_axis = style;
    m_axis.softMin = std::min(0.0, style.softMin.value_or(0));
    update();
}

void BarChartView::setLegendShown(bool shown)
{
    m_legend = shown;
    update();
}

void BarChartView::setValuesShown(bool shown)
{
    m_values = shown;
    update();
}

int BarChartView::itemCount() const
{
    return static_cast<int>(m_categories.size() * m_series.size());
}

double BarChartView::valueOf(int item) const
{
    const auto count = static_cast<int>(m_series.size());
    const auto &values = m_series[item % count].values;
    const auto category = static_cast<std::size_t>(item / count);
    return category < values.size() ? values[category] : std::nan("");
}

QString BarChartView::format(double value) const
{
    return m_axis.format ? m_axis.format(value) : shortNumber(value);
}

QString BarChartView::itemText(int item) const
{
    const auto count = static_cast<int>(m_series.size());
    const double value = valueOf(item);
    return u"%1, %2: %3"_s.arg(m_categories[item / count], m_series[item % count].name, std::isnan(value) ? u"–"_s : format(value));
}

QString BarChartView::itemValue(int item) const
{
    const double value = valueOf(item);
    return std::isnan(value) ? QString() : QLocale::c().toString(value, 'g', QLocale::FloatingPointShortest);
}

QVector<KeyEntry> BarChartView::keys() const
{
    QVector<KeyEntry> keys;
    for (qsizetype i = 0; m_legend && i < m_series.size(); ++i)
        keys.append({m_series[i].name, m_series[i].color.value_or(paletteColor(static_cast<int>(i), schemeOf(palette()))), paletteBrush(static_cast<int>(i))});
    return keys;
}

QRect BarChartView::withoutKeys() const
{
    QImage nowhere(1, 1, QImage::Format_RGB32);
    QPainter measure(&nowhere);
    return paintKeys(measure, palette(), area(), keys());
}

ValueAxis BarChartView::findAxis(int length) const
{
    double low = 0;
    double high = 0;
    const auto count = static_cast<int>(m_series.size());
    for (int category = 0; category < m_categories.size(); ++category) {
        double above = 0;
        double below = 0;
        for (int i = 0; i < count; ++i) {
            const double value = valueOf(category * count + i);
            if (!std::isfinite(value))
                continue;
            double &sum = value < 0 ? below : above;
            sum = m_stacking == StackMode::None ? (value < 0 ? std::min(sum, value) : std::max(sum, value)) : sum + value;
        }
        low = std::min(low, below);
        high = std::max(high, above);
    }
    AxisStyle style = m_axis;
    if (m_stacking == StackMode::Percent) {
        low = 0;
        high = wholePercent;
        style.format = [](double value) { return u"%1 %"_s.arg(QLocale().toString(value, 'g', 4)); };
    }
    return makeAxis(style, low, high, std::max(2, length / tickRoom));
}

int BarChartView::categoryWidth() const
{
    const QFontMetrics metrics(uiFont(TextSize::Caption));
    int widest = 0;
    for (const QString &category : m_categories)
        widest = std::max(widest, metrics.horizontalAdvance(category));
    return std::min(widest + 8, static_cast<int>(area().width() * widestLabels));
}

BarChartView::Layout BarChartView::layOut() const
{
    Layout layout;
    const QRect room = withoutKeys();
    const bool standing = m_orientation == Qt::Vertical;
    const QFontMetrics metrics(uiFont(TextSize::Caption));
    if (standing) {
        layout.plot = room.adjusted(0, 8, 0, -labelHeight - 2);
        layout.axis = findAxis(layout.plot.height());
        int widest = narrowestAxis;
        for (const AxisTick &tick : std::as_const(layout.axis.ticks))
            widest = std::max(widest, metrics.horizontalAdvance(tick.label) + 10);
        layout.plot.setLeft(layout.plot.left() + widest);
    } else {
        layout.plot = room.adjusted(categoryWidth() + 4, 2, -16, -labelHeight - 2);
        layout.axis = findAxis(layout.plot.width() / 2);
    }
    placeBars(layout);
    return layout;
}

void BarChartView::placeBars(Layout &layout) const
{
    const bool standing = m_orientation == Qt::Vertical;
    const auto count = static_cast<int>(m_series.size());
    const auto categories = static_cast<int>(m_categories.size());
    const QRectF plot(layout.plot);
    const double room = (standing ? plot.width() : plot.height()) / std::max(1, categories);
    const int across = m_stacking == StackMode::None ? count : 1;
    const double thick = std::min(room * groupShare / std::max(1, across), widestBar);
    const auto place = [&](double from, double to, double at) {
        const double a = layout.axis.share(from);
        const double b = layout.axis.share(to);
        const double low = std::clamp(std::min(a, b), 0.0, 1.0);
        const double high = std::clamp(std::max(a, b), 0.0, 1.0);
        return standing ? QRectF(plot.left() + at, plot.bottom() - high * plot.height(), thick * barShare, (high - low) * plot.height())
                        : QRectF(plot.left() + low * plot.width(), plot.top() + at, (high - low) * plot.width(), thick * barShare);
    };
    const bool log = layout.axis.scale.kind == ScaleKind::Log;
    for (int category = 0; category < categories; ++category) {
        double above = 0;
        double below = 0;
        double sum = 0;
        for (int i = 0; i < count; ++i)
            sum += std::isfinite(valueOf(category * count + i)) ? std::abs(valueOf(category * count + i)) : 0;
        for (int i = 0; i < count; ++i) {
            double value = valueOf(category * count + i);
            if (!std::isfinite(value)) {
                layout.bars.append(QRectF());
                continue;
            }
            if (m_stacking == StackMode::Percent)
                value = sum > 0 ? value / sum * wholePercent : 0;
            const double start = (category + 0.5) * room - thick * across / 2;
            if (m_stacking == StackMode::None) {
                layout.bars.append(place(log ? layout.axis.min : 0, value, start + i * thick + thick * (1 - barShare) / 2));
                continue;
            }
            double &base = value < 0 ? below : above;
            layout.bars.append(place(base, base + value, start));
            base += value;
        }
    }
}

void BarChartView::paintAxis(QPainter &painter, const Layout &layout) const
{
    const bool standing = m_orientation == Qt::Vertical;
    painter.setFont(uiFont(TextSize::Caption));
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const AxisTick &tick : layout.axis.ticks) {
        const double share = layout.axis.share(tick.value);
        painter.setPen(tokenColor(Token::ChartGrid, palette()));
        if (standing) {
            const int y = layout.plot.bottom() - static_cast<int>(share * (layout.plot.height() - 1));
            painter.drawLine(layout.plot.left(), y, layout.plot.right(), y);
            painter.setPen(tokenColor(Token::Muted, palette()));
            painter.drawText(QRect(area().left(), y - labelHeight / 2, layout.plot.left() - area().left() - 6, labelHeight), Qt::AlignRight | Qt::AlignVCenter, tick.label);
        } else {
            const int x = layout.plot.left() + static_cast<int>(share * (layout.plot.width() - 1));
            painter.drawLine(x, layout.plot.top(), x, layout.plot.bottom());
            painter.setPen(tokenColor(Token::Muted, palette()));
            painter.drawText(QRect(x - 40, layout.plot.bottom() + 2, 80, labelHeight), Qt::AlignCenter, tick.label);
        }
    }
}

void BarChartView::paintCategories(QPainter &painter, const Layout &layout) const
{
    const bool standing = m_orientation == Qt::Vertical;
    const auto categories = static_cast<int>(m_categories.size());
    const double room = double(standing ? layout.plot.width() : layout.plot.height()) / std::max(1, categories);
    const QFontMetrics metrics(painter.font());
    painter.setPen(tokenColor(Token::Muted, palette()));
    // Where labels have no room, every second, third ... is written.
    const int widest = standing ? std::min(categoryWidth(), 90) : labelHeight;
    const int stride = std::max(1, static_cast<int>(std::ceil(widest / std::max(1.0, room))));
    for (int i = 0; i < categories; i += stride) {
        if (standing) {
            const int width = static_cast<int>(room * stride);
            const QRect cell(static_cast<int>(layout.plot.left() + (i + 0.5) * room) - width / 2, layout.plot.bottom() + 2, width, labelHeight);
            painter.drawText(cell, Qt::AlignCenter, metrics.elidedText(m_categories[i], Qt::ElideMiddle, width - 4));
        } else {
            const int width = layout.plot.left() - area().left() - 8;
            const QRect cell(area().left(), static_cast<int>(layout.plot.top() + (i + 0.5) * room) - labelHeight / 2, width, labelHeight);
            painter.drawText(cell, Qt::AlignRight | Qt::AlignVCenter, metrics.elidedText(m_categories[i], Qt::ElideMiddle, width));
        }
    }
}

void BarChartView::paintItems(QPainter &painter)
{
    const QVector<KeyEntry> entries = keys();
    paintKeys(painter, palette(), area(), entries);
    const Layout layout = layOut();
    if (layout.plot.width() < 8 || layout.plot.height() < 8)
        return;
    paintAxis(painter, layout);
    paintCategories(painter, layout);
    const auto count = static_cast<int>(m_series.size());
    for (int item = 0; item < layout.bars.size(); ++item) {
        const QRectF &bar = layout.bars[item];
        if (bar.isNull())
            continue;
        const int series = item % count;
        const QColor color = m_series[series].color.value_or(paletteColor(series, schemeOf(palette())));
        painter.fillRect(bar, QBrush(color, paletteBrush(series)));
        const QString text = m_values ? format(valueOf(item)) : QString();
        const QFontMetrics metrics(painter.font());
        const int width = metrics.horizontalAdvance(text);
        const bool standing = m_orientation == Qt::Vertical;
        if (text.isEmpty() || (standing ? bar.width() < width : bar.height() < labelHeight - 4))
            continue;
        const bool inside = m_stacking != StackMode::None;
        if (inside && (standing ? bar.height() < labelHeight : bar.width() < width + 6))
            continue;
        painter.setPen(inside ? textOn(color) : tokenColor(Token::Text, palette()));
        QRectF cell = bar;
        if (!inside && standing)
            cell = QRectF(bar.left(), bar.top() - labelHeight, bar.width(), labelHeight);
        else if (!inside)
            cell = QRectF(std::min(bar.right() + 4, double(rect().right() - width - 4)), bar.top(), width + 2, bar.height());
        painter.drawText(cell, Qt::AlignCenter, text);
    }
}

int BarChartView::itemAt(const QPoint &position) const
{
    if (itemCount() == 0)
        return -1;
    const Layout layout = layOut();
    for (int i = 0; i < layout.bars.size(); ++i) {
        if (layout.bars[i].adjusted(-1, -2, 1, 2).contains(position))
            return i;
    }
    return -1;
}

QRectF BarChartView::itemRect(int item) const
{
    return layOut().bars.value(item);
}

int BarChartView::neighbour(int item, int key) const
{
    const auto count = static_cast<int>(m_series.size());
    const bool along = (m_orientation == Qt::Vertical) == (key == Qt::Key_Left || key == Qt::Key_Right);
    if (item < 0 || !along)
        return ItemChart::neighbour(item, key);
    const int next = item + (key == Qt::Key_Left || key == Qt::Key_Up ? -count : count);
    return next < 0 || next >= itemCount() ? item : next;
}

}
