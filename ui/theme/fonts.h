#pragma once

#include <QFont>

namespace countersign {

enum class TextSize { Caption, Small, Body, Strong, Title, Figure };

/// The console's text face; its digits are tabular, so that columns of figures stand still while they change.
QFont uiFont(TextSize size = TextSize::Body, QFont::Weight weight = QFont::Normal);
/// Fixed width, for hashes, addresses and payloads.
QFont monoFont(TextSize size = TextSize::Body);

}
