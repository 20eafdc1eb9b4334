#pragma once

#include "models/dashboards/frame.h"

#include <QList>

namespace countersign {

/// Runs a panel's transformations over its frames, in their order (Grafana's organize, merge, sortBy, groupBy, joinByField,
/// seriesToRows, calculateField, reduce, renameByRegex, filterFieldsByName, filterByRefId, filterByValue, timeSeriesTable,
/// labelsToFields, limit). One that is not known changes nothing.
QList<Frame> transformed(QList<Frame> frames, const QList<Transformation> &transformations);

} // namespace countersign
