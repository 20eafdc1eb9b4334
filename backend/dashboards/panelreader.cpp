#include "backend/dashboards/panelreader.h"

#include "backend/dashboards/jsonvalues.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

constexpr int widest = 24;
constexpr int highest = 1'000;
constexpr int lowest = 100'000;

GridPosition gridFromJson(const QJsonObject &json)
{
    GridPosition grid;
    grid.width = wholeOf(json.value("w"_L1), grid.width, 1, widest);
    grid.height = wholeOf(json.value("h"_L1), grid.height, 1, highest);
    grid.x = wholeOf(json.value("x"_L1), 0, 0, widest - 1);
    grid.y = wholeOf(json.value("y"_L1), 0, 0, lowest);
    return grid;
}

PanelTarget::Format formatFromText(const QString &text, const QJsonObject &json)
{
    if (text == u"table"_s)
        return PanelTarget::Format::Table;
    if (text == u"heatmap"_s)
        return PanelTarget::Format::Heatmap;
    if (text == u"logs"_s || json.value("queryType"_L1).toString() == u"logs"_s)
        return PanelTarget::Format::Logs;
    return PanelTarget::Format::TimeSeries;
}

PanelTarget targetFromJson(const QJsonObject &json)
{
    PanelTarget target;
    target.json = json;
    target.refId = json.value("refId"_L1).toString();
    const QJsonValue expression = json.value("expr"_L1);
    target.expression = expression.isString() ? expression.toString() : json.value("query"_L1).toString();
    target.legendFormat = json.value("legendFormat"_L1).toString();
    target.format = formatFromText(json.value("format"_L1).toString(), json);
    target.isInstant = json.value("instant"_L1).toBool();
    // Old files say neither; a range was meant.
    target.isRange = json.value("range"_L1).toBool(!target.isInstant);
    if (!target.isInstant && !target.isRange)
        target.isRange = true;
    target.isHidden = json.value("hide"_L1).toBool();
    target.hasExemplars = json.value("exemplar"_L1).toBool();
    target.interval = textOf(json.value("interval"_L1));
    target.intervalFactor = wholeOf(json.value("intervalFactor"_L1), 1, 1, 1'000);
    target.datasource = datasourceFromJson(json.value("datasource"_L1));
    return target;
}

Thresholds thresholdsFromJson(const QJsonObject &json)
{
    Thresholds thresholds;
    thresholds.isPercentage = json.value("mode"_L1).toString() == u"percentage"_s;
    const QJsonArray steps = json.value("steps"_L1).toArray();
    for (const QJsonValue &step : steps) {
        const QJsonObject object = step.toObject();
        thresholds.steps.append({numberOf(object.value("value"_L1)), object.value("color"_L1).toString()});
    }
    std::ranges::sort(thresholds.steps, [](const DashboardThreshold &a, const DashboardThreshold &b) {
        return b.value && (!a.value || *a.value < *b.value);
    });
    return thresholds;
}

void readResult(ValueMapping &mapping, const QJsonObject &result)
{
    mapping.text = textOf(result.value("text"_L1));
    mapping.color = result.value("color"_L1).toString();
    mapping.index = wholeOf(result.value("index"_L1), 0, 0, 10'000);
}

// {"type":"value","options":{"1":{"text":"Up"}}} and its kin; before Grafana 8 one flat object a mapping.
void appendMappings(QList<ValueMapping> &mappings, const QJsonObject &json)
{
    const QJsonObject options = json.value("options"_L1).toObject();
    const QJsonValue type = json.value("type"_L1);
    ValueMapping mapping;
    if (type.toString() == u"value"_s) {
        for (auto it = options.constBegin(); it != options.constEnd(); ++it) {
            mapping.match = it.key();
            readResult(mapping, it.value().toObject());
            mappings.append(mapping);
        }
        return;
    }
    if (type.toString() == u"range"_s) {
        mapping.kind = ValueMapping::Kind::Range;
        mapping.from = numberOf(options.value("from"_L1));
        mapping.to = numberOf(options.value("to"_L1));
        readResult(mapping, options.value("result"_L1).toObject());
    } else if (type.toString() == u"regex"_s) {
        mapping.kind = ValueMapping::Kind::Regex;
        mapping.match = options.value("pattern"_L1).toString();
        readResult(mapping, options.value("result"_L1).toObject());
    } else if (type.toString() == u"special"_s) {
        mapping.kind = ValueMapping::Kind::Special;
        mapping.match = options.value("match"_L1).toString();
        readResult(mapping, options.value("result"_L1).toObject());
    } else if (type.isDouble() && type.toInt() == 2) {
        mapping.kind = ValueMapping::Kind::Range;
        mapping.from = numberOf(json.value("from"_L1));
        mapping.to = numberOf(json.value("to"_L1));
        mapping.text = textOf(json.value("text"_L1));
    } else if (type.isDouble() || json.contains("value"_L1)) {
        mapping.match = textOf(json.value("value"_L1));
        mapping.text = textOf(json.value("text"_L1));
        if (mapping.match == u"null"_s)
            mapping.kind = ValueMapping::Kind::Special;
    } else {
        return;
    }
    mappings.append(mapping);
}

FieldOverride overrideFromJson(const QJsonObject &json)
{
    FieldOverride override;
    const QJsonObject matcher = json.value("matcher"_L1).toObject();
    override.matcher = matcher.value("id"_L1).toString();
    override.options = matcher.value("options"_L1);
    const QJsonArray properties = json.value("properties"_L1).toArray();
    for (const QJsonValue &property : properties) {
        const QJsonObject object = property.toObject();
        override.properties.append({object.value("id"_L1).toString(), object.value("value"_L1)});
    }
    return override;
}

} // namespace

DatasourceRef datasourceFromJson(const QJsonValue &value)
{
    if (value.isString())
        return {{}, value.toString()};
    const QJsonObject object = value.toObject();
    const QJsonValue uid = object.value("uid"_L1);
    return {object.value("type"_L1).toString(), uid.isString() ? uid.toString() : object.value("name"_L1).toString()};
}

QList<DashboardLink> linksFromJson(const QJsonValue &value)
{
    QList<DashboardLink> links;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &one : array) {
        const QJsonObject object = one.toObject();
        const QString type = object.value("type"_L1).toString();
        links.append({object.value("title"_L1).toString(), object.value("url"_L1).toString(),
            textsOf(object.value("tags"_L1)), type == u"dashboards"_s || type == u"dashboard"_s,
            object.value("keepTime"_L1).toBool(), object.value("includeVars"_L1).toBool()});
    }
    return links;
}

