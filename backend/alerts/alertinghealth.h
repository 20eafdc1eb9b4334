#pragma once

#include "backend/alerts/alertmerge.h"
#include "backend/metrics/prometheusrules.h"

#include <QString>
#include <QVector>

#include <chrono>
#include <optional>

namespace countersign {

/// Something that keeps alerts from arriving, or may.
struct AlertingProblem {
    enum class Kind {
        NoManagerAnswers, ///< or none is named
        ManagerDown, ///< one of several
        PrometheusDown,
        NoManagerKnown, ///< Prometheus sends its alerts to nobody
        WatchdogMissing, ///< the alert that always fires does not arrive
        NoWatchdogRule, ///< nothing would tell if alerts did not arrive
        RuleFails, ///< a rule cannot be evaluated
    };
    Kind kind = Kind::NoManagerAnswers;
    QString text; ///< what is so and what to do
    Timestamp since;

    /// Alerts may be missing now: the screen's silence means nothing.
    bool isSilence() const
    {
        return kind == Kind::NoManagerAnswers || kind == Kind::PrometheusDown || kind == Kind::NoManagerKnown || kind == Kind::WatchdogMissing;
    }
    bool operator==(const AlertingProblem &) const = default;
};

/// What is known of a Prometheus as the origin of alerts.
struct PrometheusFacts {
    bool answers = false;
    QString error; ///< why it does not
    QVector<PrometheusRuleGroup> groups;
    int managers = 0; ///< to which it sends
    Timestamp lastGood; ///< null: never
};

struct HealthQuestion {
    QVector<ManagerView> managers;
    MergedView merged;
    std::optional<PrometheusFacts> prometheus; ///< absent: none is asked
    QString watchdog; ///< the alert that always fires
    bool watchdogWasSeen = false;
};

/// What is wrong with alerting at this moment, the worst first; `since` is left open.
QVector<AlertingProblem> alertingProblems(const HealthQuestion &question);

} // namespace countersign
