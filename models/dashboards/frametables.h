#pragma once

#include "models/dashboards/frame.h"

#include <QJsonObject>
#include <QList>

namespace countersign {

// Transformations of whole tables, by the names of Grafana: merge, sortBy, groupBy, joinByField.

QList<Frame> merged(const QList<Frame> &frames);
QList<Frame> sorted(QList<Frame> frames, const QJsonObject &options);
QList<Frame> grouped(const QList<Frame> &frames, const QJsonObject &options);
QList<Frame> joined(const QList<Frame> &frames, const QJsonObject &options);

} // namespace countersign
