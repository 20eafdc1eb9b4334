#include "backend/dashboards/coverage.h"

#include "backend/dashboards/panelsupport.h"
#include "backend/dashboards/variables.h"
#include "backend/types/strings.h"

#include <QJsonArray>
#include <QMap>

#include <algorithm>

namespace countersign {

namespace {

constexpr int gridWidth = 24;

QString languageOf(const DatasourceRef &datasource, const QHash<QString, QString> &types)
{
    const QString type = types.value(datasource.uid, datasource.type);
    const bool isLoki = type == u"loki"_s || (type.isEmpty() && datasource.uid.contains(u"loki"_s, Qt::CaseInsensitive));
    return isLoki ? u"logql"_s : u"promql"_s;
}

QString formatName(PanelTarget::Format format)
{
    switch (format) {
    case PanelTarget::Format::Table:
        return u"table"_s;
    case PanelTarget::Format::Heatmap:
        return u"heatmap"_s;
    case PanelTarget::Format::Logs:
        return u"logs"_s;
    case PanelTarget::Format::TimeSeries:
        break;
    }
    return u"time_series"_s;
}

/// Digits are no names: "$1" stands for a group where an expression replaces.
QStringList namesOnly(QStringList names)
{
    names.removeIf([](const QString &name) { return name.at(0).isDigit(); });
    return names;
}

class Reporter final {
public:
    Reporter(const Dashboard &dashboard, const CoverageInput &input)
        : m_dashboard(dashboard)
        , m_input(input)
        , m_types(datasourceTypes(dashboard))
    {
    }

    Coverage report()
    {
        Coverage coverage;
        coverage.uid = m_dashboard.uid;
        coverage.title = m_dashboard.title;
        coverage.schemaVersion = m_dashboard.schemaVersion;
        coverage.from = m_dashboard.from;
        coverage.to = m_dashboard.to;
        coverage.notes = m_dashboard.notes;
        for (const Panel &panel : m_dashboard.panels) {
            if (panel.type != u"row"_s)
                coverage.panels.append(coverageOf(panel, QString()));
            for (const Panel &inner : panel.panels)
                coverage.panels.append(coverageOf(inner, panel.title));
        }
        for (const DashboardVariable &variable : m_dashboard.variables)
            coverage.variables.append(coverageOf(variable));
        for (const DashboardAnnotation &annotation : m_dashboard.annotations)
            coverage.annotations.append(annotation.name + u": "_s + whyNot(annotation));
        return coverage;
    }

private:
    PanelCoverage coverageOf(const Panel &panel, const QString &row) const
    {
        const PanelSupport support = supportOf(panel);
        PanelCoverage coverage{panel.id, panel.title, row, panel.type, panel.fileType, support.isSupported, support.reason,
            support.limits, panel.field.unit, panel.repeat, {}};
        for (const PanelTarget &target : panel.targets)
            coverage.targets.append(coverageOf(panel, target));
        const auto isDead = [](const TargetCoverage &target) { return !target.reason.isEmpty() && !target.expression.trimmed().isEmpty(); };
        if (coverage.isSupported && asksServers(panel.type) && !coverage.targets.isEmpty()
            && std::ranges::all_of(coverage.targets, isDead)) {
            coverage.isSupported = false;
            coverage.reason = coverage.targets.constFirst().reason;
        }
        return coverage;
    }

    TargetCoverage coverageOf(const Panel &panel, const PanelTarget &target) const
    {
        const InterpolationScope scope
            = panelScope(panel, target, m_input.scope, m_input.width * panel.grid.width / gridWidth, m_input.scrapeInterval);
        const Interpolated expression = interpolate(target.expression, scope);
        const DatasourceRef datasource = datasourceOf(panel, target);
        TargetCoverage coverage{target.refId, target.expression, expression.text,
            interpolate(target.legendFormat, scope, DefaultFormat::Text).text, target.format, target.isRange, target.isInstant,
            target.isHidden, languageOf(datasource, m_types), scope.intervals.step, namesOnly(expression.unknown),
            whyNotAsked(datasource, m_types), std::nullopt, {}};
        if (coverage.reason.isEmpty() && target.expression.trimmed().isEmpty())
            coverage.reason = u"it has no expression"_s;
        return coverage;
    }

    VariableCoverage coverageOf(const DashboardVariable &variable) const
    {
        using Kind = DashboardVariable::Kind;
        VariableCoverage coverage;
        coverage.name = variable.name;
        coverage.kind = variable.fileKind;
        coverage.query = interpolate(variable.query, m_input.scope).text;
        coverage.values = m_input.scope.variables.value(variable.name).values;
        coverage.source = m_input.sources.value(variable.name, assumedValue(variable).source);
        if (variable.kind == Kind::Unknown || variable.kind == Kind::GroupBy || variable.kind == Kind::AdHoc) {
            coverage.isSupported = variable.kind == Kind::AdHoc;
            coverage.source.clear();
            coverage.values.clear();
            coverage.reason = variable.kind == Kind::AdHoc ? u"its filters are not added to the queries"_s
                                                           : u"variables of type “%1” are not known"_s.arg(variable.fileKind);
        } else if (variable.kind == Kind::Query) {
            coverage.reason = whyNotAsked(variable.datasource, m_types);
            coverage.isSupported = coverage.reason.isEmpty();
        }
        return coverage;
    }

    QString whyNot(const DashboardAnnotation &annotation) const
    {
        if (annotation.isBuiltIn)
            return u"the console's own events stand in its place"_s;
        const QString reason = whyNotAsked(annotation.datasource, m_types);
        return !reason.isEmpty() ? reason : annotation.expression.isEmpty() ? u"it has no expression"_s : u"supported"_s;
    }

