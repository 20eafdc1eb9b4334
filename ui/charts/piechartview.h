#pragma once

#include "ui/charts/itemchart.h"

namespace countersign {

struct PieSlice {
    QString name;
    QString text; ///< the value as people read it
    double value; ///< nothing and less has no slice
    std::optional<QColor> color = std::nullopt; ///< absent: from the palette, by place
    bool operator==(const PieSlice &) const = default;
};

/// Shares of a whole as a pie or a ring, with a legend that says each value and its share.
class PieChartView final : public ItemChart {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PieChartView)

public:
    explicit PieChartView(QWidget *parent = nullptr);

    void setSlices(const QVector<PieSlice> &slices);
    void setRing(bool ring);
    void setLegend(LegendPlace place);

    int itemCount() const override { return static_cast<int>(m_slices.size()); }
    QString itemText(int item) const override;
    QString itemValue(int item) const override;
    QSize sizeHint() const override { return {260, 180}; }
    QSize minimumSizeHint() const override { return {80, 80}; }

protected:
    void paintItems(QPainter &painter) override;
    int itemAt(const QPoint &position) const override;
    QRectF itemRect(int item) const override;

private:
    struct Shape {
        QRectF circle;
        QRect legend;
    };
    Shape shape() const;
    double shareOf(int item) const;
    QString shareText(int item) const;
    QBrush brushOf(int item) const;
    QRect legendRow(int item, const QRect &legend) const;
    void paintLegend(QPainter &painter, const QRect &legend) const;

    QVector<PieSlice> m_slices;
    double m_sum = 0;
    LegendPlace m_legend = LegendPlace::Right;
    bool m_ring = true;
};

}
