#pragma once

#include "ui/charts/chartstyle.h"
#include "ui/charts/timeseries.h"
#include "ui/theme/tokens.h"

#include <QString>

namespace countersign {

/// One series of a chart with all that is known of it.
struct ChartLine {
    QString name;
    SeriesStyle style = {};
    TimeSeries series = {};
    ReducerTotals totals = {};
    TimeSeries ghost = {}; ///< the same of an earlier time, already moved to this one
    std::optional<Token> token = std::nullopt; ///< a colour of the console instead of the palette's
    bool hidden = false; ///< by a choice in the legend

    bool shown() const { return style.visible && !hidden; }
    bool stacked() const { return style.stack != StackMode::None && style.draw != DrawStyle::Points; }
};

/// Samples of [range.from, range.to] with one more on either side, so that a line leaves the plot instead of ending in
/// it.
struct SampleRange {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t count() const { return end - begin; }
};
inline SampleRange samplesIn(const TimeSeries &series, const TimeSpan &range)
{
    if (series.isEmpty())
        return {};
    const std::size_t begin = series.indexAt(range.from, 0);
    const std::size_t end = series.indexAt(range.to + 1, series.size() - 1);
    return {begin > 0 ? begin - 1 : 0, end + 1 < series.size() ? end + 1 : series.size()};
}

}
