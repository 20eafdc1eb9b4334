#pragma once

#include "ui/charts/figureview.h"

namespace countersign {

/// An arc from the least to the most with the figure in its middle; the thresholds run along its outer edge.
class GaugeView final : public FigureView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(GaugeView)

public:
    explicit GaugeView(QWidget *parent = nullptr);

    void setThresholdMarkers(bool shown);
    /// The ends and the thresholds in figures; \a format: how they are written.
    void setThresholdLabels(bool shown, std::function<QString(double)> format);

protected:
    QVector<QRect> cells() const override;
    void paintFigure(QPainter &painter, const Figure &figure, const QRect &cell) const override;

private:
    void paintMarkers(QPainter &painter, const Figure &figure, const QRectF &circle, double width) const;
    void paintLabels(QPainter &painter, const Figure &figure, const QRectF &circle) const;

    std::function<QString(double)> m_format;
    bool m_markers = true;
    bool m_labels = false;
};

}
