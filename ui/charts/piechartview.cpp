#include "ui/charts/piechartview.h"

#include "backend/types/strings.h"
#include "ui/charts/chartpalette.h"
#include "ui/theme/fonts.h"

#include <QFontMetrics>
#include <QLineF>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace countersign {

namespace {
constexpr double quarter = 90;
constexpr double wholeTurn = 360;
constexpr double hole = 0.6; ///< of the radius of a ring
constexpr double labelled = 0.07; ///< share from which a slice carries its own label
constexpr double leastBand = 36; ///< pixels that a label needs
constexpr int rowHeight = 20;
constexpr int keyWidth = 16;
constexpr int columnGap = 14;
constexpr double widestLegend = 0.62;
constexpr double highestLegend = 0.45;
}

PieChartView::PieChartView(QWidget *parent)
    : ItemChart(parent)
{
}

void PieChartView::setSlices(const QVector<PieSlice> &slices)
{
    if (slices == m_slices)
        return;
    m_slices = slices;
    m_sum = 0;
    for (const PieSlice &slice : slices)
        m_sum += slice.value > 0 ? slice.value : 0;
    dataChanged();
}

void PieChartView::setRing(bool ring)
{
    m_ring = ring;
    update();
}

void PieChartView::setLegend(LegendPlace place)
{
    m_legend = place;
    update();
}

double PieChartView::shareOf(int item) const
{
    const double value = m_slices[item].value;
    return m_sum > 0 && value > 0 ? value / m_sum : 0;
}

QString PieChartView::shareText(int item) const
{
    const double percent = shareOf(item) * 100;
    return u"%1 %"_s.arg(QLocale().toString(percent, 'f', percent > 0 && percent < 10 ? 1 : 0));
}

QString PieChartView::itemText(int item) const
{
    return u"%1: %2 (%3)"_s.arg(m_slices[item].name, m_slices[item].text, shareText(item));
}

QString PieChartView::itemValue(int item) const
{
    return QLocale::c().toString(m_slices[item].value, 'g', QLocale::FloatingPointShortest);
}

QBrush PieChartView::brushOf(int item) const
{
    return {m_slices[item].color.value_or(paletteColor(item, schemeOf(palette()))), paletteBrush(item)};
}

PieChartView::Shape PieChartView::shape() const
{
    QRect room = area();
    QRect legend;
    if (m_legend == LegendPlace::Right) {
        const QFontMetrics metrics(uiFont(TextSize::Small));
        int widest = 0;
        for (int i = 0; i < itemCount(); ++i)
            widest = std::max(widest, metrics.horizontalAdvance(m_slices[i].name + m_slices[i].text + shareText(i)) + keyWidth + 2 * columnGap);
        const int width = std::min({widest + 4, static_cast<int>(room.width() * widestLegend), room.width() - 60});
        const int height = std::min(itemCount() * rowHeight, room.height());
        legend = QRect(room.right() + 1 - width, room.center().y() - height / 2, width, height);
        room.setRight(legend.left() - columnGap);
    } else if (m_legend == LegendPlace::Bottom) {
        const int height = std::min(itemCount() * rowHeight, static_cast<int>(room.height() * highestLegend) / rowHeight * rowHeight);
        legend = QRect(room.left(), room.bottom() + 1 - height, room.width(), height);
        room.setBottom(legend.top() - 6);
    }
    const double side = std::max(8, std::min(room.width(), room.height()));
    QRectF circle(0, 0, side, side);
    circle.moveCenter(QRectF(room).center());
    return {circle, legend};
}

QRect PieChartView::legendRow(int item, const QRect &legend) const
{
    return {legend.left(), legend.top() + item * rowHeight, legend.width(), rowHeight};
}

