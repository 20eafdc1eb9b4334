#pragma once

#include "ui/charts/chartstyle.h"
#include "ui/theme/tokens.h"

#include <QPen>

namespace countersign {

/// Eight hues after Wong and Tol, which stay apart under the common colour deficiencies; what comes after them repeats
/// a hue with another pattern, so that colour is never the only sign.
QColor paletteColor(int index, Scheme scheme);
LinePattern palettePattern(int index);
/// Lengths on and off, in pixels of a line one wide; empty for a solid line.
QVector<qreal> patternLengths(LinePattern pattern);
/// Fill of bars and slices: solid for the first eight, hatched after.
Qt::BrushStyle paletteBrush(int index);

enum class Ramp { Heat, Blues, Greens, Reds };
/// Colour of `share` (0 to 1) on a ramp whose lightness alone tells more from less; begins near the background.
QColor rampColor(Ramp ramp, double share, Scheme scheme);

/// Black or white text, whichever is read better on `background`.
QColor textOn(const QColor &background);
/// Color of the highest step at or below `value`; absent where there is none.
std::optional<QColor> thresholdColor(const QVector<ThresholdStep> &steps, double value);

}
