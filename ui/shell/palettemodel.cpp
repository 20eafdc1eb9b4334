#include "ui/shell/palettemodel.h"

#include "ui/theme/fonts.h"
#include "ui/theme/tokens.h"

#include <QPainter>

namespace countersign {

PaletteModel::PaletteModel(QObject *parent)
    : QAbstractListModel(parent)
{
}

void PaletteModel::setEntries(QVector<PaletteEntry> entries)
{
    beginResetModel();
    m_entries = std::move(entries);
    endResetModel();
}

int PaletteModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_entries.size());
}

QVariant PaletteModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_entries.size())
        return {};
    const PaletteEntry &entry = m_entries[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return entry.text;
    case Qt::DecorationRole:
        return entry.icon;
    case GroupRole:
        return entry.group;
    case ShortcutRole:
        return entry.shortcut;
    default:
        return {};
    }
}

PaletteDelegate::PaletteDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{
}

void PaletteDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (selected) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(tokenColor(Token::Selection, option.palette));
        painter->drawRoundedRect(option.rect.adjusted(4, 1, -4, -1), 4, 4);
    }
    const QRect rect = option.rect.adjusted(14, 0, -14, 0);
    const auto icon = qvariant_cast<QIcon>(index.data(Qt::DecorationRole));
    icon.paint(painter, QRect(rect.left(), rect.center().y() - 8, 16, 16));

    painter->setFont(uiFont(TextSize::Small));
    const QFontMetrics small(painter->font());
    const QString shortcut = index.data(PaletteModel::ShortcutRole).toString();
    const QString group = index.data(PaletteModel::GroupRole).toString();
    const QColor quiet = tokenColor(selected ? Token::SelectionText : Token::Muted, option.palette);
    painter->setPen(quiet);
    int right = rect.right();
    if (!shortcut.isEmpty()) {
        painter->drawText(rect, Qt::AlignRight | Qt::AlignVCenter, shortcut);
        right -= small.horizontalAdvance(shortcut) + 14;
    }
    const int groupWidth = small.horizontalAdvance(group);
    painter->drawText(
        QRect(right - groupWidth, rect.top(), groupWidth, rect.height()), Qt::AlignRight | Qt::AlignVCenter, group);
    right -= groupWidth + 12;

    painter->setFont(uiFont());
    painter->setPen(tokenColor(selected ? Token::SelectionText : Token::Text, option.palette));
    const int left = rect.left() + 26;
    painter->drawText(QRect(left, rect.top(), right - left, rect.height()), Qt::AlignLeft | Qt::AlignVCenter,
        painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, right - left));
    painter->restore();
}

QSize PaletteDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {400, 30};
}

} // namespace countersign
