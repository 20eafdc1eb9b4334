#pragma once

#include "ui/charts/chartstyle.h"
#include "ui/charts/itemchart.h"

#include <vector>

namespace countersign {

/// One figure as StatView, GaugeView and BarGaugeView show it.
struct Figure {
    QString name = {};
    QString text = {}; ///< as people read it, with its unit
    std::optional<double> value = std::nullopt;
    QColor color = {}; ///< by its threshold; invalid: none
    double min = 0; ///< of gauges
    double max = 100;
    QVector<ThresholdStep> thresholds = {};
    std::vector<double> trend = {}; ///< samples of a sparkline, evenly spaced; NaN is a gap
    bool operator==(const Figure &other) const;
};

/// Several figures, each in a cell of its own.
class FigureView : public ItemChart {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FigureView)

public:
    void setFigures(const QVector<Figure> &figures);
    const QVector<Figure> &figures() const { return m_figures; }

    int itemCount() const override { return static_cast<int>(m_figures.size()); }
    QString itemText(int item) const override;
    QString itemValue(int item) const override;
    QSize sizeHint() const override { return {240, 130}; }
    QSize minimumSizeHint() const override { return {60, 40}; }

protected:
    explicit FigureView(QWidget *parent);

    virtual QVector<QRect> cells() const = 0;
    virtual void paintFigure(QPainter &painter, const Figure &figure, const QRect &cell) const = 0;
    void paintItems(QPainter &painter) override;
    int itemAt(const QPoint &position) const override;
    QRectF itemRect(int item) const override;
    /// 0 to 1 between the figure's ends.
    static double shareOf(const Figure &figure, double value);

private:
    QVector<Figure> m_figures;
};

}
