#include "backend/dashboards/variableresolver.h"

#include "backend/dashboards/panelsupport.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

using Kind = DashboardVariable::Kind;

/// As Prometheus writes a series: name{label="value"}.
QString seriesText(const PrometheusLabels &labels)
{
    QStringList parts;
    for (auto it = labels.constBegin(); it != labels.constEnd(); ++it) {
        if (it.key() != u"__name__"_s)
            parts.append(u"%1=\"%2\""_s.arg(it.key(), it.value()));
    }
    return labels.value(u"__name__"_s) + u'{' + parts.join(u',') + u'}';
}

PrometheusSelection selectionOf(const QString &selector, const InterpolationScope &scope)
{
    PrometheusSelection selection;
    if (!selector.isEmpty())
        selection.matchers = {selector};
    selection.start = scope.from;
    selection.end = scope.to;
    return selection;
}

// "{labels} value time" a series, as Grafana has it.
QStringList resultTexts(const PrometheusResult &result)
{
    QStringList texts;
    for (const PrometheusSeries &series : result.series) {
        if (series.samples.isEmpty())
            continue;
        const PrometheusSample &sample = series.samples.constLast();
        texts.append(u"%1 %2 %3"_s.arg(seriesText(series.labels), QString::number(sample.value, 'g', 15),
            QString::number(sample.time.millis())));
    }
    return texts;
}

template <class T> Result<QStringList> orError(const Result<T> &result, QStringList (*texts)(const T &))
{
    if (!result)
        return std::unexpected(result.error());
    return texts(*result);
}

QCoro::Task<Result<QStringList>> askFor(
    PrometheusClient &client, VariableQuery query, InterpolationScope scope, std::stop_token stop)
{
    using QueryKind = VariableQuery::Kind;
    const PrometheusSelection selection = selectionOf(query.selector, scope);
    switch (query.kind) {
    case QueryKind::LabelNames:
        co_return co_await client.labelNames(selection, stop);
    case QueryKind::LabelValues:
        co_return co_await client.labelValues(query.label, selection, stop);
    case QueryKind::Metrics: {
        PrometheusSelection all = selection;
        all.matchers.clear();
        const auto names = co_await client.labelValues(u"__name__"_s, all, stop);
        const QRegularExpression pattern(query.selector);
        if (!names)
            co_return std::unexpected(names.error());
        if (!pattern.isValid())
            co_return fail(ErrorKind::Invalid, u"\"%1\" is no regular expression"_s.arg(query.selector));
        co_return names->filter(pattern);
    }
    case QueryKind::Result: {
        const auto result = co_await client.query(query.selector, scope.to, stop);
        co_return orError(result, resultTexts);
    }
    case QueryKind::Series:
        break;
    }
    if (query.selector.isEmpty())
        co_return fail(ErrorKind::Invalid, u"The variable asks nothing"_s);
    const auto series = co_await client.series(selection, stop);
    if (!series)
        co_return std::unexpected(series.error());
    QStringList texts;
    for (const PrometheusLabels &labels : *series)
        texts.append(seriesText(labels));
    texts.sort();
    co_return texts;
}

QList<VariableOption> ownOptions(const DashboardVariable &variable)
{
    QList<VariableOption> options = variable.options;
    if (variable.kind == Kind::Interval && variable.isAuto)
        options.prepend({u"auto"_s, u"$__auto_interval_"_s + variable.name});
    return options;
}

} // namespace

Dashboard withChosen(Dashboard dashboard, const QHash<QString, QStringList> &chosen)
{
    for (DashboardVariable &variable : dashboard.variables) {
        const auto values = chosen.constFind(variable.name);
        if (values == chosen.cend())
            continue;
        variable.current = *values;
        variable.currentText = *values;
    }
    return dashboard;
}

VariableValues valuesOf(const ResolvedVariables &resolved)
{
    VariableValues values;
    for (auto it = resolved.cbegin(); it != resolved.cend(); ++it)
        values.insert(it.key(), it->value);
    return values;
}

QCoro::Task<ResolvedVariables> resolveVariables(
    PrometheusClient &client, Dashboard dashboard, InterpolationScope scope, std::stop_token stop)
{
    ResolvedVariables resolved;
    const QHash<QString, QString> types = datasourceTypes(dashboard);
    scope.variables = assumedValues(dashboard, scope.intervals.range);
    const QList<qsizetype> order = variableOrder(dashboard.variables);
    for (const qsizetype index : order) {
        const DashboardVariable &variable = std::as_const(dashboard.variables).at(index);
        if (variable.name.isEmpty() || variable.kind == Kind::AdHoc || variable.kind == Kind::GroupBy)
            continue;
        ResolvedVariable one{ownOptions(variable), scope.variables.value(variable.name), assumedValue(variable).source, {}};
        if (variable.kind == Kind::Query && whyNotAsked(variable.datasource, types).isEmpty()) {
            const VariableQuery query = parseVariableQuery(interpolate(variable.query, scope).text);
            const auto answered = co_await askFor(client, query, scope, stop);
            if (stop.stop_requested())
                co_return resolved;
            if (answered) {
                one.options = variableOptions(variable, *answered);
                one.value = chosenValue(variable, one.options);
                one.source = u"prometheus"_s;
            } else {
                one.error = answered.error().message;
            }
        }
        scope.variables.insert(variable.name, one.value);
        resolved.insert(variable.name, one);
    }
    co_return resolved;
}

QCoro::Task<Coverage> evaluateDashboard(
    PrometheusClient &client, Dashboard dashboard, CoverageInput input, std::stop_token stop)
{
    const InterpolationScope scope = input.scope;
    const ResolvedVariables resolved = co_await resolveVariables(client, dashboard, scope, stop);
    for (auto it = resolved.cbegin(); it != resolved.cend(); ++it) {
        input.scope.variables.insert(it.key(), it->value);
        if (!input.sources.contains(it.key()))
            input.sources.insert(it.key(), it->source);
    }
    Coverage coverage = coverageOf(dashboard, input);
    for (VariableCoverage &variable : coverage.variables)
        variable.error = resolved.value(variable.name).error;
    for (PanelCoverage &panel : coverage.panels) {
        for (TargetCoverage &target : panel.targets) {
            if (stop.stop_requested())
                co_return coverage;
            if (!target.reason.isEmpty() || target.language != u"promql"_s)
                continue;
            const QString expression = target.substituted;
            const auto answer = target.isRange
                ? co_await client.queryRange(expression, input.scope.from, input.scope.to, target.step, stop)
                : co_await client.query(expression, input.scope.to, stop);
            if (answer)
                target.series = answer->series.size();
            else
                target.error = answer.error().message;
        }
    }
    co_return coverage;
}

} // namespace countersign
