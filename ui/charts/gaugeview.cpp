#include "ui/charts/gaugeview.h"

#include "ui/theme/fonts.h"
#include "ui/theme/tokens.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace countersign {

namespace {

constexpr double firstAngle = 210; ///< degrees, counted against the clock from three o'clock
constexpr double sweep = 240;
constexpr int sixteenths = 16; ///< of a degree, in which Qt counts arcs
constexpr double cellAspect = 1.15;
constexpr int gap = 6;
constexpr int nameLine = 20;
constexpr double openShare = 0.23; ///< of the circle's height, below the ends of the arc
constexpr double bandShare = 0.16; ///< of the radius
constexpr double textWidth = 1.25; ///< of the radius
constexpr int smallestFigure = 10;
constexpr int largestFigure = 64;

void drawArc(QPainter &painter, const QRectF &circle, double width, const QColor &color, double from, double to)
{
    if (to <= from)
        return;
    painter.setPen(QPen(color, width, Qt::SolidLine, Qt::FlatCap));
    painter.drawArc(circle, static_cast<int>(std::lround((firstAngle - from * sweep) * sixteenths)),
        static_cast<int>(std::lround(-(to - from) * sweep * sixteenths)));
}

}

GaugeView::GaugeView(QWidget *parent)
    : FigureView(parent)
{
}

void GaugeView::setThresholdMarkers(bool shown)
{
    m_markers = shown;
    update();
}

void GaugeView::setThresholdLabels(bool shown, std::function<QString(double)> format)
{
    m_labels = shown;
    m_format = std::move(format);
    update();
}

QVector<QRect> GaugeView::cells() const
{
    return gridCells(area(), itemCount(), cellAspect, gap);
}

void GaugeView::paintMarkers(QPainter &painter, const Figure &figure, const QRectF &circle, double width) const
{
    for (qsizetype i = 0; i < figure.thresholds.size(); ++i) {
        const double from = std::isinf(figure.thresholds[i].value) ? 0 : shareOf(figure, figure.thresholds[i].value);
        const double to = i + 1 < figure.thresholds.size() ? shareOf(figure, figure.thresholds[i + 1].value) : 1;
        drawArc(painter, circle, width, figure.thresholds[i].color, from, to);
    }
}

void GaugeView::paintLabels(QPainter &painter, const Figure &figure, const QRectF &circle) const
{
    painter.setFont(uiFont(TextSize::Caption));
    painter.setPen(tokenColor(Token::Muted, palette()));
    const QFontMetricsF metrics(painter.font());
    QVector<double> values{figure.min, figure.max};
    for (const ThresholdStep &step : figure.thresholds) {
        if (step.value > figure.min && step.value < figure.max)
            values.append(step.value);
    }
    for (const double value : std::as_const(values)) {
        const double angle = (firstAngle - shareOf(figure, value) * sweep) * std::numbers::pi / 180;
        const QString text = m_format ? m_format(value) : QString::number(value);
        const double width = metrics.horizontalAdvance(text);
        const double radius = circle.width() / 2 + 6;
        const QPointF at(circle.center().x() + radius * std::cos(angle), circle.center().y() - radius * std::sin(angle));
        const double left = at.x() + (std::cos(angle) < -0.15 ? -width : std::cos(angle) > 0.15 ? 0 : -width / 2);
        painter.drawText(QRectF(left, at.y() - metrics.height() / 2 - (std::sin(angle) > 0 ? 3 : 0), width + 2, metrics.height()), Qt::AlignCenter, text);
    }
}

void GaugeView::paintFigure(QPainter &painter, const Figure &figure, const QRect &cell) const
{
    const bool named = !figure.name.isEmpty();
    const double side = m_labels ? 30 : 4;
    const QRectF room = QRectF(cell).adjusted(side, m_labels ? 16 : 4, -side, named ? -nameLine : -2);
    // The arc is as wide as its circle and three quarters as high: below it is open.
    const double diameter = std::max(20.0, std::min(room.width(), room.height() / (1 - openShare)));
    const double radius = diameter / 2;
    const double band = std::max(4.0, radius * bandShare);
    const double rim = m_markers && !figure.thresholds.isEmpty() ? std::max(2.0, band / 4) : 0;
    QRectF circle(0, 0, diameter, diameter);
    circle.moveCenter({room.center().x(), room.center().y() + diameter * openShare / 2});
    const double inset = (rim > 0 ? rim + 2 : 0) + band / 2;
    const QRectF middle = circle.adjusted(inset, inset, -inset, -inset);
    painter.setBrush(Qt::NoBrush);
    drawArc(painter, middle, band, tokenColor(Token::Border, palette()), 0, 1);
    const QColor color = figure.color.isValid() ? figure.color : tokenColor(Token::Series1, palette());
    if (figure.value && std::isfinite(*figure.value))
        drawArc(painter, middle, band, color, 0, shareOf(figure, *figure.value));
    if (rim > 0)
        paintMarkers(painter, figure, circle.adjusted(rim / 2, rim / 2, -rim / 2, -rim / 2), rim);
    if (m_labels)
        paintLabels(painter, figure, circle);
    const double inner = radius - inset - band / 2;
    const QSizeF textRoom(inner * textWidth, inner * 0.8);
    const QFont font = fittingFont(figure.text, textRoom, smallestFigure, largestFigure);
    painter.setFont(font);
    painter.setPen(figure.color.isValid() ? figure.color : tokenColor(Token::Text, palette()));
    QRectF text(QPointF(), QSizeF(inner * 2, inner * 1.2));
    text.moveCenter(circle.center());
    painter.drawText(text, Qt::AlignCenter, figure.text);
    if (named) {
        painter.setFont(uiFont(TextSize::Small, QFont::Medium));
        painter.setPen(tokenColor(Token::Muted, palette()));
        const double under = std::min(circle.bottom() - diameter * openShare + (m_labels ? 10 : 2), double(cell.bottom() + 1 - nameLine));
        painter.drawText(QRectF(cell.left(), under, cell.width(), nameLine), Qt::AlignCenter,
            QFontMetricsF(painter.font()).elidedText(figure.name, Qt::ElideMiddle, cell.width()));
    }
}

}
