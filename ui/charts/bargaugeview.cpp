#include "ui/charts/bargaugeview.h"

#include "ui/charts/chartpalette.h"
#include "ui/theme/fonts.h"
#include "ui/theme/tokens.h"

#include <QFontMetrics>
#include <QLinearGradient>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {
constexpr int gap = 6;
constexpr int textGap = 10;
constexpr int lineHeight = 20;
constexpr int thickestBar = 34;
constexpr int lcdCell = 9;
constexpr int lcdGap = 2;
constexpr double widestName = 0.4;
constexpr double offAlpha = 0.16;
}

BarGaugeView::BarGaugeView(QWidget *parent)
    : FigureView(parent)
{
}

void BarGaugeView::setMode(BarGaugeMode mode)
{
    m_mode = mode;
    update();
}

void BarGaugeView::setOrientation(Qt::Orientation orientation)
{
    m_orientation = orientation;
    update();
}

QVector<QRect> BarGaugeView::cells() const
{
    return gridCells(area(), itemCount(), m_orientation == Qt::Horizontal ? 1e3 : 1e-3, gap);
}

int BarGaugeView::nameWidth() const
{
    const QFontMetrics metrics(uiFont(TextSize::Small));
    int widest = 0;
    for (const Figure &figure : figures())
        widest = std::max(widest, metrics.horizontalAdvance(figure.name));
    return std::min(widest, static_cast<int>(area().width() * widestName));
}

int BarGaugeView::valueWidth() const
{
    const QFontMetrics metrics(uiFont(TextSize::Strong, QFont::Medium));
    int widest = 0;
    for (const Figure &figure : figures())
        widest = std::max(widest, metrics.horizontalAdvance(figure.text));
    return widest;
}

void BarGaugeView::paintLcd(QPainter &painter, const Figure &figure, const QRect &bar) const
{
    const bool across = m_orientation == Qt::Horizontal;
    const int length = across ? bar.width() : bar.height();
    const int count = std::max(1, (length + lcdGap) / (lcdCell + lcdGap));
    const double lit = figure.value ? shareOf(figure, *figure.value) : 0;
    painter.setPen(Qt::NoPen);
    for (int i = 0; i < count; ++i) {
        const double share = (i + 0.5) / count;
        const double value = figure.min + share * (figure.max - figure.min);
        QColor color = thresholdColor(figure.thresholds, value).value_or(figure.color.isValid() ? figure.color : tokenColor(Token::Series1, palette()));
        if (share > lit)
            color.setAlphaF(static_cast<float>(offAlpha));
        const int from = i * length / count;
        const int size = (i + 1) * length / count - from - lcdGap;
        painter.fillRect(across ? QRect(bar.left() + from, bar.top(), size, bar.height())
                                : QRect(bar.left(), bar.bottom() + 1 - from - size, bar.width(), size),
            color);
    }
}

void BarGaugeView::paintBar(QPainter &painter, const Figure &figure, const QRect &bar) const
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokenColor(Token::ChartGrid, palette()));
    painter.drawRoundedRect(bar, 2, 2);
    if (!figure.value || !std::isfinite(*figure.value))
        return;
    const bool across = m_orientation == Qt::Horizontal;
    const double share = shareOf(figure, *figure.value);
    QRectF filled(bar);
    if (across)
        filled.setWidth(bar.width() * share);
    else
        filled.setTop(bar.bottom() + 1 - bar.height() * share);
    const QColor color = figure.color.isValid() ? figure.color : tokenColor(Token::Series1, palette());
    if (m_mode == BarGaugeMode::Gradient) {
        QLinearGradient gradient(across ? QPointF(bar.topLeft()) : QPointF(bar.left(), bar.bottom() + 1),
            across ? QPointF(bar.right() + 1, bar.top()) : QPointF(bar.topLeft()));
        for (const ThresholdStep &step : figure.thresholds)
            gradient.setColorAt(std::isinf(step.value) ? 0 : shareOf(figure, step.value), step.color);
        painter.setBrush(figure.thresholds.isEmpty() ? QBrush(color) : QBrush(gradient));
    } else {
        painter.setBrush(color);
    }
    painter.drawRoundedRect(filled, 2, 2);
}

void BarGaugeView::paintFigure(QPainter &painter, const Figure &figure, const QRect &cell) const
{
    const bool across = m_orientation == Qt::Horizontal;
    const QColor ink = figure.color.isValid() ? figure.color : tokenColor(Token::Text, palette());
    const QFont nameFont = uiFont(TextSize::Small);
    const QFont valueFont = uiFont(TextSize::Strong, QFont::Medium);
    QRect bar;
    QRect name;
    QRect value;
    if (across) {
        const int names = nameWidth();
        const int values = valueWidth();
        const int thick = std::min(cell.height(), thickestBar);
        const int left = names > 0 ? names + textGap : 0;
        name = QRect(cell.left(), cell.top(), names, cell.height());
        bar = QRect(cell.left() + left, cell.center().y() - thick / 2 + 1, std::max(8, cell.width() - left - values - textGap), thick - 2);
        value = QRect(cell.right() + 1 - values, cell.top(), values, cell.height());
    } else {
        const int thick = std::min(cell.width(), thickestBar * 2);
        value = QRect(cell.left(), cell.top(), cell.width(), lineHeight);
        name = QRect(cell.left(), cell.bottom() + 1 - lineHeight, cell.width(), lineHeight);
        bar = QRect(cell.center().x() - thick / 2, value.bottom() + 3, thick, std::max(8, cell.height() - 2 * lineHeight - 4));
    }
    if (m_mode == BarGaugeMode::Lcd)
        paintLcd(painter, figure, bar);
    else
        paintBar(painter, figure, bar);
    painter.setFont(nameFont);
    painter.setPen(tokenColor(Token::Muted, palette()));
    painter.drawText(name, Qt::AlignVCenter | int(across ? Qt::AlignRight : Qt::AlignHCenter), QFontMetrics(nameFont).elidedText(figure.name, Qt::ElideMiddle, name.width()));
    painter.setFont(valueFont);
    painter.setPen(ink);
    painter.drawText(value, Qt::AlignVCenter | int(across ? Qt::AlignRight : Qt::AlignHCenter), QFontMetrics(valueFont).elidedText(figure.text, Qt::ElideRight, value.width() + 2));
}

}
