#include "ui/pages/approvals/itempainting.h"

#include <QFontMetrics>
#include <QPainter>

namespace countersign {

int wrappedHeight(const QString &text, const QFont &font, int width)
{
    return text.isEmpty() ? 0
                          : QFontMetrics(font)
                                .boundingRect(QRect(0, 0, width, 4000), Qt::TextWordWrap | Qt::TextWrapAnywhere, text)
                                .height();
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
