#include "backend/dashboards/legacypanels.h"

#include "backend/dashboards/jsonvalues.h"
#include "backend/types/strings.h"

#include <QHash>

#include <algorithm>

namespace countersign {

namespace {

constexpr int gridWidth = 24;
constexpr double gridStep = 38; ///< pixels of a row of the grid with its gap
constexpr double defaultRowHeight = 250;

/// Puts a value at a place of nested objects, "a.b.c".
void put(QJsonObject &object, const QString &path, const QJsonValue &value)
{
    const qsizetype dot = path.indexOf(u'.');
    if (dot < 0) {
        object.insert(path, value);
        return;
    }
    QJsonObject inner = object.value(path.first(dot)).toObject();
    put(inner, path.sliced(dot + 1), value);
    object.insert(path.first(dot), inner);
}

QString calculation(const QString &old)
{
    static const QHash<QString, QString> names{{u"avg"_s, u"mean"_s}, {u"current"_s, u"lastNotNull"_s},
        {u"total"_s, u"sum"_s}, {u"min"_s, u"min"_s}, {u"max"_s, u"max"_s}, {u"first"_s, u"firstNotNull"_s},
        {u"delta"_s, u"delta"_s}, {u"diff"_s, u"diff"_s}, {u"range"_s, u"range"_s}, {u"name"_s, u"lastNotNull"_s}};
    return names.value(old, u"lastNotNull"_s);
}

QJsonObject override(const QString &matcher, const QJsonValue &options, const QJsonArray &properties)
{
    return {{u"matcher"_s, QJsonObject{{u"id"_s, matcher}, {u"options"_s, options}}}, {u"properties"_s, properties}};
}

QJsonObject property(const QString &id, const QJsonValue &value)
{
    return {{u"id"_s, id}, {u"value"_s, value}};
}

QJsonObject fixedColor(const QString &color)
{
    return {{u"mode"_s, u"fixed"_s}, {u"fixedColor"_s, color}};
}

/// A graph of Grafana before 8, as a time series.
class Graph final {
public:
    explicit Graph(const QJsonObject &panel) : m_old(panel), m_new(panel) {}

    QJsonObject convert()
    {
        const QString mode = m_old.value("xaxis"_L1).toObject().value("mode"_L1).toString();
        m_new.insert(u"type"_s, mode == u"histogram"_s ? u"histogram"_s : mode == u"series"_s ? u"barchart"_s : u"timeseries"_s);
        axis();
        drawing();
        legend();
        const QJsonObject tooltip = m_old.value("tooltip"_L1).toObject();
        put(m_new, u"options.tooltip.mode"_s, tooltip.value("shared"_L1).toBool(true) ? u"multi"_s : u"single"_s);
        overrides();
        thresholds();
        return m_new;
    }

private:
    void field(const QString &path, const QJsonValue &value) { put(m_new, u"fieldConfig.defaults."_s + path, value); }

    void axis()
    {
        const QJsonArray axes = m_old.value("yaxes"_L1).toArray();
        const QJsonObject left = axes.at(0).toObject();
        if (const QString format = left.value("format"_L1).toString(); !format.isEmpty())
            field(u"unit"_s, format);
        if (const QString label = left.value("label"_L1).toString(); !label.isEmpty())
            field(u"custom.axisLabel"_s, label);
        for (const QString &bound : {u"min"_s, u"max"_s}) {
            if (const auto number = numberOf(left.value(bound)))
                field(bound, *number);
        }
        if (const int base = wholeOf(left.value("logBase"_L1), 1, 1, 1024); base > 1)
            field(u"custom.scaleDistribution"_s, QJsonObject{{u"type"_s, u"log"_s}, {u"log"_s, base}});
        if (axes.at(0).isObject() && !left.value("show"_L1).toBool(true))
            field(u"custom.axisPlacement"_s, u"hidden"_s);
    }

