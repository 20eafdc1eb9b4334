#pragma once

#include "ui/charts/figureview.h"

namespace countersign {

enum class StatColor { None, Value, Background };
enum class StatText { Auto, Value, ValueAndName, Name, None }; ///< Auto: names where there are several

/// Big figures, each with its name and, below, how it came about.
class StatView final : public FigureView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StatView)

public:
    explicit StatView(QWidget *parent = nullptr);

    void setColorMode(StatColor mode);
    void setTextMode(StatText mode);
    void setTrendShown(bool shown);
    /// Absent: as the room has it; else one row or one column.
    void setOrientation(std::optional<Qt::Orientation> orientation);

protected:
    QVector<QRect> cells() const override;
    void paintFigure(QPainter &painter, const Figure &figure, const QRect &cell) const override;

private:
    void paintTrend(QPainter &painter, const Figure &figure, const QRect &rect, const QColor &color) const;

    StatColor m_color = StatColor::Value;
    StatText m_text = StatText::Auto;
    std::optional<Qt::Orientation> m_orientation;
    bool m_trend = true;
};

}
