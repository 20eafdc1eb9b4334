#include "models/dashboards/transformations.h"

#include "backend/dashboards/jsonvalues.h"
#include "backend/types/strings.h"
#include "models/dashboards/framecalculations.h"
#include "models/dashboards/framecells.h"
#include "models/dashboards/frametables.h"

#include <QJsonArray>
#include <QMap>
#include <QRegularExpression>

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

using Type = FrameField::Type;

QList<Frame> organize(QList<Frame> frames, const QJsonObject &options)
{
    const QJsonObject excluded = options.value("excludeByName"_L1).toObject();
    const QJsonObject included = options.value("includeByName"_L1).toObject();
    const QJsonObject order = options.value("indexByName"_L1).toObject();
    const QJsonObject renamed = options.value("renameByName"_L1).toObject();
    const auto valueFor = [](const QJsonObject &object, const FrameField &field) {
        const QJsonValue value = object.value(labelOf(field));
        return value.isUndefined() ? object.value(field.name) : value;
    };
    for (Frame &frame : frames) {
        frame.fields.removeIf([&](const FrameField &field) {
            return valueFor(excluded, field).toBool() || (!included.isEmpty() && !valueFor(included, field).toBool());
        });
        QVector<std::pair<double, FrameField>> ordered;
        for (qsizetype i = 0; i < frame.fields.size(); ++i)
            ordered.append({valueFor(order, frame.fields.at(i)).toDouble(1e6 + static_cast<double>(i)), frame.fields.at(i)});
        std::ranges::sort(ordered, {}, &std::pair<double, FrameField>::first);
        frame.fields.clear();
        for (auto &[position, field] : ordered) {
            if (const QString name = valueFor(renamed, field).toString(); !name.isEmpty()) {
                field.legend = name;
                field.displayName.clear();
            }
            frame.fields.append(field);
        }
    }
    return frames;
}

QRegularExpression patternOf(QString text)
{
    if (text.size() > 1 && text.startsWith(u'/') && text.lastIndexOf(u'/') > 0)
        text = text.sliced(1, text.lastIndexOf(u'/') - 1);
    return QRegularExpression(text);
}

QList<Frame> renamed(QList<Frame> frames, const QJsonObject &options)
{
    const QRegularExpression pattern = patternOf(options.value("regex"_L1).toString());
    // "$1" of JavaScript is "\1" here.
    static const QRegularExpression group(uR"(\$(\d))"_s);
    const QString replacement = options.value("renamePattern"_L1).toString().replace(group, u"\\\\1"_s);
    if (!pattern.isValid())
        return frames;
    for (Frame &frame : frames) {
        for (FrameField &field : frame.fields) {
            field.legend = labelOf(field).replace(pattern, replacement);
            field.displayName.clear();
        }
    }
    return frames;
}

QList<Frame> filteredByName(QList<Frame> frames, const QJsonObject &options)
{
    const QJsonObject include = options.value("include"_L1).toObject();
    const QJsonObject exclude = options.value("exclude"_L1).toObject();
    const auto matches = [](const QJsonObject &rule, const FrameField &field) {
        const QString pattern = rule.value("pattern"_L1).toString();
        const QRegularExpression expression = patternOf(pattern);
        const QStringList names = textsOf(rule.value("names"_L1));
        return names.contains(labelOf(field)) || names.contains(field.name)
            || (!pattern.isEmpty() && expression.isValid() && expression.match(labelOf(field)).hasMatch());
    };
    for (Frame &frame : frames)
        frame.fields.removeIf([&](const FrameField &field) {
            return (!include.isEmpty() && !matches(include, field)) || (!exclude.isEmpty() && matches(exclude, field));
        });
    frames.removeIf([](const Frame &frame) { return frame.fields.isEmpty(); });
    return frames;
}

QList<Frame> filteredByRefId(QList<Frame> frames, const QJsonObject &options)
{
    const QRegularExpression pattern = patternOf(options.value("include"_L1).toString());
    frames.removeIf([&pattern](const Frame &frame) { return pattern.isValid() && !pattern.match(frame.refId).hasMatch(); });
    return frames;
}

