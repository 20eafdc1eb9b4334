#include "models/dashboards/frametables.h"

#include "backend/dashboards/jsonvalues.h"
#include "backend/types/strings.h"
#include "models/dashboards/framecells.h"

#include <QHash>
#include <QMap>

#include <algorithm>
#include <cmath>


namespace countersign {

namespace {

using Type = FrameField::Type;

} // namespace

/// One table: rows of which all common columns but values agree become one.
QList<Frame> merged(const QList<Frame> &frames)
{
    if (frames.size() < 2)
        return frames;
    Frame result;
    QHash<QString, qsizetype> rowByKey;
    QStringList common;
    for (const FrameField &field : frames.constFirst().fields)
        common.append(labelOf(field));
    for (const Frame &frame : frames) {
        QStringList own;
        for (const FrameField &field : frame.fields) {
            own.append(labelOf(field));
            if (std::ranges::none_of(result.fields, [&](const FrameField &one) { return labelOf(one) == labelOf(field); }))
                result.fields.append(emptied(field));
        }
        common.removeIf([&own](const QString &name) { return !own.contains(name); });
    }
    for (const Frame &frame : frames) {
        for (qsizetype row = 0; row < frame.rows(); ++row) {
            QString key;
            for (const FrameField &field : frame.fields) {
                if (common.contains(labelOf(field)))
                    key += cellText(field, row) + u'\x1f';
            }
            const auto known = rowByKey.constFind(key);
            const qsizetype at = known == rowByKey.cend() ? result.rows() : *known;
            if (known == rowByKey.cend()) {
                rowByKey.insert(key, at);
                for (FrameField &field : result.fields)
                    appendCell(field, field, -1);
            }
            for (FrameField &field : result.fields) {
                const auto source = std::ranges::find_if(frame.fields, [&](const FrameField &one) { return labelOf(one) == labelOf(field); });
                if (source == frame.fields.end())
                    continue;
                if (field.type == Type::Text)
                    field.texts[at] = cellText(*source, row);
                else if (source->type != Type::Text)
                    field.numbers[at] = source->numbers.value(row, noNumber);
            }
        }
    }
    return {result};
}

QList<Frame> sorted(QList<Frame> frames, const QJsonObject &options)
{
    const QJsonObject sort = options.value("sort"_L1).toArray().at(0).toObject();
    const QString name = sort.value("field"_L1).toString();
    const bool isDescending = sort.value("desc"_L1).toBool();
    for (Frame &frame : frames) {
        const auto field = std::ranges::find_if(std::as_const(frame.fields), [&name](const FrameField &one) { return isNamed(one, name); });
        if (field == frame.fields.cend())
            continue;
        QVector<qsizetype> rows = allRows(frame);
        std::sort(rows.begin(), rows.end(), [&](qsizetype a, qsizetype b) {
            if (field->type == Type::Text) {
                const int order = field->texts.at(a).compare(field->texts.at(b));
                return order != 0 ? (isDescending ? order > 0 : order < 0) : a < b;
            }
            const double left = field->numbers.at(a);
            const double right = field->numbers.at(b);
            if (std::isnan(left) || std::isnan(right))
                return std::isnan(left) == std::isnan(right) ? a < b : std::isnan(right);
            return left != right ? (isDescending ? left > right : left < right) : a < b;
        });
        frame = rowsOf(frame, rows);
    }
    return frames;
}

QList<Frame> grouped(const QList<Frame> &frames, const QJsonObject &options)
{
    const QJsonObject fields = options.value("fields"_L1).toObject();
    const auto actionOf = [&fields](const FrameField &field) {
        const QJsonValue named = fields.value(labelOf(field));
        return (named.isUndefined() ? fields.value(field.name) : named).toObject();
    };
    QList<Frame> results;
    for (const Frame &frame : frames) {
        QMap<qsizetype, QVector<qsizetype>> groups; // by first row
        QHash<QString, qsizetype> firstRow;
        for (qsizetype row = 0; row < frame.rows(); ++row) {
            QString key;
            for (const FrameField &field : frame.fields) {
                if (actionOf(field).value("operation"_L1).toString() == u"groupby"_s)
                    key += cellText(field, row) + u'\x1f';
            }
            if (!firstRow.contains(key))
                firstRow.insert(key, row);
            groups[firstRow.value(key)].append(row);
        }
        Frame result{frame.refId, frame.name, {}};
        for (const FrameField &field : frame.fields) {
            const QJsonObject action = actionOf(field);
            if (action.value("operation"_L1).toString() == u"groupby"_s) {
                FrameField copy = emptied(field);
                for (auto it = groups.constBegin(); it != groups.constEnd(); ++it)
                    appendCell(copy, field, it.key());
                result.fields.append(copy);
                continue;
            }
            const QStringList calculations = textsOf(action.value("aggregations"_L1));
            for (const QString &calculation : calculations) {
                FrameField copy = emptied(field);
                copy.type = Type::Number;
                copy.name = u"%1 (%2)"_s.arg(labelOf(field), calculation);
                copy.legend.clear();
                copy.displayName.clear();
                for (const QVector<qsizetype> &rows : std::as_const(groups)) {
                    QVector<double> values;
                    for (const qsizetype row : rows)
                        values.append(field.type == Type::Text ? 0 : field.numbers.at(row));
                    copy.numbers.append(calculation == u"count"_s ? static_cast<double>(rows.size()) : reducedBy(calculation, values));
                }
                result.fields.append(copy);
            }
        }
        if (!result.fields.isEmpty())
            results.append(result);
    }
    return results;
}

/// One table over a common field, all of whose values stay ("outer") or those that all have ("inner").
QList<Frame> joined(const QList<Frame> &frames, const QJsonObject &options)
{
    const QString wanted = options.value("byField"_L1).toString();
    const bool isInner = options.value("mode"_L1).toString() == u"inner"_s;
    Frame result;
    QMap<double, int> numbers;
    QMap<QString, int> texts;
    QVector<std::pair<const Frame *, const FrameField *>> keyed;
    for (const Frame &frame : frames) {
        const auto key = std::ranges::find_if(frame.fields, [&](const FrameField &field) {
            return wanted.isEmpty() ? field.type == Type::Time : isNamed(field, wanted);
        });
        if (key == frame.fields.end())
            continue;
        keyed.append({&frame, &*key});
        for (qsizetype row = 0; row < frame.rows(); ++row) {
            if (key->type == Type::Text)
                ++texts[key->texts.at(row)];
            else
                ++numbers[key->numbers.at(row)];
        }
    }
    if (keyed.isEmpty())
        return frames;
    const auto all = static_cast<int>(keyed.size());
    FrameField key = emptied(*keyed.constFirst().second);
    QHash<QString, qsizetype> rows;
    const auto add = [&](const QString &text, int count, auto append) {
        if (isInner && count < all)
            return;
        rows.insert(text, rows.size());
        append();
    };
    for (auto it = numbers.constBegin(); it != numbers.constEnd(); ++it)
        add(QString::number(it.key(), 'g', 17), it.value(), [&] { key.numbers.append(it.key()); });
    for (auto it = texts.constBegin(); it != texts.constEnd(); ++it)
        add(it.key(), it.value(), [&] { key.texts.append(it.key()); });
    result.fields.append(key);
    for (const auto &[frame, own] : std::as_const(keyed)) {
        for (const FrameField &field : frame->fields) {
            if (&field == own)
                continue;
            FrameField column = emptied(field);
            for (qsizetype i = 0; i < rows.size(); ++i)
                appendCell(column, field, -1);
            for (qsizetype row = 0; row < frame->rows(); ++row) {
                const auto at = rows.constFind(cellText(*own, row));
                if (at == rows.cend())
                    continue;
                if (column.type == Type::Text)
                    column.texts[*at] = field.texts.at(row);
                else
                    column.numbers[*at] = field.numbers.at(row);
            }
            result.fields.append(column);
        }
    }
    return {result};
}

} // namespace countersign
