#include "ui/pages/dashboards/dashboardcolors.h"

#include "backend/types/strings.h"
#include "ui/theme/tokens.h"

#include <QHash>
#include <QPalette>
#include <QRegularExpression>

namespace countersign {

namespace {

constexpr int shade = 118; ///< percent, a step

std::optional<QColor> named(QString name, const QPalette &palette)
{
    static const QHash<QString, Token> hues{{u"green"_s, Token::Good}, {u"red"_s, Token::Bad}, {u"yellow"_s, Token::Series7},
        {u"orange"_s, Token::Warn}, {u"blue"_s, Token::Series1}, {u"purple"_s, Token::Series4}, {u"text"_s, Token::Text},
        {u"gray"_s, Token::Muted}, {u"grey"_s, Token::Muted}, {u"white"_s, Token::Text}, {u"black"_s, Token::Text}};
    static const QHash<QString, int> steps{
        {u"super-light"_s, 2}, {u"light"_s, 1}, {u"semi-dark"_s, -1}, {u"dark"_s, -2}, {QString(), 0}};
    const qsizetype dash = name.lastIndexOf(u'-');
    const QString step = dash < 0 ? QString() : name.first(dash);
    name = name.sliced(dash + 1);
    if (!hues.contains(name) || !steps.contains(step))
        return std::nullopt;
    QColor color = tokenColor(hues.value(name), palette);
    for (int i = steps.value(step); i > 0; --i)
        color = color.lighter(shade);
    for (int i = steps.value(step); i < 0; ++i)
        color = color.darker(shade);
    return color;
}

std::optional<QColor> byFunction(const QString &text)
{
    static const QRegularExpression pattern(uR"(^rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,\s*([\d.]+)\s*)?\)$)"_s);
    const QRegularExpressionMatch match = pattern.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    QColor color(match.captured(1).toInt(), match.captured(2).toInt(), match.captured(3).toInt());
    if (match.capturedLength(4) > 0)
        color.setAlphaF(std::clamp(match.captured(4).toFloat(), 0.0F, 1.0F));
    return color.isValid() ? std::optional(color) : std::nullopt;
}

} // namespace

std::optional<QColor> dashboardColor(const QString &text, const QPalette &palette)
{
    const QString name = text.trimmed().toLower();
    if (name.isEmpty() || name == u"transparent"_s)
        return std::nullopt;
    if (name.startsWith(u'#')) {
        const QColor color(name.size() == 9 ? u'#' + name.last(2) + name.sliced(1, 6) : name);
        return color.isValid() ? std::optional(color) : std::nullopt;
    }
    if (const auto color = byFunction(name))
        return color;
    return named(name, palette);
}

} // namespace countersign
