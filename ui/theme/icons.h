#pragma once

#include <QIcon>

class QColor;
class QPainter;
class QRectF;

namespace countersign {

/// An icon of the console's own set (resources/icons), painted in the palette's text colour, so that it follows the
/// theme.
QIcon themeIcon(QLatin1StringView name);
/// Paints one icon in one colour, at the painter's device resolution.
void paintIcon(QPainter &painter, const QRectF &rect, QLatin1StringView name, const QColor &color);

}
