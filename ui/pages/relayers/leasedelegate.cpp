#include "ui/pages/relayers/leasedelegate.h"

#include "models/relayers/electionmodel.h"
#include "ui/theme/fonts.h"
#include "ui/theme/tokens.h"

#include <QPainter>

namespace countersign {

namespace {

constexpr int padding = 8;
constexpr int barHeight = 6;
constexpr int textWidth = 68;
constexpr double runsShort = 0.34;

} // namespace

LeaseDelegate::LeaseDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{
}

void LeaseDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    if (isSelected)
        painter->fillRect(option.rect, tokenColor(Token::Selection, option.palette));
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), tokenColor(Token::ChartGrid, option.palette));
    const QRect inside = option.rect.adjusted(padding, 0, -padding, 0);
    painter->setFont(uiFont());
    painter->setPen(tokenColor(isSelected ? Token::SelectionText : Token::Text, option.palette));
    painter->drawText(inside.adjusted(0, 0, textWidth - inside.width(), 0), Qt::AlignLeft | Qt::AlignVCenter,
        index.data(Qt::DisplayRole).toString());
    const QVariant share = index.data(ElectionModel::LeaseShareRole);
    const QRect bar(inside.left() + textWidth, inside.center().y() - barHeight / 2 + 1, inside.width() - textWidth, barHeight);
    if (share.isValid() && bar.width() > barHeight) {
        const double left = share.toDouble();
        painter->fillRect(bar, tokenColor(Token::ChartGrid, option.palette));
        const Token ink = isSelected ? Token::SelectionText : left < runsShort ? Token::Warn : Token::Good;
        painter->fillRect(QRect(bar.topLeft(), QSize(qRound(bar.width() * left), barHeight)), tokenColor(ink, option.palette));
    }
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(QPen(tokenColor(Token::Accent, option.palette), 1));
        painter->drawRect(option.rect.adjusted(0, 0, -1, -2));
    }
    painter->restore();
}

} // namespace countersign