    void drawing()
    {
        const bool bars = m_old.value("bars"_L1).toBool();
        const bool lines = m_old.value("lines"_L1).toBool(true);
        const bool points = m_old.value("points"_L1).toBool();
        field(u"custom.drawStyle"_s, bars && !lines ? u"bars"_s : points && !lines ? u"points"_s : u"line"_s);
        field(u"custom.showPoints"_s, points ? u"always"_s : u"never"_s);
        field(u"custom.fillOpacity"_s, bars && !lines ? 100 : 10 * wholeOf(m_old.value("fill"_L1), 1, 0, 10));
        field(u"custom.lineWidth"_s, wholeOf(m_old.value("linewidth"_L1), 1, 0, 10));
        field(u"custom.spanNulls"_s, m_old.value("nullPointMode"_L1).toString() == u"connected"_s);
        if (m_old.value("steppedLine"_L1).toBool())
            field(u"custom.lineInterpolation"_s, u"stepAfter"_s);
        if (m_old.value("stack"_L1).toBool())
            field(u"custom.stacking"_s,
                QJsonObject{{u"group"_s, u"A"_s},
                    {u"mode"_s, m_old.value("percentage"_L1).toBool() ? u"percent"_s : u"normal"_s}});
        if (const auto decimals = numberOf(m_old.value("decimals"_L1)))
            field(u"decimals"_s, *decimals);
    }

    void legend()
    {
        const QJsonObject old = m_old.value("legend"_L1).toObject();
        QJsonArray calcs;
        for (const QString &name : {u"min"_s, u"max"_s, u"avg"_s, u"current"_s, u"total"_s}) {
            if (old.value(name).toBool())
                calcs.append(calculation(name));
        }
        const bool shown = old.value("show"_L1).toBool(true);
        put(m_new, u"options.legend"_s,
            QJsonObject{{u"displayMode"_s, !shown ? u"hidden"_s : old.value("alignAsTable"_L1).toBool() ? u"table"_s : u"list"_s},
                {u"showLegend"_s, shown},
                {u"placement"_s, old.value("rightSide"_L1).toBool() ? u"right"_s : u"bottom"_s}, {u"calcs"_s, calcs}});
    }

    void overrides()
    {
        QJsonArray list = m_new.value("fieldConfig"_L1).toObject().value("overrides"_L1).toArray();
        const QJsonObject colors = m_old.value("aliasColors"_L1).toObject();
        for (auto it = colors.constBegin(); it != colors.constEnd(); ++it)
            list.append(override(u"byName"_s, it.key(), {property(u"color"_s, fixedColor(it.value().toString()))}));
        const QJsonArray series = m_old.value("seriesOverrides"_L1).toArray();
        for (const QJsonValue &one : series)
            list.append(seriesOverride(one.toObject()));
        put(m_new, u"fieldConfig.overrides"_s, list);
    }

    QJsonObject seriesOverride(const QJsonObject &one) const
    {
        QJsonArray properties;
        const QJsonObject right = m_old.value("yaxes"_L1).toArray().at(1).toObject();
        for (auto it = one.constBegin(); it != one.constEnd(); ++it) {
            const QJsonValue &value = it.value();
            if (it.key() == u"color"_s)
                properties.append(property(u"color"_s, fixedColor(value.toString())));
            else if (it.key() == u"yaxis"_s && value.toInt() == 2) {
                properties.append(property(u"custom.axisPlacement"_s, u"right"_s));
                if (right.contains("format"_L1))
                    properties.append(property(u"unit"_s, right.value("format"_L1)));
            } else if (it.key() == u"transform"_s)
                properties.append(property(u"custom.transform"_s, value));
            else if (it.key() == u"fill"_s)
                properties.append(property(u"custom.fillOpacity"_s, 10 * wholeOf(value, 1, 0, 10)));
            else if (it.key() == u"linewidth"_s)
                properties.append(property(u"custom.lineWidth"_s, value));
            else if (it.key() == u"dashes"_s && value.toBool())
                properties.append(property(u"custom.lineStyle"_s, QJsonObject{{u"fill"_s, u"dash"_s}}));
            else if (it.key() == u"bars"_s && value.toBool())
                properties.append(property(u"custom.drawStyle"_s, u"bars"_s));
            else if (it.key() == u"points"_s && value.toBool())
                properties.append(property(u"custom.drawStyle"_s, u"points"_s));
            else if (it.key() == u"stack"_s && !value.toBool(true))
                properties.append(property(u"custom.stacking"_s, QJsonObject{{u"mode"_s, u"none"_s}}));
            else if ((it.key() == u"legend"_s || it.key() == u"hiddenSeries"_s) && value.toBool() == (it.key() == u"hiddenSeries"_s))
                properties.append(property(u"custom.hideFrom"_s, QJsonObject{{it.key() == u"legend"_s ? u"legend"_s : u"viz"_s, true}}));
        }
        const QString alias = one.value("alias"_L1).toString();
        const bool isPattern = alias.size() > 1 && alias.startsWith(u'/');
        return override(isPattern ? u"byRegexp"_s : u"byName"_s, alias, properties);
    }

