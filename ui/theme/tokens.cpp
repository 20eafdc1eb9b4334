#include "ui/theme/tokens.h"

#include <QPalette>

#include <algorithm>
#include <array>
#include <cmath>

namespace countersign {

namespace {

struct Row {
    Token token;
    QRgb light;
    QRgb dark;
};

// Semantic hues follow Wong's palette (bluish green, orange, vermilion, sky blue), which stays apart under the common
// colour deficiencies; lightness is moved until the text pairs below reach 4.5:1.
constexpr std::array rows{
    Row{Token::Window, 0xffeff2f5, 0xff12161b},
    Row{Token::Panel, 0xffffffff, 0xff191e25},
    Row{Token::Raised, 0xfff6f8fa, 0xff20262f},
    Row{Token::Border, 0xffd8dee5, 0xff2b333e},
    Row{Token::BorderStrong, 0xff8792a0, 0xff66717f},
    Row{Token::Text, 0xff161c24, 0xffe7ebf0},
    Row{Token::Muted, 0xff55606e, 0xff9ba7b5},
    Row{Token::Accent, 0xff0a5cad, 0xff63abf5},
    Row{Token::AccentText, 0xffffffff, 0xff0b1420},
    Row{Token::Selection, 0xffcfe2f7, 0xff1f3c60},
    Row{Token::SelectionText, 0xff0d1620, 0xfff2f6fb},
    Row{Token::Good, 0xff006b4c, 0xff43cf9f},
    Row{Token::GoodFill, 0xffdcf3ea, 0xff143329},
    Row{Token::Warn, 0xff7f5200, 0xfff0b546},
    Row{Token::WarnFill, 0xfffcefd2, 0xff392d12},
    Row{Token::Bad, 0xffa83408, 0xffff8f66},
    Row{Token::BadFill, 0xfffde4da, 0xff43221a},
    Row{Token::Info, 0xff12608f, 0xff72c3f0},
    Row{Token::InfoFill, 0xffddeefa, 0xff15303f},
    Row{Token::PracticeBand, 0xff00664a, 0xff0c6b50},
    Row{Token::TestBand, 0xff7d5000, 0xff7f5606},
    Row{Token::ProductionBand, 0xffa32f06, 0xffa63a12},
    Row{Token::BandText, 0xffffffff, 0xffffffff},
    Row{Token::ChartGrid, 0xffe4e8ed, 0xff272e38},
    Row{Token::Series1, 0xff0072b2, 0xff56b4e9},
    Row{Token::Series2, 0xffc25400, 0xffffa15e},
    Row{Token::Series3, 0xff00835f, 0xff35c795},
    Row{Token::Series4, 0xffa6457e, 0xffdf8fbd},
    Row{Token::Series5, 0xff8d6a00, 0xffe9cb4b},
    Row{Token::Series6, 0xff5a55a8, 0xffa9a4f2},
    Row{Token::Series7, 0xff3a7d8c, 0xff7fd6de},
    Row{Token::Series8, 0xff4b5563, 0xffc9d1da},
};
static_assert(rows.size() == static_cast<std::size_t>(Token::Count));
static_assert([] {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].token != static_cast<Token>(i))
            return false;
    }
    return true;
}());

constexpr std::array pairs{
    TextPair{Token::Text, Token::Window},
    TextPair{Token::Text, Token::Panel},
    TextPair{Token::Text, Token::Raised},
    TextPair{Token::Muted, Token::Window},
    TextPair{Token::Muted, Token::Panel},
    TextPair{Token::Muted, Token::Raised},
    TextPair{Token::Accent, Token::Window},
    TextPair{Token::Accent, Token::Panel},
    TextPair{Token::Accent, Token::Raised},
    TextPair{Token::AccentText, Token::Accent},
    TextPair{Token::SelectionText, Token::Selection},
    TextPair{Token::Good, Token::Selection},
    TextPair{Token::Warn, Token::Selection},
    TextPair{Token::Bad, Token::Selection},
    TextPair{Token::Info, Token::Selection},
    TextPair{Token::Good, Token::Window},
    TextPair{Token::Good, Token::Panel},
    TextPair{Token::Good, Token::Raised},
    TextPair{Token::Good, Token::GoodFill},
    TextPair{Token::Warn, Token::Window},
    TextPair{Token::Warn, Token::Panel},
    TextPair{Token::Warn, Token::Raised},
    TextPair{Token::Warn, Token::WarnFill},
    TextPair{Token::Bad, Token::Window},
    TextPair{Token::Bad, Token::Panel},
    TextPair{Token::Bad, Token::Raised},
    TextPair{Token::Bad, Token::BadFill},
    TextPair{Token::Info, Token::Window},
    TextPair{Token::Info, Token::Panel},
    TextPair{Token::Info, Token::Raised},
    TextPair{Token::Info, Token::InfoFill},
    TextPair{Token::Text, Token::GoodFill},
    TextPair{Token::Text, Token::WarnFill},
    TextPair{Token::Text, Token::BadFill},
    TextPair{Token::Text, Token::InfoFill},
    TextPair{Token::BandText, Token::PracticeBand},
    TextPair{Token::BandText, Token::TestBand},
    TextPair{Token::BandText, Token::ProductionBand},
};

