#pragma once

#include "backend/qrcode/qrsymbol.h"

namespace countersign {

/// A symbol with its quiet zone as lines of half blocks, two rows of modules a line, always black on white.
QByteArray symbolText(const QrSymbol &symbol);

/// The columns and lines that it takes.
int symbolColumns(const QrSymbol &symbol);
int symbolLines(const QrSymbol &symbol);

} // namespace countersign
