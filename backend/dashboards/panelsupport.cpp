#include "backend/dashboards/panelsupport.h"

#include "backend/dashboards/panelreader.h"
#include "backend/types/strings.h"

#include <QHash>
#include <QSet>

namespace countersign {

namespace {

const QSet<QString> &drawnTypes()
{
    static const QSet<QString> types{u"timeseries"_s, u"stat"_s, u"gauge"_s, u"bargauge"_s, u"table"_s, u"heatmap"_s,
        u"barchart"_s, u"piechart"_s, u"state-timeline"_s, u"status-history"_s, u"logs"_s, u"text"_s, u"row"_s,
        u"alertlist"_s, u"dashlist"_s};
    return types;
}

QString whyNotDrawn(const QString &type)
{
    static const QHash<QString, QString> reasons{
        {u"histogram"_s, u"a histogram of values is not drawn; a heatmap shows the same over time"_s},
        {u"geomap"_s, u"maps are not drawn"_s}, {u"nodeGraph"_s, u"graphs of nodes are not drawn"_s},
        {u"xychart"_s, u"scatter charts are not drawn"_s}, {u"candlestick"_s, u"candlesticks are not drawn"_s},
        {u"canvas"_s, u"canvases are not drawn"_s}, {u"news"_s, u"feeds from the internet are not fetched"_s},
        {u"annolist"_s, u"lists of annotations are not drawn"_s}, {u"flamegraph"_s, u"profiles are not drawn"_s},
        {u"traces"_s, u"traces are not drawn"_s}, {u"datagrid"_s, u"grids to edit are not drawn"_s}};
    const QString reason = reasons.value(type);
    if (!reason.isEmpty())
        return reason;
    return type.isEmpty() ? u"the panel does not say its type"_s : u"panels of type “%1” come from a plug-in"_s.arg(type);
}

const QSet<QString> &knownTransformations()
{
    static const QSet<QString> ids{u"organize"_s, u"merge"_s, u"sortBy"_s, u"groupBy"_s, u"joinByField"_s,
        u"seriesToColumns"_s, u"seriesToRows"_s, u"calculateField"_s, u"reduce"_s, u"renameByRegex"_s,
        u"filterFieldsByName"_s, u"filterByRefId"_s, u"timeSeriesTable"_s, u"labelsToFields"_s, u"limit"_s,
        u"filterByValue"_s};
    return ids;
}

} // namespace

bool asksServers(const QString &type)
{
    return type != u"text"_s && type != u"row"_s && type != u"alertlist"_s && type != u"dashlist"_s;
}

bool isKnownTransformation(const QString &id)
{
    return knownTransformations().contains(id);
}

bool isKnownMatcher(const QString &id)
{
    static const QSet<QString> ids{u"byName"_s, u"byRegexp"_s, u"byNames"_s, u"byFrameRefID"_s, u"byType"_s, u"byValue"_s};
    return ids.contains(id);
}

QHash<QString, QString> datasourceTypes(const Dashboard &dashboard)
{
    QHash<QString, QString> types;
    for (const QString &input : dashboard.inputs)
        types.insert(u"${"_s + input + u'}', input.contains(u"LOKI"_s, Qt::CaseInsensitive) ? u"loki"_s : u"prometheus"_s);
    for (const DashboardVariable &variable : dashboard.variables) {
        if (variable.kind != DashboardVariable::Kind::Datasource)
            continue;
        for (const QString &form : {u"$%1"_s, u"${%1}"_s, u"[[%1]]"_s})
            types.insert(form.arg(variable.name), variable.query);
    }
    return types;
}

QString whyNotAsked(const DatasourceRef &datasource, const QHash<QString, QString> &types)
{
    QString type = types.value(datasource.uid, datasource.type);
    if (type.isEmpty() && datasource.uid.contains(u"loki"_s, Qt::CaseInsensitive))
        type = u"loki"_s;
    if (datasource.uid == u"-- Dashboard --"_s)
        return u"it shows the answers of another panel"_s;
    if (datasource.uid == u"-- Grafana --"_s || datasource.uid == u"grafana"_s || type == u"grafana"_s || type == u"datasource"_s)
        return u"it asks Grafana itself"_s;
    if (type == u"__expr__"_s || datasource.uid == u"__expr__"_s)
        return u"it is an expression that Grafana computes on its server"_s;
    if (type.isEmpty() || type == u"prometheus"_s || type == u"loki"_s || type.endsWith(u"-amazonprometheus-datasource"_s)
        || type.endsWith(u"-azureprometheus-datasource"_s))
        return {};
    return u"its data source is of type “%1”; Prometheus and Loki can be asked"_s.arg(type);
}

DatasourceRef datasourceOf(const Panel &panel, const PanelTarget &target)
{
    const bool isMixed = panel.datasource.uid == u"-- Mixed --"_s;
    if (isMixed || !target.datasource.uid.isEmpty() || !target.datasource.type.isEmpty())
        return target.datasource;
    return panel.datasource;
}

PanelSupport supportOf(const Panel &panel)
{
    PanelSupport support;
    if (!drawnTypes().contains(panel.type)) {
        support.isSupported = false;
        support.reason = whyNotDrawn(panel.type);
        return support;
    }
    if (panel.json.contains("libraryPanel"_L1) && panel.targets.isEmpty() && asksServers(panel.type)) {
        support.isSupported = false;
        support.reason = u"it is a library panel whose content the file does not hold"_s;
        return support;
    }
    if (asksServers(panel.type) && panel.targets.isEmpty())
        support.limits.append(u"it asks nothing"_s);
    for (const Transformation &transformation : panel.transformations) {
        if (!transformation.isDisabled && !isKnownTransformation(transformation.id))
            support.limits.append(u"transformation “%1” is left out"_s.arg(transformation.id));
    }
    for (const FieldOverride &override : panel.overrides) {
        if (!isKnownMatcher(override.matcher))
            support.limits.append(u"overrides by “%1” are left out"_s.arg(override.matcher));
        for (const auto &property : override.properties) {
            FieldConfig field;
            if (!applyProperty(field, property.first, property.second))
                support.limits.append(u"override of “%1” is left out"_s.arg(property.first));
        }
    }
    support.limits.removeDuplicates();
    return support;
}

} // namespace countersign
