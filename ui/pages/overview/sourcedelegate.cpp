#include "ui/pages/overview/sourcedelegate.h"

#include "backend/types/strings.h"
#include "models/sources/sourcelistmodel.h"
#include "ui/shell/lampstrip.h"
#include "ui/theme/fonts.h"
#include "ui/theme/marks.h"
#include "ui/widgets/format.h"

#include <QPainter>

namespace countersign {

SourceDelegate::SourceDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{
}

void SourceDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto status = index.data(SourceListModel::StatusRole).value<SourceStatus>();
    const Tone tone = toneOf(status.state);
    const QPalette &palette = option.palette;
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    painter->save();
    if (selected)
        painter->fillRect(option.rect, tokenColor(Token::Selection, palette));
    const QColor ink = tokenColor(toneToken(tone), palette);
    const QColor muted = tokenColor(selected ? Token::SelectionText : Token::Muted, palette);
    const QRect rect = option.rect.adjusted(12, 0, -12, 0);
    paintMark(*painter, QRectF(rect.left(), rect.top() + 9, 9, 9), tone, ink);
    painter->setFont(uiFont(TextSize::Small));
    const QFontMetrics small(painter->font());
    QString state = wordOf(status.state);
    if (const QVariant age = index.data(SourceListModel::AgeRole); age.isValid())
        state += u"  "_s + ageText(std::chrono::microseconds(age.toLongLong()));
    const int stateWidth = small.horizontalAdvance(state);
    const QRect line(rect.left() + 17, rect.top() + 3, rect.width() - 17, 21);
    painter->setPen(tone == Tone::Good ? muted : ink);
    painter->drawText(line, Qt::AlignRight | Qt::AlignVCenter, state);
    painter->setFont(uiFont());
    painter->setPen(tokenColor(selected ? Token::SelectionText : Token::Text, palette));
    const int room = line.width() - stateWidth - 10;
    painter->drawText(
        line, Qt::AlignLeft | Qt::AlignVCenter, painter->fontMetrics().elidedText(status.id, Qt::ElideRight, room));
    if (status.state != SourceState::Live && !status.lastError.isEmpty()) {
        painter->setFont(uiFont(TextSize::Small));
        painter->setPen(muted);
        painter->drawText(line.translated(0, 18), Qt::AlignLeft | Qt::AlignVCenter,
            small.elidedText(status.lastError, Qt::ElideRight, line.width()));
    }
    painter->restore();
}

QSize SourceDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const auto status = index.data(SourceListModel::StatusRole).value<SourceStatus>();
    return {200, status.state != SourceState::Live && !status.lastError.isEmpty() ? 44 : 26};
}

} // namespace countersign
