#include "models/dashboards/framecells.h"

#include "backend/types/strings.h"
#include "models/charts/reducers.h"

#include <numeric>

namespace countersign {

namespace {

using Type = FrameField::Type;

} // namespace

QString labelOf(const FrameField &field)
{
    return field.displayName.isEmpty() ? (field.legend.isEmpty() ? field.name : field.legend) : field.displayName;
}

bool isNamed(const FrameField &field, const QString &name)
{
    return field.name == name || labelOf(field) == name;
}

QString cellText(const FrameField &field, qsizetype row)
{
    return field.type == Type::Text ? field.texts.value(row) : QString::number(field.numbers.value(row, noNumber), 'g', 17);
}

void appendCell(FrameField &to, const FrameField &from, qsizetype row)
{
    if (to.type == Type::Text)
        to.texts.append(row < 0 ? QString() : from.type == Type::Text ? from.texts.value(row) : cellText(from, row));
    else
        to.numbers.append(row < 0 || from.type == Type::Text ? noNumber : from.numbers.value(row, noNumber));
}

FrameField emptied(const FrameField &field)
{
    FrameField copy = field;
    copy.numbers.clear();
    copy.texts.clear();
    return copy;
}

Frame rowsOf(const Frame &frame, const QVector<qsizetype> &rows)
{
    Frame picked{frame.refId, frame.name, {}};
    for (const FrameField &field : frame.fields) {
        FrameField copy = emptied(field);
        for (const qsizetype row : rows)
            appendCell(copy, field, row);
        picked.fields.append(copy);
    }
    return picked;
}

QVector<qsizetype> allRows(const Frame &frame)
{
    QVector<qsizetype> rows(frame.rows());
    std::iota(rows.begin(), rows.end(), 0);
    return rows;
}

double reducedBy(const QString &id, const QVector<double> &values)
{
    const std::optional<Reducer> reducer = reducerFromId(id);
    return reducer ? reduce(*reducer, {values.constData(), static_cast<size_t>(values.size())}).value_or(noNumber) : noNumber;
}

} // namespace countersign
