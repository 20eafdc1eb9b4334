#pragma once

#include <QJsonArray>
#include <QJsonObject>

namespace countersign {

/// A panel in today's form: "graph", "singlestat", the old "table", and the old fields of "heatmap", "text", "gauge" and
/// "bargauge" are converted; every other is given back as it is.
QJsonObject modernPanel(const QJsonObject &panel);

/// The panels of a dashboard before schema 16, whose rows held them with a span, laid out on today's grid.
QJsonArray panelsOfRows(const QJsonArray &rows);

} // namespace countersign
