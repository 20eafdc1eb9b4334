#pragma once

#include "ui/charts/chartpalette.h"
#include "ui/charts/itemchart.h"
#include "ui/charts/labelcache.h"

#include <QImage>

#include <vector>

namespace countersign {

/// Counts by time and bucket.
struct HeatmapData {
    std::vector<qint64> times = {}; ///< where each column begins, milliseconds, ascending
    qint64 step = 1; ///< how long a column is
    std::vector<double> bounds = {}; ///< of the buckets, ascending: one more than there are buckets
    QStringList labels = {}; ///< of the buckets instead of their bounds, where they are not figures
    std::vector<double> counts = {}; ///< column by column, in each the lowest bucket first; NaN or 0: nothing there
    std::size_t rows() const { return labels.isEmpty() ? (bounds.empty() ? 0 : bounds.size() - 1) : static_cast<std::size_t>(labels.size()); }
};

/// How values spread over time: the more fell into a bucket, the further it is from the background in lightness.
class HeatmapView final : public ItemChart {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HeatmapView)

public:
    explicit HeatmapView(QWidget *parent = nullptr);

    void setData(const HeatmapData &data);
    void setRamp(Ramp ramp);
    /// Of the values; Log: each bucket as high as its ratio. Of no effect on labelled buckets.
    void setAxis(const AxisStyle &style);
    /// How counts are written.
    void setCountFormat(std::function<QString(double)> format);
    /// Shades follow the logarithm of the counts, so that rare ones are seen beside frequent ones.
    void setLogShades(bool log);
    void setRange(qint64 from, qint64 to);
    void setScaleShown(bool shown);

    int itemCount() const override { return static_cast<int>(m_data.counts.size()); }
    QString itemText(int item) const override;
    QString itemValue(int item) const override;
    QSize sizeHint() const override { return {420, 200}; }
    QSize minimumSizeHint() const override { return {140, 90}; }

protected:
    void paintItems(QPainter &painter) override;
    int itemAt(const QPoint &position) const override;
    QRectF itemRect(int item) const override;
    int neighbour(int item, int key) const override;
    std::optional<PlotMap> timeMap() const override;

private:
    TimeSpan span() const;
    QRect plot() const;
    int labelWidth() const;
    ValueAxis axis() const;
    double edgeShare(const ValueAxis &axis, std::size_t edge) const;
    double shade(double count) const;
    QString countText(double count) const;
    QString bucketText(std::size_t row) const;
    void paintCells(QPainter &painter, const PlotMap &map) const;
    void paintLabels(QPainter &painter, const PlotMap &map) const;
    void paintScale(QPainter &painter, const QRect &plot) const;

    HeatmapData m_data;
    AxisStyle m_axis;
    std::function<QString(double)> m_format;
    std::optional<TimeSpan> m_range;
    LabelCache m_labels{TextSize::Caption};
    Ramp m_ramp = Ramp::Heat;
    double m_least = 0; ///< of the counts that are above 0
    double m_most = 0;
    bool m_logShades = false;
    bool m_scale = true;
};

}