    void thresholds()
    {
        const QJsonArray old = m_old.value("thresholds"_L1).toArray();
        if (old.isEmpty())
            return;
        QJsonArray steps{QJsonObject{{u"value"_s, QJsonValue()}, {u"color"_s, u"transparent"_s}}};
        bool isFilled = false;
        for (const QJsonValue &one : old) {
            const QJsonObject threshold = one.toObject();
            const auto value = numberOf(threshold.value("value"_L1));
            if (!value)
                continue;
            const QString mode = threshold.value("colorMode"_L1).toString();
            const QString color = mode == u"custom"_s ? threshold.value("lineColor"_L1).toString()
                : mode == u"ok"_s                     ? u"green"_s
                : mode == u"warning"_s                ? u"orange"_s
                                                      : u"red"_s;
            isFilled = isFilled || threshold.value("fill"_L1).toBool();
            // Below a "lt" threshold is what is coloured.
            if (threshold.value("op"_L1).toString() == u"lt"_s) {
                steps[0] = QJsonObject{{u"value"_s, QJsonValue()}, {u"color"_s, color}};
                steps.append(QJsonObject{{u"value"_s, *value}, {u"color"_s, u"transparent"_s}});
            } else {
                steps.append(QJsonObject{{u"value"_s, *value}, {u"color"_s, color}});
            }
        }
        field(u"thresholds"_s, QJsonObject{{u"mode"_s, u"absolute"_s}, {u"steps"_s, steps}});
        field(u"custom.thresholdsStyle"_s, QJsonObject{{u"mode"_s, isFilled ? u"line+area"_s : u"line"_s}});
    }