double linear(int channel)
{
    const double value = channel / 255.0;
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(const QColor &color)
{
    return 0.2126 * linear(color.red()) + 0.7152 * linear(color.green()) + 0.0722 * linear(color.blue());
}

}

QColor tokenColor(Token token, Scheme scheme)
{
    const Row &row = rows[static_cast<std::size_t>(token)];
    return QColor::fromRgba(scheme == Scheme::Dark ? row.dark : row.light);
}

Scheme schemeOf(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightness() < 128 ? Scheme::Dark : Scheme::Light;
}

QColor tokenColor(Token token, const QPalette &palette)
{
    return tokenColor(token, schemeOf(palette));
}

Token toneToken(Tone tone)
{
    switch (tone) {
    case Tone::Good:
        return Token::Good;
    case Tone::Warn:
        return Token::Warn;
    case Tone::Bad:
        return Token::Bad;
    case Tone::Info:
        return Token::Info;
    case Tone::Neutral:
        break;
    }
    return Token::Muted;
}

Token toneFill(Tone tone)
{
    switch (tone) {
    case Tone::Good:
        return Token::GoodFill;
    case Tone::Warn:
        return Token::WarnFill;
    case Tone::Bad:
        return Token::BadFill;
    case Tone::Info:
        return Token::InfoFill;
    case Tone::Neutral:
        break;
    }
    return Token::Raised;
}

Token seriesToken(int index)
{
    constexpr int count = static_cast<int>(Token::Count) - static_cast<int>(Token::Series1);
    return static_cast<Token>(static_cast<int>(Token::Series1) + index % count);
}

std::span<const TextPair> textPairs()
{
    return pairs;
}

double contrastRatio(const QColor &first, const QColor &second)
{
    const auto [darker, lighter] = std::minmax({luminance(first), luminance(second)});
    return (lighter + 0.05) / (darker + 0.05);
}

QPalette paletteFor(Scheme scheme)
{
    const auto color = [scheme](Token token) { return tokenColor(token, scheme); };
    QPalette palette;
    palette.setColor(QPalette::Window, color(Token::Window));
    palette.setColor(QPalette::WindowText, color(Token::Text));
    palette.setColor(QPalette::Base, color(Token::Panel));
    palette.setColor(QPalette::AlternateBase, color(Token::Raised));
    palette.setColor(QPalette::Text, color(Token::Text));
    palette.setColor(QPalette::PlaceholderText, color(Token::Muted));
    palette.setColor(QPalette::Button, color(Token::Raised));
    palette.setColor(QPalette::ButtonText, color(Token::Text));
    palette.setColor(QPalette::BrightText, color(Token::Bad));
    palette.setColor(QPalette::Highlight, color(Token::Selection));
    palette.setColor(QPalette::HighlightedText, color(Token::SelectionText));
    palette.setColor(QPalette::Link, color(Token::Accent));
    palette.setColor(QPalette::LinkVisited, color(Token::Accent));
    palette.setColor(QPalette::ToolTipBase, color(Token::Raised));
    palette.setColor(QPalette::ToolTipText, color(Token::Text));
    palette.setColor(QPalette::Light, color(Token::Raised));
    palette.setColor(QPalette::Midlight, color(Token::Border));
    palette.setColor(QPalette::Mid, color(Token::BorderStrong));
    palette.setColor(QPalette::Dark, color(Token::BorderStrong));
    palette.setColor(QPalette::Shadow, color(Token::BorderStrong));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, role, color(Token::Muted));
    palette.setColor(QPalette::Disabled, QPalette::Highlight, color(Token::Border));
    return palette;
}

}
