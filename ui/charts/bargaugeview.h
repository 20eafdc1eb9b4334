#pragma once

#include "ui/charts/figureview.h"

namespace countersign {

enum class BarGaugeMode { Basic, Lcd, Gradient };

/// A bar for each figure between its least and its most, with the figure beside it.
class BarGaugeView final : public FigureView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BarGaugeView)

public:
    explicit BarGaugeView(QWidget *parent = nullptr);

    void setMode(BarGaugeMode mode);
    void setOrientation(Qt::Orientation orientation);

protected:
    QVector<QRect> cells() const override;
    void paintFigure(QPainter &painter, const Figure &figure, const QRect &cell) const override;

private:
    void paintBar(QPainter &painter, const Figure &figure, const QRect &bar) const;
    void paintLcd(QPainter &painter, const Figure &figure, const QRect &bar) const;
    int nameWidth() const;
    int valueWidth() const;

    BarGaugeMode m_mode = BarGaugeMode::Gradient;
    Qt::Orientation m_orientation = Qt::Horizontal;
};

}
