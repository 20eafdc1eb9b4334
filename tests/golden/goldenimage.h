#pragma once

#include "ui/theme/tokens.h"

#include <QString>

class QWidget;

namespace countersign {

/// Style, fonts and palette of the console, with everything that moves on its own switched off.
void wearForGolden(Scheme scheme);

/// Compares what the widget paints at its present size with tests/golden/images/<name>.png. A few pixels may differ
/// slightly: text rendering is not the same to the last bit on every machine. On a mismatch the actual image and the
/// difference are written beside the test executable. With COUNTERSIGN_GOLDEN_UPDATE=1 the stored image is replaced
/// instead. An empty text is a match.
QString compareWithGolden(QWidget &widget, const QString &name);

} // namespace countersign
