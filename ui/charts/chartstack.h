#pragma once

#include "ui/charts/chartline.h"

#include <vector>

namespace countersign {

/// One series of a stack: where it stands and ends at each of the stack's times. NaN where it has no sample.
struct StackLayer {
    std::size_t line = 0; ///< index of the series
    std::vector<double> low = {};
    std::vector<double> high = {};
};

/// Series that stand on one another, in their order, from the axis outwards: what is above zero upwards, what is below
/// downwards.
struct ChartStack {
    AxisSide axis = AxisSide::Left;
    bool percent = false;
    std::vector<qint64> times = {};
    std::vector<StackLayer> layers = {};
};

/// The stacks among `lines` in `range`, one for each group and axis. Where samples stand closer than `columns` allow,
/// a stack has one time a column and takes the highest sample of each. Percent: each layer's share of its time's sum,
/// 0 to 100.
std::vector<ChartStack> buildStacks(const std::vector<ChartLine> &lines, const TimeSpan &range, int columns);

}