void PieChartView::paintLegend(QPainter &painter, const QRect &legend) const
{
    painter.save();
    painter.setClipRect(legend);
    const QFont font = uiFont(TextSize::Small);
    painter.setFont(font);
    const QFontMetrics metrics(font);
    int shares = 0;
    int values = 0;
    for (int i = 0; i < itemCount(); ++i) {
        shares = std::max(shares, metrics.horizontalAdvance(shareText(i)));
        values = std::max(values, metrics.horizontalAdvance(m_slices[i].text));
    }
    for (int i = 0; i < itemCount(); ++i) {
        const QRect row = legendRow(i, legend);
        const QRect box(row.left() + 1, row.center().y() - 4, 10, 10);
        painter.fillRect(box, brushOf(i));
        painter.setPen(tokenColor(Token::Text, palette()));
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, m_slices[i].text);
        painter.setPen(tokenColor(Token::Muted, palette()));
        painter.drawText(row.adjusted(0, 0, -values - columnGap, 0), Qt::AlignRight | Qt::AlignVCenter, shareText(i));
        const int room = row.width() - keyWidth - values - shares - 2 * columnGap;
        painter.setPen(tokenColor(Token::Text, palette()));
        painter.drawText(QRect(row.left() + keyWidth, row.top(), room, rowHeight), Qt::AlignLeft | Qt::AlignVCenter,
            metrics.elidedText(m_slices[i].name, Qt::ElideMiddle, room));
    }
    painter.restore();
}

void PieChartView::paintItems(QPainter &painter)
{
    const Shape shape = this->shape();
    const QColor ground = palette().color(backgroundRole());
    double angle = quarter;
    painter.setFont(uiFont(TextSize::Caption, QFont::Medium));
    const QPointF middle = shape.circle.center();
    const double radius = shape.circle.width() / 2;
    for (int i = 0; i < itemCount(); ++i) {
        const double turn = shareOf(i) * wholeTurn;
        if (turn <= 0)
            continue;
        QPainterPath path;
        path.arcMoveTo(shape.circle, angle);
        path.arcTo(shape.circle, angle, -turn);
        if (m_ring) {
            const double inset = radius * (1 - hole);
            path.arcTo(shape.circle.adjusted(inset, inset, -inset, -inset), angle - turn, turn);
        } else {
            path.lineTo(middle);
        }
        path.closeSubpath();
        painter.setPen(QPen(ground, 1.5));
        painter.setBrush(brushOf(i));
        painter.drawPath(path);
        const double band = m_ring ? radius * (1 - hole) : radius;
        if (shareOf(i) >= labelled && band > leastBand) {
            const double at = (angle - turn / 2) * std::numbers::pi / 180;
            const double out = radius * (m_ring ? (1 + hole) / 2 : 0.68);
            const QPointF place(middle.x() + out * std::cos(at), middle.y() - out * std::sin(at));
            painter.setPen(textOn(brushOf(i).color()));
            painter.drawText(QRectF(place.x() - 30, place.y() - 9, 60, 18), Qt::AlignCenter, shareText(i));
        }
        angle -= turn;
    }
    if (!shape.legend.isNull())
        paintLegend(painter, shape.legend);
}

int PieChartView::itemAt(const QPoint &position) const
{
    const Shape shape = this->shape();
    if (shape.legend.contains(position)) {
        const int row = (position.y() - shape.legend.top()) / rowHeight;
        return row < itemCount() ? row : -1;
    }
    const QLineF ray(shape.circle.center(), position);
    const double radius = shape.circle.width() / 2;
    if (ray.length() > radius || (m_ring && ray.length() < radius * hole))
        return -1;
    double turned = quarter - ray.angle();
    turned = turned < 0 ? turned + wholeTurn : turned;
    double end = 0;
    for (int i = 0; i < itemCount(); ++i) {
        end += shareOf(i) * wholeTurn;
        if (turned < end)
            return i;
    }
    return -1;
}

QRectF PieChartView::itemRect(int item) const
{
    const Shape shape = this->shape();
    return shape.legend.isNull() ? shape.circle : QRectF(legendRow(item, shape.legend));
}

}
