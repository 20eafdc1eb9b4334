#pragma once

#include "models/dashboards/panelcontent.h"

namespace countersign {

/// Buckets over time from classic histograms (series by `le`, cumulative, or one series a bucket), native ones, or, where
/// the panel says so, from the values of series themselves.
HeatContent heatOf(const Panel &panel, const QList<TargetAnswer> &answers);

} // namespace countersign
