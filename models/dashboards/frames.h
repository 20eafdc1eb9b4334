#pragma once

#include "backend/metrics/prometheusreply.h"
#include "models/dashboards/frame.h"

#include <QList>

namespace countersign {

/// What one query answered, as frames: one a series, or one table with the labels as columns (format "table"). \a
/// legendFormat has its variables put in; \a valueName is the table's column of values ("Value", "Value #A").
/// A step of a range that has no sample becomes NaN, so that a line has its gap; \a step zero: unknown.
QList<Frame> framesOf(const PrometheusResult &result, const PanelTarget &target, const QString &legendFormat,
    const QString &valueName, std::chrono::milliseconds step = {});

/// The text of a legend: "{{label}}" of the format is the label's value. Empty for "" and "__auto".
QString legendText(const QString &format, const QMap<QString, QString> &labels);

/// Gives every field its configuration: the panel's, then the overrides that match, in their order; and its name.
void configureFields(QList<Frame> &frames, const FieldConfig &defaults, const QList<FieldOverride> &overrides);

} // namespace countersign
