#include "ui/charts/statview.h"

#include "ui/charts/chartpalette.h"
#include "ui/theme/fonts.h"
#include "ui/theme/tokens.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <limits>

namespace countersign {

namespace {
constexpr double cellAspect = 2.2;
constexpr int gap = 6;
constexpr int padding = 10;
constexpr double trendShare = 0.34;
constexpr int nameLine = 20;
constexpr int lowestTrendCell = 72;
constexpr int smallestFigure = 11;
constexpr int largestFigure = 96;
}

StatView::StatView(QWidget *parent)
    : FigureView(parent)
{
}

void StatView::setColorMode(StatColor mode)
{
    m_color = mode;
    update();
}

void StatView::setTextMode(StatText mode)
{
    m_text = mode;
    update();
}

void StatView::setTrendShown(bool shown)
{
    m_trend = shown;
    update();
}

void StatView::setOrientation(std::optional<Qt::Orientation> orientation)
{
    m_orientation = orientation;
    update();
}

QVector<QRect> StatView::cells() const
{
    if (!m_orientation)
        return gridCells(area(), itemCount(), cellAspect, gap);
    return gridCells(area(), itemCount(), *m_orientation == Qt::Horizontal ? 1e-3 : 1e3, gap);
}

void StatView::paintTrend(QPainter &painter, const Figure &figure, const QRect &rect, const QColor &color) const
{
    double min = std::numeric_limits<double>::infinity();
    double max = -min;
    for (const double value : figure.trend) {
        if (std::isfinite(value)) {
            min = std::min(min, value);
            max = std::max(max, value);
        }
    }
    if (min > max)
        return;
    const double height = max > min ? max - min : 1;
    const double step = double(rect.width()) / double(figure.trend.size() - 1);
    QPolygonF line;
    const auto flush = [&] {
        if (line.size() > 1) {
            QPolygonF under = line;
            under.append({line.last().x(), double(rect.bottom() + 1)});
            under.append({line.first().x(), double(rect.bottom() + 1)});
            QColor fill = color;
            fill.setAlphaF(0.18F);
            painter.setPen(Qt::NoPen);
            painter.setBrush(fill);
            painter.drawPolygon(under);
            QColor edge = color;
            edge.setAlphaF(0.75F);
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(edge, 1.4, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin));
            painter.drawPolyline(line);
        }
        line.clear();
    };
    for (std::size_t i = 0; i < figure.trend.size(); ++i) {
        if (!std::isfinite(figure.trend[i]))
            flush();
        else
            line.append({rect.left() + double(i) * step, rect.top() + 2 + (max - figure.trend[i]) / height * (rect.height() - 4)});
    }
    flush();
}

void StatView::paintFigure(QPainter &painter, const Figure &figure, const QRect &cell) const
{
    const bool filled = m_color == StatColor::Background && figure.color.isValid();
    const QColor plain = tokenColor(Token::Text, palette());
    const QColor ink = filled ? textOn(figure.color) : m_color == StatColor::Value && figure.color.isValid() ? figure.color : plain;
    if (filled) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(figure.color);
        painter.drawRoundedRect(cell, 4, 4);
    }
    const bool named = m_text == StatText::ValueAndName || m_text == StatText::Name || (m_text == StatText::Auto && itemCount() > 1);
    const bool valued = m_text != StatText::Name && m_text != StatText::None;
    const bool trend = m_trend && figure.trend.size() > 1 && cell.height() >= lowestTrendCell;
    QRect room = cell.adjusted(padding, 4, -padding, -4);
    if (trend) {
        const int height = static_cast<int>(cell.height() * trendShare);
        paintTrend(painter, figure, QRect(cell.left(), cell.bottom() + 1 - height, cell.width(), height), filled ? ink : figure.color.isValid() ? figure.color : tokenColor(Token::Series1, palette()));
        room.setBottom(cell.bottom() - height + 4);
    }
    if (named && !figure.name.isEmpty()) {
        painter.setFont(uiFont(TextSize::Small, QFont::Medium));
        painter.setPen(filled ? ink : tokenColor(Token::Muted, palette()));
        const int height = valued ? nameLine : room.height();
        const QFontMetricsF metrics(painter.font());
        painter.drawText(QRect(room.left(), room.top(), room.width(), height), Qt::AlignCenter,
            metrics.elidedText(figure.name, Qt::ElideMiddle, room.width()));
        room.setTop(room.top() + height);
    }
    if (!valued)
        return;
    const QFont font = fittingFont(figure.text, QSizeF(room.size()), smallestFigure, largestFigure);
    painter.setFont(font);
    painter.setPen(ink);
    painter.drawText(room, Qt::AlignCenter, QFontMetricsF(font).elidedText(figure.text, Qt::ElideRight, room.width()));
}

}
