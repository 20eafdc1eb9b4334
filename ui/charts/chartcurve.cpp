#include "ui/charts/chartcurve.h"

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

constexpr double smoothStep = 2; ///< pixels between the points of a smooth line

/// Slopes of a monotone cubic through `points` (Fritsch and Carlson, 1980): no overshoot, so that no value is invented.
std::vector<double> monotoneSlopes(std::span<const QPointF> points)
{
    const std::size_t count = points.size();
    std::vector<double> secants(count - 1);
    for (std::size_t i = 0; i + 1 < count; ++i) {
        const double width = points[i + 1].x() - points[i].x();
        secants[i] = width > 0 ? (points[i + 1].y() - points[i].y()) / width : 0;
    }
    std::vector<double> slopes(count);
    slopes.front() = secants.front();
    slopes.back() = secants.back();
    for (std::size_t i = 1; i + 1 < count; ++i)
        slopes[i] = secants[i - 1] * secants[i] <= 0 ? 0 : (secants[i - 1] + secants[i]) / 2;
    for (std::size_t i = 0; i + 1 < count; ++i) {
        if (secants[i] == 0) {
            slopes[i] = slopes[i + 1] = 0;
            continue;
        }
        const double a = slopes[i] / secants[i];
        const double b = slopes[i + 1] / secants[i];
        const double size = a * a + b * b;
        if (size > 9) {
            slopes[i] = 3 * a / std::sqrt(size) * secants[i];
            slopes[i + 1] = 3 * b / std::sqrt(size) * secants[i];
        }
    }
    return slopes;
}

/// Adds the runs of one series; holds what a run needs until its next point is known.
class CurveBuilder {
public:
    CurveBuilder(CurveSet &curves, const SeriesStyle &style)
        : m_curves(curves)
        , m_style(style)
    {
    }

    void add(qint64 time, const QPointF &point)
    {
        if (m_gapSince && !bridged(time - *m_gapSince))
            flush();
        m_gapSince.reset();
        m_lastTime = time;
        if (m_style.interpolation == Interpolation::Smooth) {
            m_smooth.push_back(point);
            return;
        }
        if (m_open && m_style.interpolation == Interpolation::StepAfter)
            m_curves.add({point.x(), m_last.y()});
        if (m_open && m_style.interpolation == Interpolation::StepBefore)
            m_curves.add({m_last.x(), point.y()});
        m_curves.add(point);
        m_last = point;
        m_open = true;
    }

    void gap()
    {
        if (!m_gapSince)
            m_gapSince = m_lastTime;
    }

    void flush()
    {
        if (!m_smooth.empty())
            addSmooth();
        m_curves.breakRun();
        m_open = false;
    }

private:
    bool bridged(qint64 length) const
    {
        return m_style.spanNulls || (m_style.spanNullsUpTo && length <= *m_style.spanNullsUpTo);
    }

    void addSmooth()
    {
        m_curves.add(m_smooth.front());
        if (m_smooth.size() > 1) {
            const std::vector<double> slopes = monotoneSlopes(m_smooth);
            for (std::size_t i = 0; i + 1 < m_smooth.size(); ++i)
                addPiece(m_smooth[i], m_smooth[i + 1], slopes[i], slopes[i + 1]);
        }
        m_smooth.clear();
    }

    void addPiece(const QPointF &from, const QPointF &to, double slopeFrom, double slopeTo)
    {
        const double width = to.x() - from.x();
        const int steps = std::max(1, static_cast<int>(width / smoothStep));
        for (int i = 1; i <= steps; ++i) {
            const double t = double(i) / steps;
            const double t2 = t * t;
            const double t3 = t2 * t;
            const double y = (2 * t3 - 3 * t2 + 1) * from.y() + (t3 - 2 * t2 + t) * width * slopeFrom
                + (3 * t2 - 2 * t3) * to.y() + (t3 - t2) * width * slopeTo;
            m_curves.add({from.x() + width * t, y});
        }
    }

    CurveSet &m_curves;
    const SeriesStyle &m_style;
    std::vector<QPointF> m_smooth;
    std::optional<qint64> m_gapSince;
    qint64 m_lastTime = 0;
    QPointF m_last;
    bool m_open = false;
};

template<typename TimeAt, typename ValueAt>
void build(CurveSet &curves, std::size_t begin, std::size_t end, const SeriesStyle &style, const PlotMap &map,
    TimeAt timeAt, ValueAt valueAt)
{
    CurveBuilder builder(curves, style);
    const double sign = style.negative ? -1 : 1;
    const bool linear = map.axis.scale.kind == ScaleKind::Linear;
    const double xScale = map.plot.width() / map.span.length();
    const double yScale = map.plot.height() / (map.axis.max - map.axis.min);
    const double farAway = 50 * map.plot.height();
    for (std::size_t i = begin; i < end; ++i) {
        const double value = sign * valueAt(i);
        if (!std::isfinite(value)) {
            builder.gap();
            continue;
        }
        const qint64 time = timeAt(i);
        const double x = map.plot.left() + double(time - map.span.from) * xScale;
        const double y = linear ? map.plot.top() + std::clamp((map.axis.max - value) * yScale, -farAway, farAway)
                                : map.y(value);
        builder.add(time, {x, y});
    }
    builder.flush();
}

}

void CurveSet::clear()
{
    m_points.clear();
    m_ends.clear();
}

void CurveSet::breakRun()
{
    if (m_points.size() > (m_ends.empty() ? 0 : m_ends.back()))
        m_ends.push_back(m_points.size());
}

std::span<const QPointF> CurveSet::run(std::size_t index) const
{
    const std::size_t begin = index == 0 ? 0 : m_ends[index - 1];
    return std::span(m_points).subspan(begin, m_ends[index] - begin);
}

void buildCurves(CurveSet &curves, const TimeSeries &series, std::size_t begin, std::size_t end, const SeriesStyle &style,
    const PlotMap &map)
{
    build(
        curves, begin, end, style, map, [&](std::size_t i) { return series.time(i); },
        [&](std::size_t i) { return series.value(i); });
}

void buildCurves(CurveSet &curves, std::span<const qint64> times, std::span<const double> values,
    const SeriesStyle &style, const PlotMap &map)
{
    build(
        curves, 0, times.size(), style, map, [&](std::size_t i) { return times[i]; },
        [&](std::size_t i) { return values[i]; });
}

void sampleRun(std::span<const QPointF> run, std::span<float> heights)
{
    if (run.empty())
        return;
    const double last = double(heights.size()) - 0.5;
    std::size_t at = 0;
    const double first = std::max(0.0, std::ceil(run.front().x() - 0.5));
    for (double x = first + 0.5; x <= std::min(run.back().x(), last); x += 1) {
        while (at + 1 < run.size() && run[at + 1].x() < x)
            ++at;
        const QPointF &a = run[at];
        const QPointF &b = run[std::min(at + 1, run.size() - 1)];
        const double width = b.x() - a.x();
        const double part = width > 0 ? (x - a.x()) / width : 0;
        heights[static_cast<std::size_t>(x)] = static_cast<float>(a.y() + (b.y() - a.y()) * part);
    }
}

}
