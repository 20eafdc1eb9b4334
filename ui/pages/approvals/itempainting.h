#pragma once

#include "ui/theme/tokens.h"

#include <QFont>
#include <QString>
#include <QStyleOptionViewItem>

class QPainter;

namespace countersign {

// What the delegates of this page have in common.

/// Height of \a text, wrapped to \a width; 0 when it is empty.
int wrappedHeight(const QString &text, const QFont &font, int width);
/// Wraps at words, and within one only where it is longer than the line: hashes.
void drawWrapped(QPainter &painter, const QRect &rect, const QString &text);
/// The selection behind an item, the fine line under it, and the focus.
void paintItemGround(QPainter &painter, const QStyleOptionViewItem &option);
/// Around the item that keys act on.
void paintItemFocus(QPainter &painter, const QStyleOptionViewItem &option);
/// The colour of a token on the item's ground.
QColor inkOf(const QStyleOptionViewItem &option, Token token);

} // namespace countersign
