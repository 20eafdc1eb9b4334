#pragma once

#include "ui/theme/tokens.h"

#include <QRectF>

class QPainter;

namespace countersign {

/// The shape that stands for a tone: disc good, triangle warn, crossed square bad, diamond info, ring neutral. Shape
/// carries the meaning where colour is not seen.
void paintMark(QPainter &painter, const QRectF &rect, Tone tone, const QColor &color);

}
