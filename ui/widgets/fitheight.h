#pragma once

class QWidget;

namespace countersign {

enum class HeightFit { Grow, Exact };

/// Gives a window the height that its text needs at its width, which wrapped text does not ask for by itself; never more
/// than the screen has.
void fitHeight(QWidget &window, HeightFit fit = HeightFit::Grow);

/// Does that whenever the window is shown.
void fitHeightWhenShown(QWidget &window);

} // namespace countersign
