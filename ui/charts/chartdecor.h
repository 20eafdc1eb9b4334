#pragma once

#include "ui/charts/chartcurve.h"
#include "ui/charts/chartscene.h"

#include <QPalette>
#include <QRect>

class QPainter;

namespace countersign {

class LabelCache;

constexpr int timeAxisHeight = 20;
constexpr int annotationMark = 7; ///< width of the triangle at the foot of an annotation

/// Labels of one axis beside the plot and, with \a grid, its lines across it. \a labels: the strip that they stand in.
void paintValueAxis(QPainter &painter, const QPalette &palette, const PlotMap &map, const QRect &plot, const QRect &labels,
    const AxisStyle &style, bool grid, LabelCache &cache);
void paintTimeAxis(QPainter &painter, const QPalette &palette, const TimeSpan &span, const QRect &plot, int width,
    LabelCache &cache);
void paintThresholds(QPainter &painter, const ThresholdStyle &style, const PlotMap &map, const QRect &plot);
void paintAnnotations(QPainter &painter, const QPalette &palette, const QVector<ChartAnnotation> &annotations,
    const PlotMap &map, const QRect &plot);
/// What keeps the figures from being those of now: stale data hatched with their age, a chart that stands still, the
/// ghost of an earlier time.
void paintChartState(QPainter &painter, const QPalette &palette, const ChartScene &scene, const QRect &plot);
/// The ring of a chart that has the focus; drawn by its edges, because stroking a path around a large chart costs as
/// much as its line.
void paintFocusRing(QPainter &painter, const QPalette &palette, const QRect &rect);
/// Hatching of what is too old to trust.
void paintHatch(QPainter &painter, const QPalette &palette, const QRect &rect);

}
