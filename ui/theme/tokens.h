#pragma once

#include "models/sources/tone.h"

#include <QColor>

#include <span>

class QPalette;

namespace countersign {

enum class Scheme { Light, Dark };

/// Every colour of the console by what it means. Widgets never name a literal colour.
enum class Token {
    Window,
    Panel,
    Raised,
    Border,
    BorderStrong,
    Text,
    Muted,
    Accent,
    AccentText,
    Selection,
    SelectionText,
    Good,
    GoodFill,
    Warn,
    WarnFill,
    Bad,
    BadFill,
    Info,
    InfoFill,
    PracticeBand,
    TestBand,
    ProductionBand,
    BandText,
    ChartGrid,
    Series1,
    Series2,
    Series3,
    Series4,
    Series5,
    Series6,
    Series7,
    Series8,
    Count
};

/// A foreground and a background that are used together for text; the theme test demands 4.5:1 of each.
struct TextPair {
    Token foreground;
    Token background;
};

QColor tokenColor(Token token, Scheme scheme);
Scheme schemeOf(const QPalette &palette);
/// The colour of `token` in the scheme that `palette` was built for: no widget needs a pointer to the theme.
QColor tokenColor(Token token, const QPalette &palette);
Token toneToken(Tone tone);
Token toneFill(Tone tone);
Token seriesToken(int index);

std::span<const TextPair> textPairs();
/// WCAG 2.1 contrast ratio, 1 to 21.
double contrastRatio(const QColor &first, const QColor &second);

QPalette paletteFor(Scheme scheme);

}
