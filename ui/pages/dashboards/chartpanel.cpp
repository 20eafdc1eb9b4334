#include "ui/pages/dashboards/chartpanel.h"

#include "backend/types/strings.h"
#include "models/dashboards/units.h"
#include "ui/charts/timeseriesview.h"
#include "ui/pages/dashboards/dashboardcolors.h"

#include <QJsonArray>
#include <QWidget>

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

constexpr double anyHigh = 1'024;

std::optional<double> numberIn(const QJsonObject &object, QLatin1StringView name)
{
    const QJsonValue value = object.value(name);
    return value.isDouble() ? std::optional(value.toDouble()) : std::nullopt;
}

AxisSide sideOf(const QJsonObject &custom)
{
    const QString placement = custom.value("axisPlacement"_L1).toString();
    return placement == u"right"_s ? AxisSide::Right : placement == u"hidden"_s ? AxisSide::Hidden : AxisSide::Left;
}

DrawStyle drawOf(const QJsonObject &custom)
{
    const QString style = custom.value("drawStyle"_L1).toString();
    return style == u"bars"_s ? DrawStyle::Bars : style == u"points"_s ? DrawStyle::Points : DrawStyle::Line;
}

Interpolation interpolationOf(const QJsonObject &custom)
{
    const QString name = custom.value("lineInterpolation"_L1).toString();
    return name == u"stepBefore"_s ? Interpolation::StepBefore
        : name == u"stepAfter"_s   ? Interpolation::StepAfter
        : name == u"smooth"_s      ? Interpolation::Smooth
                                   : Interpolation::Linear;
}

void readStack(SeriesStyle &style, const QJsonObject &custom)
{
    const QJsonObject stacking = custom.value("stacking"_L1).toObject();
    const QString mode = stacking.value("mode"_L1).toString();
    style.stack = mode == u"normal"_s ? StackMode::Normal : mode == u"percent"_s ? StackMode::Percent : StackMode::None;
    style.stackGroup = stacking.value("group"_L1).toString();
}

SeriesStyle styleOf(const SeriesContent &series, const QPalette &palette)
{
    const QJsonObject &custom = series.config.custom;
    SeriesStyle style;
    style.draw = drawOf(custom);
    style.interpolation = interpolationOf(custom);
    style.lineWidth = std::clamp(numberIn(custom, "lineWidth"_L1).value_or(1), 0.0, 10.0);
    if (style.lineWidth == 1)
        style.lineWidth = SeriesStyle().lineWidth;
    style.fillOpacity = static_cast<int>(std::clamp(numberIn(custom, "fillOpacity"_L1).value_or(0), 0.0, 100.0));
    style.gradient = custom.contains("gradientMode"_L1) && custom.value("gradientMode"_L1).toString() != u"none"_s;
    const QString points = custom.value("showPoints"_L1).toString();
    style.points = points == u"always"_s ? PointMode::Always : points == u"never"_s ? PointMode::Never : PointMode::Auto;
    style.pointSize = std::clamp(numberIn(custom, "pointSize"_L1).value_or(5), 1.0, 40.0);
    const QJsonValue span = custom.value("spanNulls"_L1);
    style.spanNulls = span.toBool();
    if (span.isDouble())
        style.spanNullsUpTo = static_cast<qint64>(span.toDouble());
    const QString fill = custom.value("lineStyle"_L1).toObject().value("fill"_L1).toString();
    if (fill == u"dash"_s || fill == u"dot"_s)
        style.pattern = fill == u"dash"_s ? LinePattern::Dash : LinePattern::Dot;
    readStack(style, custom);
    style.negative = custom.value("transform"_L1).toString() == u"negative-Y"_s;
    style.axis = sideOf(custom);
    if (series.config.colorMode == u"fixed"_s || series.config.colorMode == u"shades"_s)
        style.color = dashboardColor(series.config.fixedColor, palette);
    const QJsonObject hidden = custom.value("hideFrom"_L1).toObject();
    style.inLegend = !hidden.value("legend"_L1).toBool();
    style.inTooltip = !hidden.value("tooltip"_L1).toBool();
    return style;
}

AxisStyle axisOf(const FieldConfig &config)
{
    AxisStyle axis;
    axis.label = config.custom.value("axisLabel"_L1).toString();
    axis.min = config.min;
    axis.max = config.max;
    axis.softMin = numberIn(config.custom, "axisSoftMin"_L1);
    axis.softMax = numberIn(config.custom, "axisSoftMax"_L1);
    const QJsonObject scale = config.custom.value("scaleDistribution"_L1).toObject();
    const QString type = scale.value("type"_L1).toString();
    axis.scale.kind = type == u"log"_s ? ScaleKind::Log : type == u"symlog"_s ? ScaleKind::SymLog : ScaleKind::Linear;
    axis.scale.base = std::clamp(numberIn(scale, "log"_L1).value_or(10), 2.0, anyHigh);
    axis.scale.linearUpTo = std::max(numberIn(scale, "linearThreshold"_L1).value_or(1), 1e-9);
    axis.format = [unit = config.unit, decimals = config.decimals](double value) { return formatValue(value, unit, decimals).full(); };
    return axis;
}

