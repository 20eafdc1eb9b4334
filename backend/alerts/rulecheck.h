#pragma once

#include "backend/types/error.h"

#include <QByteArray>
#include <QFuture>
#include <QString>
#include <QVector>

#include <chrono>

namespace countersign {

/// A mistake that promtool found in a rule file.
struct RuleProblem {
    int line = 0; ///< from 1; 0: it names none
    int column = 0;
    QString text;
    bool operator==(const RuleProblem &) const = default;
};

struct RuleCheck {
    bool isGood = false;
    int rules = 0; ///< how many there are, when it is good
    QVector<RuleProblem> problems;
    QString output; ///< promtool's own words
};

/// Has Debian's promtool judge the text of a rule file. NotFound when it is not installed, Timeout, Unavailable when it does not run. Main thread.
QFuture<Result<RuleCheck>> checkRuleFile(const QByteArray &yaml, const QString &program = QStringLiteral("promtool"),
    std::chrono::milliseconds deadline = std::chrono::seconds(20));

/// What promtool said of the file at `path`, which is left out of the texts.
RuleCheck parseRuleCheck(const QString &output, const QString &path, bool isGood);

} // namespace countersign
