#include "backend/dashboards/variablereader.h"

#include "backend/dashboards/jsonvalues.h"
#include "backend/dashboards/panelreader.h"
#include "backend/types/strings.h"

#include <QHash>

namespace countersign {

namespace {

using Kind = DashboardVariable::Kind;

Kind kindOf(const QString &name)
{
    static const QHash<QString, Kind> kinds{{u"query"_s, Kind::Query}, {u"datasource"_s, Kind::Datasource},
        {u"custom"_s, Kind::Custom}, {u"interval"_s, Kind::Interval}, {u"textbox"_s, Kind::Textbox},
        {u"constant"_s, Kind::Constant}, {u"adhoc"_s, Kind::AdHoc}, {u"groupby"_s, Kind::GroupBy}};
    return kinds.value(name, Kind::Unknown);
}

// A text, {query, refId}, or for a data source its type.
QString queryOf(const QJsonObject &json)
{
    const QJsonValue query = json.value("query"_L1);
    if (query.isObject())
        return query.toObject().value("query"_L1).toString();
    if (query.isString())
        return query.toString();
    return json.value("definition"_L1).toString();
}

void readCurrent(const QJsonObject &json, DashboardVariable &variable)
{
    const QJsonObject current = json.value("current"_L1).toObject();
    variable.current = textsOf(current.value("value"_L1));
    variable.currentText = textsOf(current.value("text"_L1));
    if (variable.current.isEmpty())
        variable.current = variable.currentText;
    const QJsonArray options = json.value("options"_L1).toArray();
    for (const QJsonValue &one : options) {
        const QJsonObject option = one.toObject();
        const QStringList values = textsOf(option.value("value"_L1));
        if (values.isEmpty() || values.constFirst() == u"$__all"_s)
            continue;
        variable.options.append({textsOf(option.value("text"_L1)).join(u" + "_s), values.constFirst()});
        if (variable.current.isEmpty() && option.value("selected"_L1).toBool())
            variable.current = values;
    }
    if (variable.includesAll && (variable.current == QStringList{u"All"_s} || variable.current == QStringList{u"all"_s}))
        variable.current = {u"$__all"_s};
}

} // namespace

QList<VariableOption> listedOptions(const QString &query)
{
    QList<VariableOption> options;
    QString item;
    const auto take = [&options, &item] {
        const QString text = item.trimmed();
        item.clear();
        if (text.isEmpty())
            return;
        const qsizetype colon = text.indexOf(u" : "_s);
        options.append(colon < 0 ? VariableOption{text, text}
                                 : VariableOption{text.first(colon).trimmed(), text.sliced(colon + 3).trimmed()});
    };
    for (qsizetype i = 0; i < query.size(); ++i) {
        if (query.at(i) == u'\\' && i + 1 < query.size() && query.at(i + 1) == u',')
            item += query.at(++i);
        else if (query.at(i) == u',')
            take();
        else
            item += query.at(i);
    }
    take();
    return options;
}

DashboardVariable variableFromJson(const QJsonObject &json)
{
    DashboardVariable variable;
    variable.fileKind = json.value("type"_L1).toString();
    variable.kind = kindOf(variable.fileKind);
    variable.name = json.value("name"_L1).toString();
    variable.label = json.value("label"_L1).toString();
    variable.description = json.value("description"_L1).toString();
    variable.query = queryOf(json);
    variable.regex = json.value("regex"_L1).toString();
    variable.allValue = json.value("allValue"_L1).toString();
    variable.isMulti = json.value("multi"_L1).toBool();
    variable.includesAll = json.value("includeAll"_L1).toBool();
    variable.hide = wholeOf(json.value("hide"_L1), 0, 0, 2);
    variable.sort = wholeOf(json.value("sort"_L1), 0, 0, 8);
    variable.refresh = json.value("refresh"_L1).isBool() ? int(json.value("refresh"_L1).toBool())
                                                          : wholeOf(json.value("refresh"_L1), 0, 0, 2);
    variable.isAuto = json.value("auto"_L1).toBool();
    variable.autoCount = wholeOf(json.value("auto_count"_L1), 30, 1, 100'000);
    variable.autoMin = textOf(json.value("auto_min"_L1));
    variable.datasource = datasourceFromJson(json.value("datasource"_L1));
    readCurrent(json, variable);
    if (variable.kind == Kind::Custom || variable.kind == Kind::Interval)
        variable.options = listedOptions(variable.query);
    if (variable.current.isEmpty() && (variable.kind == Kind::Constant || variable.kind == Kind::Textbox))
        variable.current = {variable.query};
    return variable;
}

} // namespace countersign
