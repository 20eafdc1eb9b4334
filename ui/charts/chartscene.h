#pragma once

#include "ui/charts/chartline.h"
#include "ui/theme/tokens.h"

#include <QVector>

#include <array>
#include <vector>

namespace countersign {

/// All that a chart over time shows, whatever it is painted on.
struct ChartScene {
    QString title = {};
    QString emptyText = {};
    QString stale = {}; ///< how old the data are, where they are too old; empty: fresh
    QString frozen = {}; ///< since when the chart stands still; empty: it follows
    bool bare = false; ///< the lines alone: no axes, no legend
    bool ghost = false;
    std::vector<ChartLine> lines = {};
    std::array<AxisStyle, 3> axes = {}; ///< by AxisSide
    ThresholdStyle thresholds = {};
    QVector<ChartAnnotation> annotations = {};
    LegendStyle legend = {};

    bool isEmpty() const;
    QColor colorOf(std::size_t line, Scheme scheme) const;
    LinePattern patternOf(std::size_t line) const;
    /// Opacity of the fill under a line, 0 to 1.
    double fillOf(std::size_t line) const;
    QString format(AxisSide axis, double value) const;
    AxisStyle &axis(AxisSide side) { return axes[static_cast<std::size_t>(side)]; }
    const AxisStyle &axis(AxisSide side) const { return axes[static_cast<std::size_t>(side)]; }
    /// First to last sample of what is there; {0, 1} without one.
    TimeSpan wholeSpan() const;
    /// What stood at `time`: the last sample at or before it; absent where there is none or it is missing.
    static std::optional<double> valueAt(const TimeSeries &series, qint64 time);
};

}
