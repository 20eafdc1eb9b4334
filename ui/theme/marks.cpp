#include "ui/theme/marks.h"

#include <QPainter>
#include <QPolygonF>

#include <algorithm>

namespace countersign {

void paintMark(QPainter &painter, const QRectF &rect, Tone tone, const QColor &color)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal side = std::min(rect.width(), rect.height());
    QRectF box(0, 0, side, side);
    box.moveCenter(rect.center());
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    switch (tone) {
    case Tone::Good:
        painter.drawEllipse(box.adjusted(side * 0.1, side * 0.1, -side * 0.1, -side * 0.1));
        break;
    case Tone::Warn:
        painter.drawPolygon(QPolygonF{{box.center().x(), box.top() + side * 0.04},
            {box.right(), box.bottom() - side * 0.08}, {box.left(), box.bottom() - side * 0.08}});
        break;
    case Tone::Bad: {
        const QRectF square = box.adjusted(side * 0.06, side * 0.06, -side * 0.06, -side * 0.06);
        painter.drawRoundedRect(square, side * 0.12, side * 0.12);
        painter.setCompositionMode(QPainter::CompositionMode_SourceOver);
        painter.setPen(QPen(
            color.lightness() > 140 ? QColor(Qt::black) : QColor(Qt::white), side * 0.14, Qt::SolidLine, Qt::RoundCap));
        const qreal arm = side * 0.2;
        painter.drawLine(square.center() - QPointF(arm, arm), square.center() + QPointF(arm, arm));
        painter.drawLine(square.center() - QPointF(arm, -arm), square.center() + QPointF(arm, -arm));
        break;
    }
    case Tone::Info:
        painter.drawPolygon(QPolygonF{{box.center().x(), box.top()}, {box.right(), box.center().y()},
            {box.center().x(), box.bottom()}, {box.left(), box.center().y()}});
        break;
    case Tone::Neutral: {
        const qreal inset = side * 0.18;
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(color, side * 0.16));
        painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset));
        break;
    }
    }
    painter.restore();
}

}
