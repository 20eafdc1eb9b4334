#pragma once

#include "backend/metrics/prometheusreply.h"

#include <QString>
#include <QVector>

namespace countersign {

/// An alert as Prometheus sees it, before any Alertmanager.
struct PrometheusAlert {
    PrometheusLabels labels; ///< "alertname" is the rule's name
    PrometheusLabels annotations; ///< expanded
    bool firing = false; ///< false: pending, its "for" has not passed
    Timestamp activeAt; ///< since when its expression holds
    Timestamp keepFiringSince; ///< null: its expression holds
    double value = 0; ///< may be NaN
};

struct PrometheusRule {
    enum class Kind { Alerting, Recording };
    enum class State { Inactive, Pending, Firing };
    Kind kind = Kind::Alerting;
    QString name;
    QString expression;
    PrometheusLabels labels;
    QString health; ///< ok, err, unknown
    QString lastError;
    double evaluationSeconds = 0;
    Timestamp lastEvaluation; ///< null: never
    // of alerting rules
    State state = State::Inactive;
    double forSeconds = 0;
    double keepFiringSeconds = 0;
    PrometheusLabels annotations; ///< templates, unexpanded
    QVector<PrometheusAlert> alerts;
};

struct PrometheusRuleGroup {
    QString name;
    QString file;
    double intervalSeconds = 0;
    double evaluationSeconds = 0;
    Timestamp lastEvaluation;
    QVector<PrometheusRule> rules;
};

/// Errors as parsePrometheusEnvelope; Corrupt when the data is not of its shape, Exhausted beyond the limits.
Result<QVector<PrometheusRuleGroup>> parsePrometheusRules(int httpStatus, const QByteArray &body, const PrometheusLimits &limits = {});
Result<QVector<PrometheusAlert>> parsePrometheusAlerts(int httpStatus, const QByteArray &body, const PrometheusLimits &limits = {});

} // namespace countersign