    const Dashboard &m_dashboard;
    const CoverageInput &m_input;
    QHash<QString, QString> m_types;
};

QJsonObject jsonOf(const TargetCoverage &target)
{
    QJsonObject json{{u"refId"_s, target.refId}, {u"expression"_s, target.expression}, {u"substituted"_s, target.substituted},
        {u"legend"_s, target.legend}, {u"format"_s, formatName(target.format)}, {u"range"_s, target.isRange},
        {u"instant"_s, target.isInstant}, {u"hidden"_s, target.isHidden}, {u"language"_s, target.language},
        {u"step"_s, intervalText(target.step)}, {u"supported"_s, target.reason.isEmpty()}};
    if (!target.reason.isEmpty())
        json.insert(u"reason"_s, target.reason);
    if (!target.unknownVariables.isEmpty())
        json.insert(u"unknownVariables"_s, QJsonArray::fromStringList(target.unknownVariables));
    if (target.series)
        json.insert(u"series"_s, *target.series);
    if (!target.error.isEmpty())
        json.insert(u"error"_s, target.error);
    return json;
}

QJsonObject jsonOf(const PanelCoverage &panel)
{
    QJsonArray targets;
    for (const TargetCoverage &target : panel.targets)
        targets.append(jsonOf(target));
    QJsonObject json{{u"id"_s, panel.id}, {u"title"_s, panel.title}, {u"type"_s, panel.fileType}, {u"drawnAs"_s, panel.type},
        {u"supported"_s, panel.isSupported}, {u"targets"_s, targets}};
    if (!panel.reason.isEmpty())
        json.insert(u"reason"_s, panel.reason);
    if (!panel.row.isEmpty())
        json.insert(u"row"_s, panel.row);
    if (!panel.unit.isEmpty())
        json.insert(u"unit"_s, panel.unit);
    if (!panel.repeat.isEmpty())
        json.insert(u"repeat"_s, panel.repeat);
    if (!panel.limits.isEmpty())
        json.insert(u"limits"_s, QJsonArray::fromStringList(panel.limits));
    return json;
}

QJsonObject jsonOf(const VariableCoverage &variable)
{
    QJsonObject json{{u"name"_s, variable.name}, {u"type"_s, variable.kind}, {u"supported"_s, variable.isSupported},
        {u"query"_s, variable.query}, {u"values"_s, QJsonArray::fromStringList(variable.values)}};
    if (!variable.source.isEmpty())
        json.insert(u"source"_s, variable.source);
    if (!variable.reason.isEmpty())
        json.insert(u"reason"_s, variable.reason);
    if (!variable.error.isEmpty())
        json.insert(u"error"_s, variable.error);
    return json;
}

} // namespace

qsizetype Coverage::supported() const
{
    return std::ranges::count(panels, true, &PanelCoverage::isSupported);
}

QJsonObject Coverage::toJson() const
{
    QMap<QString, std::pair<int, int>> types; // all, supported
    qsizetype queries = 0;
    qsizetype failed = 0;
    QJsonArray panelList;
    for (const PanelCoverage &panel : panels) {
        auto &count = types[panel.fileType];
        ++count.first;
        count.second += panel.isSupported ? 1 : 0;
        queries += panel.targets.size();
        failed += std::ranges::count_if(panel.targets, [](const TargetCoverage &target) { return !target.error.isEmpty(); });
        panelList.append(jsonOf(panel));
    }
    QJsonArray typeList;
    for (auto it = types.constBegin(); it != types.constEnd(); ++it)
        typeList.append(QJsonObject{{u"type"_s, it.key()}, {u"panels"_s, it->first}, {u"supported"_s, it->second}});
    QJsonArray variableList;
    for (const VariableCoverage &variable : variables)
        variableList.append(jsonOf(variable));
    return {{u"uid"_s, uid}, {u"title"_s, title}, {u"schemaVersion"_s, schemaVersion}, {u"from"_s, from}, {u"to"_s, to},
        {u"summary"_s, QJsonObject{{u"panels"_s, panels.size()}, {u"supported"_s, supported()}, {u"queries"_s, queries}, {u"errors"_s, failed}}},
        {u"types"_s, typeList}, {u"panels"_s, panelList}, {u"variables"_s, variableList},
        {u"annotations"_s, QJsonArray::fromStringList(annotations)}, {u"notes"_s, QJsonArray::fromStringList(notes)}};
}

InterpolationScope panelScope(const Panel &panel, const PanelTarget &target, const InterpolationScope &dashboard, int width,
    std::chrono::milliseconds scrapeInterval)
{
    InterpolationScope scope = dashboard;
    IntervalInput input;
    input.range = std::chrono::duration_cast<std::chrono::milliseconds>(dashboard.to - dashboard.from);
    if (const auto own = parseInterval(panel.timeFrom)) {
        input.range = *own;
        scope.from = scope.to - *own;
    }
    input.maxDataPoints = panel.maxDataPoints.value_or(std::max(width, 1));
    input.scrapeInterval = scrapeInterval;
    input.intervalFactor = target.intervalFactor;
    // A min step may be a variable, also one of an interval.
    const QString step = interpolate(target.interval.isEmpty() ? panel.interval : target.interval, dashboard).text;
    input.minStep = parseInterval(step);
    scope.intervals = intervalsOf(input);
    return scope;
}

Coverage coverageOf(const Dashboard &dashboard, const CoverageInput &input)
{
    return Reporter(dashboard, input).report();
}

} // namespace countersign
