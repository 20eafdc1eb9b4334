#include "models/dashboards/panelcontent.h"

#include "backend/dashboards/jsonvalues.h"
#include "backend/dashboards/panelsupport.h"
#include "backend/types/strings.h"
#include "models/charts/reducers.h"
#include "models/dashboards/frames.h"
#include "models/dashboards/heatcontent.h"
#include "models/dashboards/transformations.h"

#include <QRegularExpression>

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

using Kind = PanelContent::Kind;
using Type = FrameField::Type;

constexpr int maxValues = 1'000;

QVector<qint64> timesOf(const Frame &frame)
{
    QVector<qint64> times;
    if (const qsizetype at = frame.find(Type::Time); at >= 0) {
        for (const double time : frame.fields.at(at).numbers)
            times.append(static_cast<qint64>(time));
    }
    return times;
}

QList<SeriesContent> seriesOf(const QList<Frame> &frames)
{
    QList<SeriesContent> series;
    for (const Frame &frame : frames) {
        const QVector<qint64> times = timesOf(frame);
        for (const FrameField &field : frame.fields) {
            if (field.type != Type::Number || times.size() != field.numbers.size()
                || field.config.custom.value("hideFrom"_L1).toObject().value("viz"_L1).toBool())
                continue;
            series.append({field.displayName, times, field.numbers, field.config});
        }
    }
    return series;
}

std::pair<std::optional<double>, std::optional<double>> bounds(const QVector<double> &values)
{
    std::optional<double> low;
    std::optional<double> high;
    for (const double value : values) {
        if (std::isnan(value))
            continue;
        low = low ? std::min(*low, value) : value;
        high = high ? std::max(*high, value) : value;
    }
    return {low, high};
}

bool isWanted(const FrameField &field, const QString &fields)
{
    if (fields.isEmpty())
        return field.type == Type::Number;
    if (fields == u"/.*/"_s)
        return field.type != Type::Time;
    if (fields.startsWith(u'/') && fields.endsWith(u'/') && fields.size() > 1) {
        const QRegularExpression pattern(fields.sliced(1).chopped(1));
        return pattern.isValid() && pattern.match(field.displayName).hasMatch();
    }
    return field.displayName == fields || field.name == fields;
}

/// All rows of a field as values of their own, named by the row's texts.
void appendRows(QList<ValueContent> &values, const Frame &frame, const FrameField &field, qsizetype limit)
{
    const auto [low, high] = bounds(field.numbers);
    for (qsizetype row = 0; row < std::min(field.size(), limit) && values.size() < maxValues; ++row) {
        QStringList names;
        for (const FrameField &other : frame.fields) {
            if (other.type == Type::Text && &other != &field)
                names.append(other.texts.value(row));
        }
        ValueContent value;
        value.name = names.isEmpty() ? field.displayName : names.join(u' ');
        value.config = field.config;
        value.value = field.type == Type::Text ? displayOf(field.texts.at(row), field.config) : displayOf(field.numbers.at(row), field.config, low, high);
        values.append(value);
    }
}

QList<ValueContent> valuesOf(const QList<Frame> &frames, const QJsonObject &options)
{
    const QJsonObject reduction = options.value("reduceOptions"_L1).toObject();
    const QStringList calculations = textsOf(reduction.value("calcs"_L1));
    const Reducer reducer = reducerFromId(calculations.value(0)).value_or(Reducer::LastNotNull);
    const QString fields = reduction.value("fields"_L1).toString();
    const bool showsRows = reduction.value("values"_L1).toBool();
    const int limit = wholeOf(reduction.value("limit"_L1), 25, 1, maxValues);
    QList<ValueContent> values;
    for (const Frame &frame : frames) {
        for (const FrameField &field : frame.fields) {
            if (!isWanted(field, fields) || values.size() == maxValues)
                continue;
            if (showsRows) {
                appendRows(values, frame, field, limit);
                continue;
            }
            ValueContent value;
            value.name = field.displayName;
            value.config = field.config;
            if (field.type == Type::Text) {
                value.value = displayOf(field.texts.value(field.texts.size() - 1), field.config);
            } else {
                const std::span<const double> numbers(field.numbers.constData(), static_cast<size_t>(field.numbers.size()));
                const auto [low, high] = bounds(field.numbers);
                value.value = displayOf(reduce(reducer, numbers).value_or(std::nan("")), field.config, low, high);
                value.times = timesOf(frame);
                value.history = field.numbers;
            }
            values.append(value);
        }
    }
    return values;
}

bool isSame(const DisplayValue &a, const DisplayValue &b)
{
    return a.text == b.text && a.color == b.color;
}