ThresholdStyle thresholdsOf(const FieldConfig &config, const QPalette &palette)
{
    ThresholdStyle style;
    const QString mode = config.custom.value("thresholdsStyle"_L1).toObject().value("mode"_L1).toString();
    style.lines = mode.contains(u"line"_s) || mode == u"dashed"_s || mode == u"dashed+area"_s;
    style.dashed = mode.contains(u"dashed"_s);
    style.areas = mode.contains(u"area"_s);
    for (const DashboardThreshold &step : config.thresholds.steps)
        style.steps.append({step.value.value_or(-INFINITY), dashboardColor(step.color, palette).value_or(QColor(Qt::transparent))});
    if (!style.lines && !style.areas)
        style.steps.clear();
    return style;
}

LegendStyle legendOf(const QJsonObject &options)
{
    const QJsonObject legend = options.value("legend"_L1).toObject();
    LegendStyle style;
    const QString mode = legend.value("displayMode"_L1).toString();
    const bool isHidden = mode == u"hidden"_s || !legend.value("showLegend"_L1).toBool(true);
    style.place = isHidden ? LegendPlace::None : legend.value("placement"_L1).toString() == u"right"_s ? LegendPlace::Right : LegendPlace::Bottom;
    style.table = mode == u"table"_s;
    const QJsonArray calculations = legend.value("calcs"_L1).toArray();
    for (const QJsonValue &name : calculations) {
        if (const auto reducer = reducerFromId(name.toString()))
            style.columns.append(*reducer);
    }
    return style;
}

void readTooltip(TimeSeriesView &view, const QJsonObject &options)
{
    const QJsonObject tooltip = options.value("tooltip"_L1).toObject();
    const QString mode = tooltip.value("mode"_L1).toString();
    const QString sort = tooltip.value("sort"_L1).toString();
    view.setTooltip(mode == u"none"_s ? TooltipMode::None : mode == u"multi"_s ? TooltipMode::All : TooltipMode::Nearest,
        sort == u"asc"_s ? TooltipOrder::Ascending : sort == u"desc"_s ? TooltipOrder::Descending : TooltipOrder::AsDrawn);
}

QStringList namesOf(const QList<SeriesContent> &series)
{
    QStringList names;
    for (const SeriesContent &one : series)
        names.append(one.name);
    return names;
}

} // namespace

void showSeries(TimeSeriesView &view, const Panel &panel, const QList<SeriesContent> &series)
{
    constexpr const char *shownNames = "seriesNames";
    const QStringList names = namesOf(series);
    if (view.property(shownNames).toStringList() != names || view.seriesCount() != names.size()) {
        view.setProperty(shownNames, names);
        view.clear();
        for (const AxisSide side : {AxisSide::Left, AxisSide::Right, AxisSide::Hidden}) {
            const auto first = std::ranges::find_if(series, [side](const SeriesContent &one) { return sideOf(one.config.custom) == side; });
            view.setAxis(side, axisOf(first == series.end() ? panel.field : first->config));
        }
        view.setThresholds(thresholdsOf(panel.field, view.palette()));
        view.setLegend(legendOf(panel.options));
        readTooltip(view, panel.options);
        for (const SeriesContent &one : series)
            view.addSeries(one.name, styleOf(one, view.palette()));
    }
    for (int i = 0; i < static_cast<int>(series.size()); ++i) {
        const SeriesContent &one = series.at(i);
        view.replace(i, std::span(one.times.constData(), static_cast<size_t>(one.times.size())),
            std::span(one.values.constData(), static_cast<size_t>(one.values.size())));
    }
}

void showGhost(TimeSeriesView &view, const QList<SeriesContent> &series, const QList<SeriesContent> &ghost)
{
    for (int i = 0; i < static_cast<int>(series.size()); ++i) {
        const auto same = std::ranges::find(ghost, series.at(i).name, &SeriesContent::name);
        if (same != ghost.end())
            view.setGhost(i, std::span(same->times.constData(), static_cast<size_t>(same->times.size())),
                std::span(same->values.constData(), static_cast<size_t>(same->values.size())), 0);
    }
}

void showAnnotations(TimeSeriesView &view, const QList<SessionAnnotation> &annotations)
{
    QVector<ChartAnnotation> shown;
    for (const SessionAnnotation &annotation : annotations)
        shown.append({annotation.from, annotation.to, annotation.text,
            dashboardColor(annotation.color, view.palette()).value_or(tokenColor(Token::Info, view.palette()))});
    view.setAnnotations(shown);
}

} // namespace countersign
