#pragma once

#include "backend/alerts/alert.h"
#include "backend/types/error.h"

#include <QByteArray>
#include <QString>
#include <QVector>

#include <chrono>

namespace countersign {

/// A rule as it stands in a rule file of Prometheus.
struct RuleText {
    QString name; ///< of the alert, or of the recorded series
    bool isAlert = true;
    QString expression;
    std::chrono::milliseconds holdFor{0}; ///< "for"
    std::chrono::milliseconds keepFiringFor{0};
    AlertLabels labels; ///< templates, unexpanded
    AlertLabels annotations;
    int line = 0; ///< where the rule begins, from 1
    int expressionLine = 0; ///< where its expression begins
    int expressionColumn = 0;
};

struct RuleGroupText {
    QString name;
    std::chrono::milliseconds interval{0}; ///< 0: the server's
    QVector<RuleText> rules;
};

/// Reads a rule file for showing it and trying it out; what is not read here, promtool judges. Invalid with line and column, Exhausted beyond a
/// megabyte.
Result<QVector<RuleGroupText>> parseRuleFile(const QByteArray &yaml);

/// "1h30m", "5m", "15s", "1d", "0": Prometheus' durations (y, w, d, h, m, s, ms in this order). Invalid otherwise.
Result<std::chrono::milliseconds> parsePrometheusDuration(const QString &text);

} // namespace countersign