/// Lanes: values that follow each other and look the same become one span where \a merge is set.
QList<StateContent> statesOf(const QList<Frame> &frames, bool merge, qint64 end)
{
    QList<StateContent> lanes;
    for (const Frame &frame : frames) {
        const QVector<qint64> times = timesOf(frame);
        for (const FrameField &field : frame.fields) {
            if (field.type == Type::Time || field.size() != times.size())
                continue;
            const qint64 step = times.size() > 1 ? times.at(1) - times.at(0) : 0;
            StateContent lane{field.displayName, {}};
            for (qsizetype i = 0; i < times.size(); ++i) {
                const bool isGap = field.type == Type::Number && std::isnan(field.numbers.at(i));
                if (isGap)
                    continue;
                const DisplayValue value = field.type == Type::Text ? displayOf(field.texts.at(i), field.config) : displayOf(field.numbers.at(i), field.config);
                const qint64 until = i + 1 < times.size() ? times.at(i + 1) : std::max(times.at(i) + step, std::min(end, times.at(i) + step));
                if (merge && !lane.spans.isEmpty() && lane.spans.constLast().to == times.at(i) && isSame(lane.spans.constLast().value, value))
                    lane.spans.last().to = until;
                else
                    lane.spans.append({times.at(i), until, value});
            }
            lanes.append(lane);
        }
    }
    return lanes;
}

PanelContent textContent(const Panel &panel, const InterpolationScope &scope)
{
    PanelContent content;
    content.kind = Kind::Text;
    content.text = interpolate(panel.options.value("content"_L1).toString(), scope, DefaultFormat::Text).text;
    content.isMarkdown = panel.options.value("mode"_L1).toString() != u"html"_s;
    return content;
}

QList<Frame> framesOfAll(const Panel &panel, const QList<TargetAnswer> &answers)
{
    const auto tables = std::ranges::count_if(answers, [](const TargetAnswer &answer) { return answer.target.format == PanelTarget::Format::Table; });
    QList<Frame> frames;
    for (const TargetAnswer &answer : answers) {
        const QString name = tables > 1 ? u"Value #"_s + answer.target.refId : u"Value"_s;
        frames += framesOf(answer.result, answer.target, answer.legendFormat, name, answer.step);
    }
    // Names first: transformations mean fields by what people read.
    configureFields(frames, panel.field, {});
    frames = transformed(frames, panel.transformations);
    configureFields(frames, panel.field, panel.overrides);
    return frames;
}

QList<Frame> tablesOf(QList<Frame> frames)
{
    for (Frame &frame : frames)
        frame.fields.removeIf([](const FrameField &field) { return field.config.custom.value("hidden"_L1).toBool(); });
    return frames;
}

} // namespace

bool PanelContent::isEmpty() const
{
    const auto hasRows = [](const Frame &frame) { return frame.rows() > 0; };
    switch (kind) {
    case Kind::Series:
        return series.isEmpty();
    case Kind::Values:
        return values.isEmpty();
    case Kind::States:
        return states.isEmpty();
    case Kind::Table:
    case Kind::Logs:
        return std::ranges::none_of(tables, hasRows);
    case Kind::Heat:
        return heat.times.isEmpty() || heat.counts.isEmpty();
    case Kind::Text:
        return text.isEmpty();
    case Kind::None:
    case Kind::Alerts:
    case Kind::Dashboards:
    case Kind::Unsupported:
        break;
    }
    return false;
}

PanelContent contentOf(const Panel &panel, const QList<TargetAnswer> &answers, const InterpolationScope &scope)
{
    PanelContent content;
    if (const PanelSupport support = supportOf(panel); !support.isSupported) {
        content.kind = Kind::Unsupported;
        content.text = support.reason;
        return content;
    }
    if (panel.type == u"text"_s)
        return textContent(panel, scope);
    if (panel.type == u"alertlist"_s || panel.type == u"dashlist"_s) {
        content.kind = panel.type == u"alertlist"_s ? Kind::Alerts : Kind::Dashboards;
        return content;
    }
    if (panel.type == u"heatmap"_s) {
        content.kind = Kind::Heat;
        content.heat = heatOf(panel, answers);
        return content;
    }
    const QList<Frame> frames = framesOfAll(panel, answers);
    if (panel.type == u"timeseries"_s) {
        content.kind = Kind::Series;
        content.series = seriesOf(frames);
    } else if (panel.type == u"table"_s) {
        content.kind = Kind::Table;
        content.tables = tablesOf(frames);
    } else if (panel.type == u"logs"_s) {
        content.kind = Kind::Logs;
        content.tables = frames;
    } else if (panel.type == u"state-timeline"_s || panel.type == u"status-history"_s) {
        content.kind = Kind::States;
        const bool merges = panel.type == u"state-timeline"_s && panel.options.value("mergeValues"_L1).toBool(true);
        content.states = statesOf(frames, merges, scope.to.millis());
    } else {
        content.kind = Kind::Values;
        content.values = valuesOf(frames, panel.options);
        // Nothing at all has its text as well.
        if (content.values.isEmpty() && !panel.field.noValue.isEmpty())
            content.values.append({{}, displayOf(std::nan(""), panel.field), panel.field, {}, {}});
    }
    return content;
}

} // namespace countersign
