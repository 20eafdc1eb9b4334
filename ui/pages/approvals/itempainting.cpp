#include "ui/pages/approvals/itempainting.h"

#include <QPainter>
#include <QTextLayout>
#include <QTextOption>
#include <QtMath>

namespace countersign {

namespace {

// Qt::TextWrapAnywhere breaks every word that meets the edge.
QTextOption wrapping()
{
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    return option;
}

} // namespace

int wrappedHeight(const QString &text, const QFont &font, int width)
{
    if (text.isEmpty())
        return 0;
    QTextLayout layout(QString(text).replace(u'\n', QChar::LineSeparator), font);
    layout.setTextOption(wrapping());
    layout.beginLayout();
    double height = 0;
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        height += line.height();
    }
    layout.endLayout();
    return qCeil(height);
}

void drawWrapped(QPainter &painter, const QRect &rect, const QString &text)
{
    painter.drawText(QRectF(rect), text, wrapping());
}

void paintItemGround(QPainter &painter, const QStyleOptionViewItem &option)
{
    if (option.state.testFlag(QStyle::State_Selected))
        painter.fillRect(option.rect, tokenColor(Token::Selection, option.palette));
    painter.fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
        tokenColor(Token::ChartGrid, option.palette));
    paintItemFocus(painter, option);
}

void paintItemFocus(QPainter &painter, const QStyleOptionViewItem &option)
{
    if (!option.state.testFlag(QStyle::State_HasFocus))
        return;
    painter.save();
    painter.setPen(QPen(tokenColor(Token::Accent, option.palette), 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(option.rect).adjusted(2, 1, -2, -2), 3, 3);
    painter.restore();
}

QColor inkOf(const QStyleOptionViewItem &option, Token token)
{
    return tokenColor(option.state.testFlag(QStyle::State_Selected) ? Token::SelectionText : token, option.palette);
}

} // namespace countersign
