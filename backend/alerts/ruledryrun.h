#pragma once

#include "backend/alerts/rulefile.h"
#include "backend/metrics/prometheusclient.h"

#include <QCoroTask>

#include <chrono>
#include <stop_token>

namespace countersign {

/// A stretch of time in which an alert would have been pending or firing.
struct WouldFire {
    AlertLabels labels; ///< of the element, without its name; the rule's own labels over them
    Timestamp activeAt; ///< its expression held from here on
    Timestamp firedAt; ///< null: "for" did not pass
    Timestamp endedAt; ///< null: it lasts at the end
    double peak = 0; ///< the value farthest from zero
    bool fired() const { return !firedAt.isNull(); }
};

struct RuleDryRun {
    QVector<WouldFire> alerts; ///< by their beginning
    std::chrono::milliseconds step{0}; ///< at which the expression was evaluated
    bool isCoarse = false; ///< the step is longer than the rule's interval: short alerts may be missed
    QStringList warnings; ///< Prometheus'

    int fired() const;
    int onlyPending() const;
};

/// Holds the values of a rule's expression against "for" and "keep_firing_for" as Prometheus does at every evaluation (rules/alerting.go): present
/// at a step is active, whatever its value. `result` is a matrix on the step from `start` to `end`.
RuleDryRun dryRunOf(const RuleText &rule, const PrometheusResult &result, Timestamp start, Timestamp end, std::chrono::milliseconds step);

/// The same over history: asks Prometheus for the expression. A long history is evaluated at a longer step than `interval`.
QCoro::Task<Result<RuleDryRun>> dryRunOf(PrometheusClient &client, RuleText rule, Timestamp start, Timestamp end, std::chrono::milliseconds interval,
    std::stop_token stop = {});

} // namespace countersign
