#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QList>
#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>

namespace countersign {

/// A data source as a dashboard names it: by an object, a name, or a variable. Empty: the default one.
struct DatasourceRef {
    QString type; ///< "prometheus", "loki"; empty when the file does not say
    QString uid; ///< uid or name; may be "$datasource" or "${DS_X}"
    friend bool operator==(const DatasourceRef &, const DatasourceRef &) = default;
};

/// Where a panel lies: 24 columns, rows of 30 pixels with gaps of 8.
struct GridPosition {
    int x = 0;
    int y = 0;
    int width = 12;
    int height = 8;
    friend bool operator==(const GridPosition &, const GridPosition &) = default;
};

/// One query of a panel.
struct PanelTarget {
    enum class Format { TimeSeries, Table, Heatmap, Logs };
    QString refId;
    QString expression; ///< PromQL or LogQL with variables
    QString legendFormat; ///< "{{label}}", "__auto", a literal text, or empty
    Format format = Format::TimeSeries;
    bool isRange = true;
    bool isInstant = false;
    bool isHidden = false;
    bool hasExemplars = false;
    QString interval; ///< min step, may hold variables
    int intervalFactor = 1;
    DatasourceRef datasource;
    QJsonObject json;
};

/// A link of a dashboard, a panel, or a field.
struct DashboardLink {
    QString title;
    QString url;
    QStringList tags; ///< of links to dashboards
    bool isDashboards = false;
    bool keepTime = false;
    bool includeVariables = false;
};

struct DashboardThreshold {
    std::optional<double> value; ///< absent: from minus infinity
    QString color;
};

struct Thresholds {
    bool isPercentage = false;
    QList<DashboardThreshold> steps; ///< ascending
};

/// Text or colour in place of a value.
struct ValueMapping {
    enum class Kind { Value, Range, Regex, Special };
    Kind kind = Kind::Value;
    QString match; ///< the value's text, the expression, or what is special: "null", "nan", "null+nan", "true", "false", "empty"
    std::optional<double> from; ///< of a range; absent: no bound
    std::optional<double> to;
    QString text; ///< may be empty: the value's own
    QString color;
    int index = 0;
};

/// How a value becomes what is shown (Grafana's fieldConfig).
struct FieldConfig {
    QString unit;
    std::optional<int> decimals;
    std::optional<double> min;
    std::optional<double> max;
    QString displayName;
    QString noValue;
    Thresholds thresholds;
    QList<ValueMapping> mappings;
    QString colorMode; ///< "palette-classic", "fixed", "thresholds", "continuous-GrYlRd" …
    QString fixedColor;
    QList<DashboardLink> links;
    QJsonObject custom; ///< of the panel's type: drawStyle, fillOpacity …
};

struct FieldOverride {
    QString matcher; ///< byName, byRegexp, byNames, byFrameRefID, byType, byValue
    QJsonValue options; ///< of the matcher
    QList<std::pair<QString, QJsonValue>> properties; ///< by id, in their order
};

struct Transformation {
    QString id;
    QJsonObject options;
    bool isDisabled = false;
};

struct Panel {
    int id = 0;
    QString type; ///< as this program draws it; what the file says is in `json`
    QString fileType;
    QString title;
    QString description;
    GridPosition grid;
    DatasourceRef datasource;
    QList<PanelTarget> targets;
    FieldConfig field;
    QList<FieldOverride> overrides;
    QJsonObject options;
    QList<Transformation> transformations;
    QList<DashboardLink> links;
    QString repeat; ///< variable over which it is repeated
    bool repeatsDown = false;
    int maxPerRow = 4;
    std::optional<int> maxDataPoints;
    QString interval; ///< min step
    QString timeFrom; ///< "2h": a range of its own
    QString timeShift;
    bool isTransparent = false;
    bool isCollapsed = false; ///< of a row
    QList<Panel> panels; ///< of a row, also when it is open
    QJsonObject json; ///< as it stands in the file
};

struct VariableOption {
    QString text;
    QString value;
    friend bool operator==(const VariableOption &, const VariableOption &) = default;
};

struct DashboardVariable {
    enum class Kind { Query, Datasource, Custom, Interval, Textbox, Constant, AdHoc, GroupBy, Unknown };
    Kind kind = Kind::Unknown;
    QString fileKind; ///< as the file names it
    QString name;
    QString label;
    QString description;
    QString query; ///< text of the query, list, or type of the data source
    QString regex;
    QString allValue; ///< verbatim for "All"; empty: all options
    QList<VariableOption> options; ///< as the file has them
    QStringList current; ///< values; "$__all" stands for all
    QStringList currentText;
    bool isMulti = false;
    bool includesAll = false;
    int hide = 0; ///< 0 shown, 1 without label, 2 hidden
    int sort = 0; ///< 0 as they come … 8 natural, case-insensitive, descending
    int refresh = 0; ///< 0 never, 1 on load, 2 on change of the range
    bool isAuto = false; ///< of an interval
    int autoCount = 30;
    QString autoMin;
    DatasourceRef datasource;
};

struct DashboardAnnotation {
    QString name;
    bool isEnabled = true;
    bool isHidden = false;
    bool isBuiltIn = false;
    QString color;
    QString expression;
    QString titleFormat;
    QString textFormat;
    QString tagKeys;
    QString step;
    bool usesValueForTime = false;
    DatasourceRef datasource;
};

/// A dashboard in Grafana's classic schema, whatever its version, in today's form.
struct Dashboard {
    QString uid;
    QString title;
    QString description;
    QStringList tags;
    int schemaVersion = 0;
    QString timezone;
    QString from = QStringLiteral("now-6h");
    QString to = QStringLiteral("now");
    QString refresh; ///< "10s"; empty: none
    int graphTooltip = 0; ///< 0 each its own, 1 shared crosshair, 2 shared tooltip
    QList<Panel> panels; ///< rows hold what is under them; others stand alone
    QList<DashboardVariable> variables;
    QList<DashboardAnnotation> annotations;
    QList<DashboardLink> links;
    QStringList inputs; ///< names of "__inputs" that want a data source
    QStringList notes; ///< what was converted, and what was left out, for people
    QByteArray original; ///< the bytes that were read
};

/// All panels with those of rows, rows themselves left out, in the order of the file.
QList<const Panel *> flatPanels(const Dashboard &dashboard);

} // namespace countersign
