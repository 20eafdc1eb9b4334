#pragma once

#include "models/dashboards/dashboardsession.h"

class QWidget;

namespace countersign {

class TimeSeriesView;

/// Shows series with everything that a panel of type "timeseries" says about how: lines, axes, stacks, thresholds, legend.
/// Series that are there already only get their values.
void showSeries(TimeSeriesView &view, const Panel &panel, const QList<SeriesContent> &series);
/// The same panel a week earlier, by the names of the series.
void showGhost(TimeSeriesView &view, const QList<SeriesContent> &series, const QList<SeriesContent> &ghost);
void showAnnotations(TimeSeriesView &view, const QList<SessionAnnotation> &annotations);

} // namespace countersign
