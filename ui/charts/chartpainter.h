#pragma once

#include "ui/charts/chartlegend.h"
#include "ui/charts/labelcache.h"
#include "ui/charts/seriespainter.h"

#include <QPalette>
#include <QRect>

namespace countersign {

/// Lays a scene out and paints it, on a widget, an image or a vector file alike.
class ChartPainter final {
public:
    /// Finds where everything stands in `rect` while `span` is shown. \a ratio: device pixels a pixel.
    void layout(const ChartScene &scene, const QRect &rect, const TimeSpan &span, qreal ratio, const QPalette &palette);

    /// All but what follows the pointer. \a paths: for a vector file. \a focusedLine: marked in the legend; -1: none.
    /// \a at: the legend in the header shows what stood then.
    void paint(QPainter &painter, const ChartScene &scene, bool paths);
    void paintLegend(QPainter &painter, const ChartScene &scene, std::optional<qint64> at, int focusedLine);

    const QRect &plot() const { return m_plot; }
    const TimeSpan &span() const { return m_span; }
    ChartLegend &legend() { return m_legend; }
    const ChartLegend &legend() const { return m_legend; }
    /// Index of the series whose name is at `position` in the header or the legend; -1: none.
    int lineAt(const QPoint &position) const;
    PlotMap map(AxisSide axis) const;
    /// Annotation whose mark is at `position`; -1: none.
    int annotationAt(const ChartScene &scene, const QPoint &position) const;

private:
    struct HeaderItem {
        QRect rect;
        std::size_t line;
    };

    ValueAxis axisOf(const ChartScene &scene, AxisSide side, int height) const;
    int axisWidth(const ChartScene &scene, AxisSide side);
    bool uses(const ChartScene &scene, AxisSide side) const;
    void paintHeader(QPainter &painter, const ChartScene &scene, std::optional<qint64> at, int focusedLine);

    QRect m_rect;
    QRect m_plot;
    QRect m_header;
    TimeSpan m_span;
    qreal m_ratio = 1;
    QPalette m_palette;
    std::array<ValueAxis, 3> m_axes;
    std::vector<ChartStack> m_stacks;
    ChartLegend m_legend;
    SeriesPainter m_series;
    LabelCache m_labels{TextSize::Caption};
    LabelCache m_figures{TextSize::Small, QFont::Medium};
    LabelCache m_names{TextSize::Small};
    QVector<HeaderItem> m_headerItems; ///< where the last paint put them
};

}
