#pragma once

#include "ui/charts/chartcurve.h"
#include "ui/charts/chartscene.h"
#include "ui/charts/chartstack.h"
#include "ui/charts/columnraster.h"

#include <QRect>

class QPainter;

namespace countersign {

/// Draws the series of a scene into its plot: into an image column by column, or as paths for a vector file. Keeps its
/// working memory from frame to frame.
class SeriesPainter final {
public:
    struct Frame {
        const ChartScene &scene;
        QRect plot;
        TimeSpan span;
        std::array<ValueAxis, 3> axes; ///< by AxisSide
        const std::vector<ChartStack> &stacks;
        Scheme scheme;
        qreal ratio; ///< device pixels a pixel
        bool paths; ///< for a vector file
    };

    void paint(QPainter &painter, const Frame &frame);

    /// Above so many samples a pixel a column shows its extrema; below, the samples are joined.
    static constexpr double densePerPixel = 1.5;

private:
    struct Ink {
        QColor color;
        LinePattern pattern;
        double width; ///< of the line
        double fill; ///< opacity, 0 to 1
        const SeriesStyle &style;
    };

    PlotMap mapFor(const Frame &frame, AxisSide axis) const;
    void paintLine(QPainter &painter, const Frame &frame, std::size_t index);
    void paintGhost(QPainter &painter, const Frame &frame, std::size_t index);
    void paintStack(QPainter &painter, const Frame &frame, const ChartStack &stack);
    void paintLayer(QPainter &painter, const Frame &frame, const ChartStack &stack, const StackLayer &layer);
    void paintSamples(QPainter &painter, const Frame &frame, const TimeSeries &series, const Ink &ink);
    void paintDense(QPainter &painter, const Frame &frame, const TimeSeries &series, SampleRange samples, const Ink &ink);
    void paintBars(QPainter &painter, const Frame &frame, std::span<const qint64> times, std::span<const double> low,
        std::span<const double> high, const PlotMap &map, const Ink &ink);
    void paintPoints(QPainter &painter, const Frame &frame, const TimeSeries &series, SampleRange samples,
        const PlotMap &map, const Ink &ink);
    void drawRuns(QPainter &painter, const Frame &frame, const Ink &ink, double base);
    void drawRun(QPainter &painter, const Frame &frame, std::span<const QPointF> run, const Ink &ink, double base);
    void drawDot(QPainter &painter, const Frame &frame, const QPointF &at, double diameter, const QColor &color);
    void findColumns(const TimeSeries &series, SampleRange samples, const PlotMap &map, double sign);
    void bridgeColumns(const PlotMap &map, const Frame &frame, const Ink &ink);
    double baseOf(const PlotMap &map) const;

    ColumnRaster m_raster;
    CurveSet m_curves;
    CurveSet m_lowCurves;
    std::vector<ColumnRaster::Column> m_columns;
    std::vector<float> m_first;
    std::vector<float> m_second;
};

}
