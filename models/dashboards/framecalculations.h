#pragma once

#include "models/dashboards/frame.h"

#include <QJsonObject>
#include <QList>

namespace countersign {

// Transformations that compute: seriesToRows, calculateField, reduce, timeSeriesTable.

QList<Frame> seriesToRows(const QList<Frame> &frames);
QList<Frame> calculated(QList<Frame> frames, const QJsonObject &options);
QList<Frame> reducedFrames(const QList<Frame> &frames, const QJsonObject &options);
QList<Frame> seriesTable(const QList<Frame> &frames);

} // namespace countersign