bool applyProperty(FieldConfig &field, const QString &id, const QJsonValue &value)
{
    if (id == u"unit"_s)
        field.unit = value.toString();
    else if (id == u"decimals"_s)
        field.decimals = numberOf(value) ? std::optional(wholeOf(value, 0, 0, 20)) : std::nullopt;
    else if (id == u"min"_s)
        field.min = numberOf(value);
    else if (id == u"max"_s)
        field.max = numberOf(value);
    else if (id == u"displayName"_s)
        field.displayName = value.toString();
    else if (id == u"noValue"_s)
        field.noValue = textOf(value);
    else if (id == u"thresholds"_s)
        field.thresholds = thresholdsFromJson(value.toObject());
    else if (id == u"links"_s)
        field.links = linksFromJson(value);
    else if (id == u"color"_s) {
        field.colorMode = value.toObject().value("mode"_L1).toString();
        field.fixedColor = value.toObject().value("fixedColor"_L1).toString();
    } else if (id == u"mappings"_s) {
        field.mappings.clear();
        const QJsonArray mappings = value.toArray();
        for (const QJsonValue &mapping : mappings)
            appendMappings(field.mappings, mapping.toObject());
    } else if (id.startsWith(u"custom."_s))
        field.custom.insert(id.sliced(7), value);
    else
        return id == u"filterable"_s || id == u"description"_s || id == u"displayNameFromDS"_s || id == u"unitScale"_s
            || id == u"actions"_s || id == u"fieldMinMax"_s;
    return true;
}

FieldConfig fieldConfigFromJson(const QJsonObject &defaults)
{
    FieldConfig field;
    for (auto it = defaults.constBegin(); it != defaults.constEnd(); ++it) {
        if (it.key() != u"custom"_s)
            applyProperty(field, it.key(), it.value());
    }
    field.custom = defaults.value("custom"_L1).toObject();
    return field;
}

Panel panelFromJson(const QJsonObject &json)
{
    Panel panel;
    panel.json = json;
    panel.id = wholeOf(json.value("id"_L1), 0, 0, 1'000'000'000);
    panel.type = json.value("type"_L1).toString();
    panel.fileType = panel.type;
    panel.title = json.value("title"_L1).toString();
    panel.description = json.value("description"_L1).toString();
    panel.grid = gridFromJson(json.value("gridPos"_L1).toObject());
    panel.datasource = datasourceFromJson(json.value("datasource"_L1));
    const QJsonArray targets = json.value("targets"_L1).toArray();
    for (const QJsonValue &target : targets)
        panel.targets.append(targetFromJson(target.toObject()));
    const QJsonObject fieldConfig = json.value("fieldConfig"_L1).toObject();
    panel.field = fieldConfigFromJson(fieldConfig.value("defaults"_L1).toObject());
    const QJsonArray overrides = fieldConfig.value("overrides"_L1).toArray();
    for (const QJsonValue &override : overrides)
        panel.overrides.append(overrideFromJson(override.toObject()));
    panel.options = json.value("options"_L1).toObject();
    const QJsonArray transformations = json.value("transformations"_L1).toArray();
    for (const QJsonValue &one : transformations) {
        const QJsonObject object = one.toObject();
        panel.transformations.append(
            {object.value("id"_L1).toString(), object.value("options"_L1).toObject(), object.value("disabled"_L1).toBool()});
    }
    panel.links = linksFromJson(json.value("links"_L1));
    panel.repeat = json.value("repeat"_L1).toString();
    panel.repeatsDown = json.value("repeatDirection"_L1).toString() == u"v"_s;
    panel.maxPerRow = wholeOf(json.value("maxPerRow"_L1), 4, 1, widest);
    if (const auto points = numberOf(json.value("maxDataPoints"_L1)); points && *points >= 1 && *points <= 100'000)
        panel.maxDataPoints = static_cast<int>(*points);
    panel.interval = textOf(json.value("interval"_L1));
    panel.timeFrom = json.value("timeFrom"_L1).toString();
    panel.timeShift = json.value("timeShift"_L1).toString();
    panel.isTransparent = json.value("transparent"_L1).toBool();
    panel.isCollapsed = json.value("collapsed"_L1).toBool();
    return panel;
}

} // namespace countersign
