#pragma once

#include "ui/charts/axis.h"
#include "ui/charts/timeseries.h"

#include <QPointF>
#include <QRectF>

#include <span>
#include <vector>

namespace countersign {

/// From time and value to a place in the plot.
struct PlotMap {
    QRectF plot;
    TimeSpan span;
    ValueAxis axis;

    double x(qint64 time) const { return plot.left() + double(time - span.from) / span.length() * plot.width(); }
    double y(double value) const
    {
        // Far outside is as good as outside, and painters do not like what is very far.
        const double share = axis.share(value);
        return plot.top() + (1.0 - (share > 50 ? 50 : share < -50 ? -50 : share)) * plot.height();
    }
    qint64 timeAt(double x) const
    {
        return span.from + static_cast<qint64>((x - plot.left()) / plot.width() * span.length());
    }
};

/// Unbroken runs of points, one after another in one vector that keeps its memory.
class CurveSet final {
public:
    void clear();
    void add(const QPointF &point) { m_points.push_back(point); }
    /// Ends the run; an empty one is none.
    void breakRun();
    std::size_t size() const { return m_ends.size(); }
    std::span<const QPointF> run(std::size_t index) const;

private:
    std::vector<QPointF> m_points;
    std::vector<std::size_t> m_ends;
};

/// Samples `begin` to `end` as runs by the style's interpolation and its handling of gaps. \a sign: -1 draws it upside
/// down.
void buildCurves(CurveSet &curves, const TimeSeries &series, std::size_t begin, std::size_t end, const SeriesStyle &style,
    const PlotMap &map);
/// The same of values that stand at `times`.
void buildCurves(CurveSet &curves, std::span<const qint64> times, std::span<const double> values,
    const SeriesStyle &style, const PlotMap &map);

/// Height of a run at the middle of each pixel column of [0, heights.size()); NaN where the run is not.
void sampleRun(std::span<const QPointF> run, std::span<float> heights);

}
