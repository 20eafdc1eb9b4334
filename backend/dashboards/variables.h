#pragma once

#include "backend/dashboards/dashboard.h"
#include "backend/dashboards/interpolation.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace countersign {

/// What a query variable asks its data source (Prometheus' functions in Grafana).
struct VariableQuery {
    enum class Kind {
        LabelNames, ///< label_names(), label_names(selector)
        LabelValues, ///< label_values(label), label_values(selector, label)
        Metrics, ///< metrics(regex): names of metrics
        Result, ///< query_result(expression): "{labels} value time" a series
        Series, ///< a selector alone: its series
    };
    Kind kind = Kind::Series;
    QString label;
    QString selector; ///< of series; the expression of Result, the pattern of Metrics; may be empty
    friend bool operator==(const VariableQuery &, const VariableQuery &) = default;
};

/// Reads a query after its variables have been put in.
VariableQuery parseVariableQuery(const QString &query);

/// Positions of the variables in an order in which each comes behind those that it names; what is left in a circle comes
/// last, in the order of the file.
QList<qsizetype> variableOrder(const QList<DashboardVariable> &variables);

/// What the data source answered, as options: filtered and cut by the variable's regex (groups "text" and "value", else
/// the first group), each value once, sorted as the variable says. A regex that is none filters nothing.
QList<VariableOption> variableOptions(const DashboardVariable &variable, const QStringList &answered);

/// The value that is in force for these options: the current one where it still exists, else what a fresh dashboard takes.
VariableValue chosenValue(const DashboardVariable &variable, const QList<VariableOption> &options);

/// A value without asking anybody, and where it comes from.
struct AssumedValue {
    VariableValue value;
    QString source; ///< "file", "options", "default", "assumed" (nobody knows: matches everything)
};

AssumedValue assumedValue(const DashboardVariable &variable);

/// The value of an interval variable for a range: "auto" becomes a number of steps.
VariableValue intervalValue(const DashboardVariable &variable, const QString &chosen, std::chrono::milliseconds range);

/// Values of all variables that need no server: the file's. Those of query variables are assumed.
VariableValues assumedValues(const Dashboard &dashboard, std::chrono::milliseconds range);

} // namespace countersign
