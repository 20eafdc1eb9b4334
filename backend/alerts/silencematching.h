#pragma once

#include "backend/alerts/alert.h"
#include "backend/types/error.h"

#include <QRegularExpression>
#include <QVector>

namespace countersign {

/// The matchers of a silence, ready to be held against alerts. Regular expressions are those of Alertmanager (RE2, the whole value): what RE2 does
/// not know is refused here too, and none can take long.
class SilenceMatching final {
public:
    /// Invalid with the matcher and what is wrong: no matcher, an empty name, a bad expression, or matchers that hold for every alert.
    static Result<SilenceMatching> make(const QVector<SilenceMatcher> &matchers);

    bool matches(const AlertLabels &labels) const;
    /// How many of these alerts it silences.
    qsizetype count(const QVector<Alert> &alerts) const;

private:
    struct Condition {
        SilenceMatcher matcher;
        QRegularExpression regex;
    };
    static bool holds(const Condition &condition, const QString &value);

    QVector<Condition> m_conditions;
};

/// A matcher as people write it: name="value", name!="value", name=~"regex", name!~"regex".
QString matcherText(const SilenceMatcher &matcher);
/// Reads that, with or without the quotes. Invalid otherwise.
Result<SilenceMatcher> parseMatcher(const QString &text);

/// The matchers that fit this alert and no alert with other labels.
QVector<SilenceMatcher> exactMatchers(const AlertLabels &labels);

} // namespace countersign
