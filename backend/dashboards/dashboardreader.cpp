#include "backend/dashboards/dashboardreader.h"

#include "backend/dashboards/jsonvalues.h"
#include "backend/dashboards/legacypanels.h"
#include "backend/dashboards/panelreader.h"
#include "backend/dashboards/variablereader.h"
#include "backend/types/strings.h"

#include <QJsonDocument>

#include <algorithm>

namespace countersign {

namespace {

constexpr int firstSchemaWithGrid = 16;
constexpr int deepest = 64;

bool isTooDeep(QByteArrayView json)
{
    int depth = 0;
    bool isText = false;
    for (qsizetype i = 0; i < json.size(); ++i) {
        const char c = json.at(i);
        if (isText) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                isText = false;
        } else if (c == '"') {
            isText = true;
        } else if (c == '{' || c == '[') {
            if (++depth > deepest)
                return true;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return false;
}

Result<QJsonObject> objectOf(const QByteArray &bytes)
{
    if (bytes.size() > maxDashboardBytes)
        return fail(ErrorKind::Exhausted, u"The file has %1 bytes; a dashboard has at most %2"_s.arg(bytes.size()).arg(maxDashboardBytes));
    QByteArray json = bytes;
    if (json.startsWith("\xef\xbb\xbf"))
        json.remove(0, 3);
    if (isTooDeep(json))
        return fail(ErrorKind::Exhausted, u"The file nests deeper than %1 levels"_s.arg(deepest));
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (error.error != QJsonParseError::NoError) {
        const auto line = 1 + std::count(json.cbegin(), json.cbegin() + std::min<qsizetype>(error.offset, json.size()), '\n');
        return fail(ErrorKind::Invalid, u"It is not JSON: %1 in line %2"_s.arg(error.errorString()).arg(line));
    }
    if (!document.isObject())
        return fail(ErrorKind::Invalid, u"A dashboard is a JSON object"_s);
    return document.object();
}

// As the API answers it, as a resource, or bare.
Result<QJsonObject> dashboardOf(const QJsonObject &file)
{
    QJsonObject object = file;
    if (file.value("dashboard"_L1).isObject())
        object = file.value("dashboard"_L1).toObject();
    else if (file.value("spec"_L1).isObject() && !file.contains("panels"_L1))
        object = file.value("spec"_L1).toObject();
    if (object.value("elements"_L1).isObject() && object.value("layout"_L1).isObject())
        return fail(ErrorKind::Invalid,
            u"It is in the schema of elements and layouts (v2); export it in the classic schema"_s, u"schema.v2"_s);
    if (!object.value("panels"_L1).isArray() && !object.value("rows"_L1).isArray())
        return fail(ErrorKind::Invalid, u"It has neither panels nor rows: it is no dashboard of Grafana"_s);
    return object;
}

void noteConversion(const Panel &panel, QStringList &notes)
{
    if (panel.fileType != panel.type)
        notes.append(u"“%1”: %2 became %3"_s.arg(panel.title, panel.fileType, panel.type));
}

Panel panelOf(const QJsonObject &json, QStringList &notes)
{
    Panel panel = readPanel(json);
    noteConversion(panel, notes);
    return panel;
}

/// Hangs what is below an open row under it, as a collapsed one has it.
class Rows final {
public:
    explicit Rows(Dashboard &dashboard) : m_dashboard(dashboard) {}

    Result<void> read(const QJsonArray &panels)
    {
        for (const QJsonValue &one : panels) {
            if (!one.isObject())
                continue;
            const QJsonObject json = one.toObject();
            if (++m_count > maxDashboardPanels)
                return fail(ErrorKind::Exhausted, u"The dashboard has more than %1 panels"_s.arg(maxDashboardPanels));
            if (json.value("type"_L1).toString() == u"row"_s) {
                if (const auto read = row(json); !read)
                    return read;
            } else if (m_isBelowRow) {
                m_dashboard.panels.last().panels.append(panelOf(json, m_dashboard.notes));
            } else {
                m_dashboard.panels.append(panelOf(json, m_dashboard.notes));
            }
        }
        return {};
    }

private:
    Result<void> row(const QJsonObject &json)
    {
        Panel row = readPanel(json);
        const QJsonArray inner = json.value("panels"_L1).toArray();
        for (const QJsonValue &one : inner) {
            if (++m_count > maxDashboardPanels)
                return fail(ErrorKind::Exhausted, u"The dashboard has more than %1 panels"_s.arg(maxDashboardPanels));
            if (one.isObject())
                row.panels.append(panelOf(one.toObject(), m_dashboard.notes));
        }
        m_isBelowRow = !row.isCollapsed;
        m_dashboard.panels.append(std::move(row));
        return {};
    }

    Dashboard &m_dashboard;
    bool m_isBelowRow = false;
    int m_count = 0;
};

DashboardAnnotation annotationFromJson(const QJsonObject &json)
{
    DashboardAnnotation annotation;
    annotation.name = json.value("name"_L1).toString();
    annotation.isEnabled = json.value("enable"_L1).toBool();
    annotation.isHidden = json.value("hide"_L1).toBool();
    annotation.isBuiltIn = textOf(json.value("builtIn"_L1)) == u"1"_s || json.value("builtIn"_L1).toBool();
    annotation.color = json.value("iconColor"_L1).toString();
    annotation.expression = json.value("expr"_L1).toString();
    if (annotation.expression.isEmpty())
        annotation.expression = json.value("target"_L1).toObject().value("expr"_L1).toString();
    annotation.titleFormat = json.value("titleFormat"_L1).toString();
    annotation.textFormat = json.value("textFormat"_L1).toString();
    annotation.tagKeys = json.value("tagKeys"_L1).toString();
    annotation.step = textOf(json.value("step"_L1));
    annotation.usesValueForTime = textOf(json.value("useValueForTime"_L1)) == u"on"_s || json.value("useValueForTime"_L1).toBool();
    annotation.datasource = datasourceFromJson(json.value("datasource"_L1));
    return annotation;
}

void readInputs(const QJsonObject &json, Dashboard &dashboard)
{
    const QJsonArray inputs = json.value("__inputs"_L1).toArray();
    for (const QJsonValue &one : inputs) {
        const QJsonObject input = one.toObject();
        if (input.value("type"_L1).toString() == u"datasource"_s)
            dashboard.inputs.append(input.value("name"_L1).toString());
        else if (input.value("type"_L1).toString() == u"constant"_s) {
            // A constant that is asked for on import: it becomes a variable with what the file proposes.
            DashboardVariable variable;
            variable.kind = DashboardVariable::Kind::Constant;
            variable.fileKind = u"constant"_s;
            variable.name = input.value("name"_L1).toString();
            variable.query = input.value("value"_L1).toString();
            variable.current = {variable.query};
            variable.hide = 2;
            dashboard.variables.append(variable);
        }
    }
}

} // namespace

Panel readPanel(const QJsonObject &json)
{
    Panel panel = panelFromJson(modernPanel(json));
    panel.json = json;
    panel.fileType = json.value("type"_L1).toString();
    return panel;
}

QList<const Panel *> flatPanels(const Dashboard &dashboard)
{
    QList<const Panel *> flat;
    for (const Panel &panel : dashboard.panels) {
        if (panel.type != u"row"_s)
            flat.append(&panel);
        for (const Panel &inner : panel.panels)
            flat.append(&inner);
    }
    return flat;
}

Result<Dashboard> readDashboard(const QByteArray &bytes)
{
    const auto file = objectOf(bytes);
    if (!file)
        return std::unexpected(file.error());
    const auto json = dashboardOf(*file);
    if (!json)
        return std::unexpected(json.error());
    Dashboard dashboard;
    dashboard.original = bytes;
    dashboard.uid = json->value("uid"_L1).toString();
    dashboard.title = json->value("title"_L1).toString();
    dashboard.description = json->value("description"_L1).toString();
    dashboard.tags = textsOf(json->value("tags"_L1));
    dashboard.schemaVersion = wholeOf(json->value("schemaVersion"_L1), 0, 0, 10'000);
    dashboard.timezone = json->value("timezone"_L1).toString();
    const QJsonObject time = json->value("time"_L1).toObject();
    dashboard.from = time.value("from"_L1).toString(dashboard.from);
    dashboard.to = time.value("to"_L1).toString(dashboard.to);
    dashboard.refresh = json->value("refresh"_L1).toString();
    dashboard.graphTooltip = json->value("sharedCrosshair"_L1).toBool() ? 1 : wholeOf(json->value("graphTooltip"_L1), 0, 0, 2);
    dashboard.links = linksFromJson(json->value("links"_L1));
    readInputs(file->contains("__inputs"_L1) ? *file : *json, dashboard);
    const QJsonArray variables = json->value("templating"_L1).toObject().value("list"_L1).toArray();
    for (const QJsonValue &variable : variables)
        dashboard.variables.append(variableFromJson(variable.toObject()));
    const QJsonArray annotations = json->value("annotations"_L1).toObject().value("list"_L1).toArray();
    for (const QJsonValue &annotation : annotations)
        dashboard.annotations.append(annotationFromJson(annotation.toObject()));
    QJsonArray panels = json->value("panels"_L1).toArray();
    const QJsonArray rows = json->value("rows"_L1).toArray();
    if (!rows.isEmpty() && (panels.isEmpty() || dashboard.schemaVersion < firstSchemaWithGrid)) {
        dashboard.notes.append(u"Rows of an old schema (%1) were laid out on the grid"_s.arg(dashboard.schemaVersion));
        panels = panelsOfRows(rows);
    }
    if (const auto read = Rows(dashboard).read(panels); !read)
        return std::unexpected(read.error());
    return dashboard;
}

} // namespace countersign
