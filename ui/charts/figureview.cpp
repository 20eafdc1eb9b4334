#include "ui/charts/figureview.h"

#include "backend/types/strings.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>

namespace countersign {

bool Figure::operator==(const Figure &other) const
{
    const auto same = [](const ThresholdStep &a, const ThresholdStep &b) { return a.value == b.value && a.color == b.color; };
    return name == other.name && text == other.text && value == other.value && color == other.color && min == other.min
        && max == other.max && trend == other.trend && std::ranges::equal(thresholds, other.thresholds, same);
}

FigureView::FigureView(QWidget *parent)
    : ItemChart(parent)
{
}

void FigureView::setFigures(const QVector<Figure> &figures)
{
    if (figures == m_figures)
        return;
    m_figures = figures;
    dataChanged();
}

QString FigureView::itemText(int item) const
{
    const Figure &figure = m_figures[item];
    return figure.name.isEmpty() ? figure.text : u"%1: %2"_s.arg(figure.name, figure.text);
}

QString FigureView::itemValue(int item) const
{
    const Figure &figure = m_figures[item];
    return figure.value ? QLocale::c().toString(*figure.value, 'g', QLocale::FloatingPointShortest) : figure.text;
}

double FigureView::shareOf(const Figure &figure, double value)
{
    const double width = figure.max - figure.min;
    return width > 0 ? std::clamp((value - figure.min) / width, 0.0, 1.0) : 0;
}

void FigureView::paintItems(QPainter &painter)
{
    const QVector<QRect> places = cells();
    for (qsizetype i = 0; i < m_figures.size() && i < places.size(); ++i) {
        painter.save();
        painter.setClipRect(places[i]);
        paintFigure(painter, m_figures[i], places[i]);
        painter.restore();
    }
}

int FigureView::itemAt(const QPoint &position) const
{
    const QVector<QRect> places = cells();
    const auto found = std::ranges::find_if(places, [&](const QRect &cell) { return cell.contains(position); });
    return found == places.end() ? -1 : static_cast<int>(found - places.begin());
}

QRectF FigureView::itemRect(int item) const
{
    return QRectF(cells().value(item)).adjusted(2, 2, -2, -2);
}

}
