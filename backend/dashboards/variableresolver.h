#pragma once

#include "backend/dashboards/coverage.h"
#include "backend/dashboards/variables.h"
#include "backend/metrics/prometheusclient.h"

#include <QCoroTask>
#include <QHash>

#include <stop_token>

namespace countersign {

/// A variable with what can be chosen for it.
struct ResolvedVariable {
    QList<VariableOption> options;
    VariableValue value;
    QString source; ///< "file", "prometheus", …, as in VariableCoverage
    QString error; ///< why the data source did not answer; the value is the file's then
};

using ResolvedVariables = QHash<QString, ResolvedVariable>;

/// The dashboard with other values in force: what a person chose, by variable. "$__all" stands for all.
Dashboard withChosen(Dashboard dashboard, const QHash<QString, QStringList> &chosen);

/// Asks for the options of every query variable, each after those that it names, within the range of `scope`; the others
/// come from the file. `client` outlives the task.
QCoro::Task<ResolvedVariables> resolveVariables(
    PrometheusClient &client, Dashboard dashboard, InterpolationScope scope, std::stop_token stop = {});

VariableValues valuesOf(const ResolvedVariables &resolved);

/// Resolves the variables, and asks every PromQL query of the dashboard once. `client` outlives the task.
QCoro::Task<Coverage> evaluateDashboard(
    PrometheusClient &client, Dashboard dashboard, CoverageInput input, std::stop_token stop = {});

} // namespace countersign