bool holds(double value, const QString &id, const QJsonObject &options)
{
    const double limit = numberOf(options.value("value"_L1)).value_or(noNumber);
    if (id == u"greater"_s)
        return value > limit;
    if (id == u"greaterOrEqual"_s)
        return value >= limit;
    if (id == u"lower"_s)
        return value < limit;
    if (id == u"lowerOrEqual"_s)
        return value <= limit;
    if (id == u"equal"_s)
        return value == limit;
    if (id == u"notEqual"_s)
        return value != limit;
    if (id == u"isNull"_s)
        return std::isnan(value);
    if (id == u"isNotNull"_s)
        return !std::isnan(value);
    return true;
}

QList<Frame> filteredByValue(QList<Frame> frames, const QJsonObject &options)
{
    const QJsonArray filters = options.value("filters"_L1).toArray();
    const bool needsAll = options.value("match"_L1).toString() == u"all"_s;
    const bool excludes = options.value("type"_L1).toString() == u"exclude"_s;
    for (Frame &frame : frames) {
        QVector<qsizetype> rows;
        for (qsizetype row = 0; row < frame.rows(); ++row) {
            int held = 0;
            for (const QJsonValue &one : filters) {
                const QJsonObject filter = one.toObject();
                const QJsonObject config = filter.value("config"_L1).toObject();
                const QString name = filter.value("fieldName"_L1).toString();
                const auto field = std::ranges::find_if(std::as_const(frame.fields), [&name](const FrameField &candidate) { return isNamed(candidate, name); });
                if (field != frame.fields.cend() && field->type != Type::Text
                    && holds(field->numbers.at(row), config.value("id"_L1).toString(), config.value("options"_L1).toObject()))
                    ++held;
            }
            const bool isMatch = needsAll ? held == filters.size() : held > 0;
            if (isMatch != excludes)
                rows.append(row);
        }
        frame = rowsOf(frame, rows);
    }
    return frames;
}

QList<Frame> limited(QList<Frame> frames, const QJsonObject &options)
{
    const int limit = wholeOf(options.value("limitField"_L1), 10, 0, 1'000'000);
    for (Frame &frame : frames) {
        QVector<qsizetype> rows = allRows(frame);
        rows.resize(std::min<qsizetype>(rows.size(), limit));
        frame = rowsOf(frame, rows);
    }
    return frames;
}

/// A column for each label, constant over a series.
QList<Frame> labelsToFields(QList<Frame> frames)
{
    for (Frame &frame : frames) {
        QMap<QString, QString> labels;
        for (FrameField &field : frame.fields) {
            labels.insert(field.labels);
            field.labels.clear();
            field.displayName.clear();
        }
        const qsizetype rows = frame.rows();
        qsizetype at = frame.find(Type::Time) + 1;
        for (auto it = labels.constBegin(); it != labels.constEnd(); ++it) {
            if (it.key() == u"__name__"_s)
                continue;
            FrameField column;
            column.name = it.key();
            column.type = Type::Text;
            column.texts = QStringList(rows, it.value());
            frame.fields.insert(at++, column);
        }
    }
    return frames;
}

QList<Frame> apply(const QList<Frame> &frames, const Transformation &transformation)
{
    const QString &id = transformation.id;
    const QJsonObject &options = transformation.options;
    if (id == u"organize"_s)
        return organize(frames, options);
    if (id == u"merge"_s)
        return merged(frames);
    if (id == u"sortBy"_s)
        return sorted(frames, options);
    if (id == u"groupBy"_s)
        return grouped(frames, options);
    if (id == u"joinByField"_s || id == u"seriesToColumns"_s)
        return joined(frames, options);
    if (id == u"seriesToRows"_s)
        return seriesToRows(frames);
    if (id == u"calculateField"_s)
        return calculated(frames, options);
    if (id == u"reduce"_s)
        return reducedFrames(frames, options);
    if (id == u"renameByRegex"_s)
        return renamed(frames, options);
    if (id == u"filterFieldsByName"_s)
        return filteredByName(frames, options);
    if (id == u"filterByRefId"_s)
        return filteredByRefId(frames, options);
    if (id == u"filterByValue"_s)
        return filteredByValue(frames, options);
    if (id == u"limit"_s)
        return limited(frames, options);
    if (id == u"labelsToFields"_s)
        return labelsToFields(frames);
    return id == u"timeSeriesTable"_s ? seriesTable(frames) : frames;
}

} // namespace

QList<Frame> transformed(QList<Frame> frames, const QList<Transformation> &transformations)
{
    for (const Transformation &transformation : transformations) {
        if (!transformation.isDisabled)
            frames = apply(frames, transformation);
    }
    return frames;
}

} // namespace countersign
