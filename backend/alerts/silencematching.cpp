#include "backend/alerts/silencematching.h"

#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype mostMatchers = 64;
constexpr qsizetype longestExpression = 4096;

/// What PCRE knows and RE2 does not: look-around, atomic groups, back references, conditions, recursion, verbs, possessive repeats, \C, \K, ...
bool isBeyondRe2(const QString &expression)
{
    static const QRegularExpression beyond(u"\\(\\*|\\(\\?(?![imsUx-]*[:)]|P<|<[A-Za-z_])|[*+?}]\\+|\\\\[1-9gkGKRXZCNhHVe]"_s);
    QString plain = expression;
    plain.remove(QRegularExpression(u"\\\\\\\\"_s)); // an escaped backslash escapes nothing behind it
    return beyond.match(plain).hasMatch();
}

Result<QRegularExpression> compile(const SilenceMatcher &matcher)
{
    if (matcher.value.size() > longestExpression)
        return fail(ErrorKind::Invalid, u"The expression for “%1” is longer than %2 characters."_s.arg(matcher.name).arg(longestExpression));
    if (isBeyondRe2(matcher.value))
        return fail(ErrorKind::Invalid, u"The expression for “%1” uses what Alertmanager does not know: look-around, a back reference or the like."_s.arg(matcher.name));
    // First alone: a stray parenthesis must not close ours.
    QRegularExpression alone(matcher.value);
    if (!alone.isValid())
        return fail(ErrorKind::Invalid, u"The expression for “%1” is wrong at character %2: %3"_s.arg(matcher.name, QString::number(alone.patternErrorOffset() + 1), alone.errorString()));
    QRegularExpression whole(u"(*LIMIT_MATCH=100000)(*LIMIT_DEPTH=1000)(*LIMIT_HEAP=2048)^(?:"_s + matcher.value + u")\\z"_s, QRegularExpression::DontCaptureOption);
    if (!whole.isValid())
        return fail(ErrorKind::Invalid, u"The expression for “%1” is wrong: %2"_s.arg(matcher.name, whole.errorString()));
    return whole;
}

} // namespace

Result<SilenceMatching> SilenceMatching::make(const QVector<SilenceMatcher> &matchers)
{
    if (matchers.isEmpty())
        return fail(ErrorKind::Invalid, u"A silence needs at least one matcher."_s);
    if (matchers.size() > mostMatchers)
        return fail(ErrorKind::Invalid, u"A silence has at most %1 matchers."_s.arg(mostMatchers));
    SilenceMatching matching;
    for (const SilenceMatcher &matcher : matchers) {
        if (matcher.name.isEmpty())
            return fail(ErrorKind::Invalid, u"A matcher names no label."_s);
        Condition condition{matcher, {}};
        if (matcher.isRegex) {
            auto regex = compile(matcher);
            if (!regex)
                return std::unexpected(regex.error());
            condition.regex = std::move(*regex);
        }
        matching.m_conditions.append(condition);
    }
    const auto holdsForNothing = [](const Condition &condition) { return holds(condition, QString()); };
    if (std::ranges::all_of(std::as_const(matching.m_conditions), holdsForNothing))
        return fail(ErrorKind::Invalid, u"These matchers hold for alerts without any of their labels. At least one must ask for a value."_s);
    return matching;
}

bool SilenceMatching::holds(const Condition &condition, const QString &value)
{
    const bool is = condition.matcher.isRegex ? condition.regex.match(value).hasMatch() : value == condition.matcher.value;
    return is == condition.matcher.isEqual;
}

bool SilenceMatching::matches(const AlertLabels &labels) const
{
    return std::ranges::all_of(m_conditions, [&labels](const Condition &condition) { return holds(condition, labels.value(condition.matcher.name)); });
}

qsizetype SilenceMatching::count(const QVector<Alert> &alerts) const
{
    return std::ranges::count_if(alerts, [this](const Alert &alert) { return matches(alert.labels); });
}

QString matcherText(const SilenceMatcher &matcher)
{
    QString value = matcher.value;
    value.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s).replace(u'\n', u"\\n"_s);
    const QString sign = matcher.isEqual ? (matcher.isRegex ? u"=~"_s : u"="_s) : (matcher.isRegex ? u"!~"_s : u"!="_s);
    return matcher.name + sign + u'"' + value + u'"';
}

Result<SilenceMatcher> parseMatcher(const QString &text)
{
    static const QRegularExpression form(u"^\\s*([a-zA-Z_:][a-zA-Z0-9_:.]*)\\s*(=~|!~|!=|=)\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\"{},\\s]*))\\s*$"_s);
    const auto match = text.size() > longestExpression ? QRegularExpressionMatch() : form.match(text);
    if (!match.hasMatch())
        return fail(ErrorKind::Invalid, u"“%1” is no matcher. Write name=\"value\", or =~, !=, !~ for the sign."_s.arg(text.left(64)));
    SilenceMatcher matcher;
    matcher.name = match.captured(1);
    matcher.isRegex = match.captured(2).endsWith(u'~');
    matcher.isEqual = !match.captured(2).startsWith(u'!');
    const QString quoted = match.captured(3);
    for (qsizetype i = 0; i < quoted.size(); ++i) {
        if (quoted[i] == u'\\' && i + 1 < quoted.size())
            matcher.value += quoted[++i] == u'n' ? QChar(u'\n') : quoted[i];
        else
            matcher.value += quoted[i];
    }
    if (match.hasCaptured(4))
        matcher.value = match.captured(4);
    return matcher;
}

QVector<SilenceMatcher> exactMatchers(const AlertLabels &labels)
{
    QVector<SilenceMatcher> matchers;
    for (auto label = labels.cbegin(); label != labels.cend(); ++label)
        matchers.append({label.key(), label.value(), false, true});
    return matchers;
}

} // namespace countersign
