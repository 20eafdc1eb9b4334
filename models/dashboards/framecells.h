#pragma once

#include "models/dashboards/frame.h"

#include <limits>

namespace countersign {

// What transformations do with rows and columns.

/// A cell without a number.
inline constexpr double noNumber = std::numeric_limits<double>::quiet_NaN();

/// The name by which options mean a field, and what people read.
QString labelOf(const FrameField &field);
bool isNamed(const FrameField &field, const QString &name);
/// What stands in a row, as a key and for sorting.
QString cellText(const FrameField &field, qsizetype row);
/// Appends what \a from has in a row; nothing for a row below zero.
void appendCell(FrameField &to, const FrameField &from, qsizetype row);
/// The field without its values.
FrameField emptied(const FrameField &field);
/// The frame with these rows alone.
Frame rowsOf(const Frame &frame, const QVector<qsizetype> &rows);
QVector<qsizetype> allRows(const Frame &frame);
/// What a calculation of that name makes of the values; NaN for one that is not known.
double reducedBy(const QString &id, const QVector<double> &values);

} // namespace countersign