    QJsonObject m_old;
    QJsonObject m_new;
};

QJsonObject singleStat(const QJsonObject &old)
{
    QJsonObject panel = old;
    const QJsonObject gauge = old.value("gauge"_L1).toObject();
    const bool isGauge = gauge.value("show"_L1).toBool();
    panel.insert(u"type"_s, isGauge ? u"gauge"_s : u"stat"_s);
    put(panel, u"options.reduceOptions"_s,
        QJsonObject{{u"calcs"_s, QJsonArray{calculation(old.value("valueName"_L1).toString())}}, {u"values"_s, false}});
    const bool isColored = old.value("colorBackground"_L1).toBool() || old.value("colorValue"_L1).toBool();
    put(panel, u"options.colorMode"_s,
        old.value("colorBackground"_L1).toBool() ? u"background"_s : isColored ? u"value"_s : u"none"_s);
    put(panel, u"options.graphMode"_s,
        old.value("sparkline"_L1).toObject().value("show"_L1).toBool() ? u"area"_s : u"none"_s);
    if (old.value("valueName"_L1).toString() == u"name"_s)
        put(panel, u"options.textMode"_s, u"name"_s);
    const auto field = [&panel](const QString &path, const QJsonValue &value) {
        put(panel, u"fieldConfig.defaults."_s + path, value);
    };
    QString unit = old.value("format"_L1).toString();
    const QString postfix = old.value("postfix"_L1).toString();
    const QString prefix = old.value("prefix"_L1).toString();
    if (unit.isEmpty() || unit == u"none"_s)
        unit = !postfix.trimmed().isEmpty() ? u"suffix:"_s + postfix : !prefix.trimmed().isEmpty() ? u"prefix:"_s + prefix : unit;
    field(u"unit"_s, unit);
    if (const auto decimals = numberOf(old.value("decimals"_L1)))
        field(u"decimals"_s, *decimals);
    if (isGauge) {
        field(u"min"_s, numberOf(gauge.value("minValue"_L1)).value_or(0));
        field(u"max"_s, numberOf(gauge.value("maxValue"_L1)).value_or(100));
    }
    if (const QString none = old.value("nullText"_L1).toString(); !none.isEmpty())
        field(u"noValue"_s, none);
    const QStringList bounds = textOf(old.value("thresholds"_L1)).split(u',', Qt::SkipEmptyParts);
    const QStringList colors = textsOf(old.value("colors"_L1));
    if (isColored || isGauge) {
        QJsonArray steps{QJsonObject{{u"value"_s, QJsonValue()}, {u"color"_s, colors.value(0, u"green"_s)}}};
        for (qsizetype i = 0; i < bounds.size(); ++i) {
            if (const auto bound = numberOf(QJsonValue(bounds.at(i))))
                steps.append(QJsonObject{{u"value"_s, *bound}, {u"color"_s, colors.value(i + 1, u"red"_s)}});
        }
        field(u"thresholds"_s, QJsonObject{{u"mode"_s, u"absolute"_s}, {u"steps"_s, steps}});
        field(u"color"_s, QJsonObject{{u"mode"_s, u"thresholds"_s}});
    }
    QJsonArray mappings;
    const bool isRange = old.value("mappingType"_L1).toInt(1) == 2;
    const QJsonArray maps = old.value(isRange ? "rangeMaps"_L1 : "valueMaps"_L1).toArray();
    for (const QJsonValue &one : maps) {
        QJsonObject map = one.toObject();
        map.insert(u"type"_s, isRange ? 2 : 1);
        mappings.append(map);
    }
    field(u"mappings"_s, mappings);
    return panel;
}

QJsonObject oldTable(const QJsonObject &old)
{
    static const QHash<QString, QString> transforms{{u"timeseries_to_columns"_s, u"joinByField"_s},
        {u"timeseries_to_rows"_s, u"seriesToRows"_s}, {u"timeseries_aggregations"_s, u"reduce"_s}, {u"table"_s, u"merge"_s}};
    QJsonObject panel = old;
    panel.insert(u"type"_s, u"table"_s);
    if (const QString transform = old.value("transform"_L1).toString(); transforms.contains(transform)) {
        QJsonObject options;
        if (transform == u"timeseries_aggregations"_s) {
            QJsonArray reducers;
            const QJsonArray columns = old.value("columns"_L1).toArray();
            for (const QJsonValue &column : columns)
                reducers.append(calculation(column.toObject().value("value"_L1).toString()));
            options.insert(u"reducers"_s, reducers);
        }
        panel.insert(u"transformations"_s, QJsonArray{QJsonObject{{u"id"_s, transforms.value(transform)}, {u"options"_s, options}}});
    }
    QJsonArray list = panel.value("fieldConfig"_L1).toObject().value("overrides"_L1).toArray();
    const QJsonArray styles = old.value("styles"_L1).toArray();
    for (const QJsonValue &one : styles) {
        const QJsonObject style = one.toObject();
        const QString pattern = style.value("pattern"_L1).toString();
        QJsonArray properties;
        if (const QString alias = style.value("alias"_L1).toString(); !alias.isEmpty())
            properties.append(property(u"displayName"_s, alias));
        const QString type = style.value("type"_L1).toString();
        if (type == u"hidden"_s)
            properties.append(property(u"custom.hidden"_s, true));
        else if (type == u"number"_s) {
            properties.append(property(u"unit"_s, style.value("unit"_L1)));
            properties.append(property(u"decimals"_s, style.value("decimals"_L1)));
        } else if (type == u"date"_s)
            properties.append(property(u"unit"_s, u"dateTimeAsIso"_s));
        if (!pattern.isEmpty() && !properties.isEmpty())
            list.append(override(pattern.startsWith(u'/') ? u"byRegexp"_s : u"byName"_s, pattern, properties));
    }
    put(panel, u"fieldConfig.overrides"_s, list);
    return panel;
}

QJsonObject oldHeatmap(const QJsonObject &old)
{
    QJsonObject panel = old;
    const QJsonObject axis = old.value("yAxis"_L1).toObject();
    put(panel, u"options.calculate"_s, old.value("dataFormat"_L1).toString() != u"tsbuckets"_s);
    put(panel, u"options.yAxis.unit"_s, axis.value("format"_L1));
    put(panel, u"options.color.scheme"_s, old.value("color"_L1).toObject().value("colorScheme"_L1));
    return panel;
}

// Of Grafana 6: fieldOptions held what fieldConfig and reduceOptions hold now.
QJsonObject withFieldOptions(const QJsonObject &old)
{
    QJsonObject panel = old;
    const QJsonObject options = old.value("options"_L1).toObject();
    const QJsonObject field = options.value("fieldOptions"_L1).toObject();
    if (!panel.contains("fieldConfig"_L1)) {
        QJsonObject defaults = field.value("defaults"_L1).toObject();
        const QJsonArray thresholds = field.value("thresholds"_L1).toArray();
        if (!thresholds.isEmpty())
            defaults.insert(u"thresholds"_s, QJsonObject{{u"mode"_s, u"absolute"_s}, {u"steps"_s, thresholds}});
        if (field.contains("mappings"_L1))
            defaults.insert(u"mappings"_s, field.value("mappings"_L1));
        put(panel, u"fieldConfig.defaults"_s, defaults);
        put(panel, u"fieldConfig.overrides"_s, field.value("overrides"_L1).toArray());
    }
    put(panel, u"options.reduceOptions"_s,
        QJsonObject{{u"calcs"_s, field.value("calcs"_L1)}, {u"values"_s, field.value("values"_L1).toBool()}});
    return panel;
}

double heightOf(const QJsonValue &value)
{
    QString text = textOf(value);
    if (text.endsWith(u"px"_s))
        text.chop(2);
    return numberOf(QJsonValue(text)).value_or(defaultRowHeight);
}

/// Lays the panels of one old row out from `top` on; returns the first free line.
int layOut(const QJsonObject &row, int top, QJsonArray &panels)
{
    int x = 0;
    int line = 0;
    const int standard = std::max(1, static_cast<int>(std::ceil(heightOf(row.value("height"_L1)) / gridStep)));
    const QJsonArray old = row.value("panels"_L1).toArray();
    for (const QJsonValue &one : old) {
        QJsonObject panel = one.toObject();
        const double span = numberOf(panel.value("span"_L1)).value_or(4);
        const int width = std::clamp(static_cast<int>(std::lround(span * 2)), 1, gridWidth);
        const int height = panel.contains("height"_L1)
            ? std::max(1, static_cast<int>(std::ceil(heightOf(panel.value("height"_L1)) / gridStep)))
            : standard;
        if (x + width > gridWidth) {
            x = 0;
            top += line;
            line = 0;
        }
        panel.insert(u"gridPos"_s, QJsonObject{{u"x"_s, x}, {u"y"_s, top}, {u"w"_s, width}, {u"h"_s, height}});
        x += width;
        line = std::max(line, height);
        panels.append(panel);
    }
    return top + line;
}

} // namespace

QJsonObject modernPanel(const QJsonObject &panel)
{
    const QString type = panel.value("type"_L1).toString();
    if (type == u"graph"_s)
        return Graph(panel).convert();
    if (type == u"singlestat"_s || type == u"grafana-singlestat-panel"_s)
        return singleStat(panel);
    if (type == u"table-old"_s || (type == u"table"_s && panel.contains("styles"_L1) && !panel.contains("fieldConfig"_L1)))
        return oldTable(panel);
    if (type == u"heatmap"_s && panel.contains("dataFormat"_L1) && !panel.value("options"_L1).toObject().contains("calculate"_L1))
        return oldHeatmap(panel);
    QJsonObject modern = panel;
    if (type == u"grafana-piechart-panel"_s) {
        modern.insert(u"type"_s, u"piechart"_s);
        put(modern, u"options.pieType"_s, panel.value("pieType"_L1).toString(u"pie"_s));
        put(modern, u"fieldConfig.defaults.unit"_s, panel.value("format"_L1).toString());
        put(modern, u"options.reduceOptions.calcs"_s, QJsonArray{calculation(panel.value("valueName"_L1).toString())});
    }
    if (type == u"text"_s && panel.contains("content"_L1)) {
        put(modern, u"options.content"_s, panel.value("content"_L1));
        put(modern, u"options.mode"_s, panel.value("mode"_L1).toString(u"markdown"_s));
    }
    if (panel.value("options"_L1).toObject().contains("fieldOptions"_L1))
        return withFieldOptions(modern);
    return modern;
}

QJsonArray panelsOfRows(const QJsonArray &rows)
{
    const bool hasTitles = std::ranges::any_of(rows, [](const QJsonValue &row) {
        const QJsonObject object = row.toObject();
        return object.value("showTitle"_L1).toBool() || object.value("collapse"_L1).toBool()
            || !object.value("repeat"_L1).toString().isEmpty();
    });
    QJsonArray panels;
    int top = 0;
    for (const QJsonValue &one : rows) {
        const QJsonObject row = one.toObject();
        if (!hasTitles) {
            top = layOut(row, top, panels);
            continue;
        }
        QJsonObject heading{{u"type"_s, u"row"_s}, {u"title"_s, row.value("title"_L1)}, {u"repeat"_s, row.value("repeat"_L1)},
            {u"collapsed"_s, row.value("collapse"_L1).toBool()},
            {u"gridPos"_s, QJsonObject{{u"x"_s, 0}, {u"y"_s, top}, {u"w"_s, gridWidth}, {u"h"_s, 1}}}};
        QJsonArray inner;
        const int after = layOut(row, top + 1, inner);
        if (row.value("collapse"_L1).toBool()) {
            heading.insert(u"panels"_s, inner);
            panels.append(heading);
            ++top;
            continue;
        }
        panels.append(heading);
        for (const QJsonValue &panel : std::as_const(inner))
            panels.append(panel);
        top = after;
    }
    return panels;
}

} // namespace countersign
