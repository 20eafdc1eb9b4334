#include "app/cli/qr/symboltext.h"

namespace countersign {

int symbolColumns(const QrSymbol &symbol)
{
    return symbol.size() + 2 * QrSymbol::quietZone;
}

int symbolLines(const QrSymbol &symbol)
{
    return (symbolColumns(symbol) + 1) / 2;
}

QByteArray symbolText(const QrSymbol &symbol)
{
    // Of the 256 colours, because the first 16 are the person's own.
    constexpr auto blackOnWhite = "\x1b[38;5;16;48;5;231m";
    constexpr auto plain = "\x1b[0m\n";
    const int end = symbol.size() + QrSymbol::quietZone;
    QByteArray text;
    for (int row = -QrSymbol::quietZone; row < end; row += 2) {
        text += blackOnWhite;
        for (int column = -QrSymbol::quietZone; column < end; ++column) {
            const bool upper = symbol.isDark(column, row);
            const bool lower = symbol.isDark(column, row + 1);
            text += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ");
        }
        text += plain;
    }
    return text;
}

} // namespace countersign
