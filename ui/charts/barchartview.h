#pragma once

#include "ui/charts/itemchart.h"

#include <vector>

namespace countersign {

struct BarSeries {
    QString name;
    std::vector<double> values; ///< one a category; NaN: no bar
    std::optional<QColor> color = std::nullopt; ///< absent: from the palette, by place
    bool operator==(const BarSeries &) const = default;
};

/// Bars by category, in groups or on one another.
class BarChartView final : public ItemChart {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BarChartView)

public:
    explicit BarChartView(QWidget *parent = nullptr);

    void setData(const QStringList &categories, const QVector<BarSeries> &series);
    void setOrientation(Qt::Orientation orientation); ///< of the bars; Vertical: they stand
    void setStacking(StackMode mode);
    void setAxis(const AxisStyle &style);
    void setLegendShown(bool shown);
    void setValuesShown(bool shown);

    /// Category by category, in each the series in their order.
    int itemCount() const override;
    QString itemText(int item) const override;
    QString itemValue(int item) const override;
    QSize sizeHint() const override { return {360, 200}; }
    QSize minimumSizeHint() const override { return {120, 90}; }

protected:
    void paintItems(QPainter &painter) override;
    int itemAt(const QPoint &position) const override;
    QRectF itemRect(int item) const override;
    int neighbour(int item, int key) const override;

private:
    struct Layout {
        QRect plot;
        ValueAxis axis;
        QVector<QRectF> bars; ///< by item; null: none
    };
    Layout layOut() const;
    ValueAxis findAxis(int length) const;
    void placeBars(Layout &layout) const;
    QVector<KeyEntry> keys() const;
    QRect withoutKeys() const;
    double valueOf(int item) const;
    QString format(double value) const;
    void paintAxis(QPainter &painter, const Layout &layout) const;
    void paintCategories(QPainter &painter, const Layout &layout) const;
    int categoryWidth() const;

    QStringList m_categories;
    QVector<BarSeries> m_series;
    AxisStyle m_axis;
    Qt::Orientation m_orientation = Qt::Vertical;
    StackMode m_stacking = StackMode::None;
    bool m_legend = true;
    bool m_values = false;
};

}
