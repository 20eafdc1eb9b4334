#pragma once

#include "ui/map/flowmapdata.h"

#include <optional>

namespace countersign {

class OverviewState;

/// The map of the overview in the words and figures that the widget draws.
FlowMapData flowMapOf(const OverviewState &state);

/// "0.8 /s", "12 /min" where a second is too short, "–" when nobody said.
QString rateText(std::optional<double> perSecond);

} // namespace countersign
