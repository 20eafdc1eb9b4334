#include "models/dashboards/framecalculations.h"

#include "backend/dashboards/jsonvalues.h"
#include "backend/types/strings.h"
#include "models/charts/reducers.h"
#include "models/dashboards/framecells.h"

#include <QMap>

#include <algorithm>


namespace countersign {

namespace {

using Type = FrameField::Type;

double combined(const QString &op, double left, double right)
{
    if (op == u"+"_s)
        return left + right;
    if (op == u"-"_s)
        return left - right;
    if (op == u"*"_s)
        return left * right;
    return op == u"/"_s ? left / right : noNumber;
}

/// The operand of a calculation: a field by name, or a number.
std::optional<QVector<double>> operand(const Frame &frame, const QJsonValue &json)
{
    const QJsonObject object = json.toObject();
    const QString name = json.isObject() ? textOf(object.value("matcher"_L1).toObject().value("options"_L1)) : textOf(json);
    for (const FrameField &field : frame.fields) {
        if (field.type == Type::Number && isNamed(field, name))
            return field.numbers;
    }
    const auto number = numberOf(json.isObject() ? object.value("fixed"_L1) : json);
    return number ? std::optional(QVector<double>(frame.rows(), *number)) : std::nullopt;
}

} // namespace

QList<Frame> seriesToRows(const QList<Frame> &frames)
{
    FrameField time;
    time.name = u"Time"_s;
    time.type = Type::Time;
    FrameField metric;
    metric.name = u"Metric"_s;
    metric.type = Type::Text;
    FrameField value;
    value.name = u"Value"_s;
    QVector<std::tuple<double, QString, double>> rows;
    for (const Frame &frame : frames) {
        const qsizetype at = frame.find(Type::Time);
        for (const FrameField &field : frame.fields) {
            if (field.type != Type::Number || at < 0)
                continue;
            for (qsizetype row = 0; row < field.numbers.size(); ++row)
                rows.append({frame.fields.at(at).numbers.at(row), labelOf(field), field.numbers.at(row)});
        }
    }
    std::sort(rows.begin(), rows.end(), [](const auto &a, const auto &b) {
        return std::get<0>(a) != std::get<0>(b) ? std::get<0>(a) > std::get<0>(b) : std::get<1>(a) < std::get<1>(b);
    });
    for (const auto &[when, name, number] : std::as_const(rows)) {
        time.numbers.append(when);
        metric.texts.append(name);
        value.numbers.append(number);
    }
    return {Frame{{}, {}, {time, metric, value}}};
}

QList<Frame> calculated(QList<Frame> frames, const QJsonObject &options)
{
    const QString mode = options.value("mode"_L1).toString();
    const QJsonObject binary = options.value("binary"_L1).toObject();
    const QJsonObject reduction = options.value("reduce"_L1).toObject();
    const QString op = binary.value("operator"_L1).toString(binary.value("operation"_L1).toString());
    for (Frame &frame : frames) {
        FrameField result;
        if (mode == u"binary"_s) {
            const auto left = operand(frame, binary.value("left"_L1));
            const auto right = operand(frame, binary.value("right"_L1));
            if (!left || !right)
                continue;
            for (qsizetype row = 0; row < frame.rows(); ++row)
                result.numbers.append(combined(op, left->at(row), right->at(row)));
            result.name = u"%1 %2 %3"_s.arg(textOf(binary.value("left"_L1)), op, textOf(binary.value("right"_L1)));
        } else {
            const QStringList include = textsOf(reduction.value("include"_L1));
            const QString calculation = reduction.value("reducer"_L1).toString(u"sum"_s);
            for (qsizetype row = 0; row < frame.rows(); ++row) {
                QVector<double> values;
                for (const FrameField &field : frame.fields) {
                    if (field.type == Type::Number && (include.isEmpty() || include.contains(labelOf(field)) || include.contains(field.name)))
                        values.append(field.numbers.at(row));
                }
                result.numbers.append(reducedBy(calculation, values));
            }
            result.name = reducerFromId(calculation) ? reducerLabel(*reducerFromId(calculation)) : calculation;
        }
        if (const QString alias = options.value("alias"_L1).toString(); !alias.isEmpty())
            result.name = alias;
        if (options.value("replaceFields"_L1).toBool())
            frame.fields.removeIf([](const FrameField &field) { return field.type == Type::Number; });
        frame.fields.append(result);
    }
    return frames;
}

QList<Frame> reducedFrames(const QList<Frame> &frames, const QJsonObject &options)
{
    const QStringList reducers = textsOf(options.value("reducers"_L1));
    const QStringList calculations = reducers.isEmpty() ? QStringList{u"max"_s} : reducers;
    const bool keepsLabels = options.value("labelsToFields"_L1).toBool();
    if (options.value("mode"_L1).toString() == u"reduceFields"_s) {
        QList<Frame> results;
        for (const Frame &frame : frames) {
            Frame result{frame.refId, frame.name, {}};
            for (const FrameField &field : frame.fields) {
                if (field.type != Type::Number)
                    continue;
                for (const QString &calculation : calculations) {
                    FrameField copy = emptied(field);
                    copy.numbers = {reducedBy(calculation, field.numbers)};
                    result.fields.append(copy);
                }
            }
            results.append(result);
        }
        return results;
    }
    Frame result;
    FrameField name;
    name.name = u"Field"_s;
    name.type = Type::Text;
    result.fields.append(name);
    QStringList labels;
    if (keepsLabels) {
        for (const Frame &frame : frames) {
            for (const FrameField &field : frame.fields) {
                for (auto it = field.labels.constBegin(); it != field.labels.constEnd(); ++it) {
                    if (!labels.contains(it.key()))
                        labels.append(it.key());
                }
            }
        }
        for (const QString &label : std::as_const(labels)) {
            FrameField column;
            column.name = label;
            column.type = Type::Text;
            result.fields.append(column);
        }
    }
    for (const QString &calculation : calculations) {
        FrameField column;
        column.name = reducerFromId(calculation) ? reducerLabel(*reducerFromId(calculation)) : calculation;
        result.fields.append(column);
    }
    for (const Frame &frame : frames) {
        for (const FrameField &field : frame.fields) {
            if (field.type != Type::Number)
                continue;
            result.fields[0].texts.append(labelOf(field));
            for (qsizetype i = 0; i < labels.size(); ++i)
                result.fields[1 + i].texts.append(field.labels.value(labels.at(i)));
            for (qsizetype i = 0; i < calculations.size(); ++i)
                result.fields[1 + labels.size() + i].numbers.append(reducedBy(calculations.at(i), field.numbers));
        }
    }
    return {result};
}

/// One row a series with its labels and its last value; the line itself stays with the value's history.
QList<Frame> seriesTable(const QList<Frame> &frames)
{
    QMap<QString, Frame> tables;
    for (const Frame &frame : frames) {
        for (const FrameField &field : frame.fields) {
            if (field.type != Type::Number)
                continue;
            Frame &table = tables[frame.refId];
            table.refId = frame.refId;
            const qsizetype rows = table.rows();
            for (auto it = field.labels.constBegin(); it != field.labels.constEnd(); ++it) {
                if (std::ranges::none_of(table.fields, [&it](const FrameField &one) { return one.name == it.key(); })) {
                    FrameField column;
                    column.name = it.key();
                    column.type = Type::Text;
                    column.texts = QStringList(rows, QString());
                    table.fields.prepend(column);
                }
            }
            const QString trend = u"Trend #"_s + frame.refId;
            if (std::ranges::none_of(table.fields, [&trend](const FrameField &one) { return one.name == trend; })) {
                FrameField column;
                column.name = trend;
                column.numbers = QVector<double>(rows, noNumber);
                table.fields.append(column);
            }
            for (FrameField &column : table.fields) {
                if (column.type == Type::Text)
                    column.texts.append(field.labels.value(column.name));
                else
                    column.numbers.append(reducedBy(u"lastNotNull"_s, field.numbers));
            }
        }
    }
    return tables.values();
}

} // namespace countersign
