#pragma once

#include "ui/charts/chartstyle.h"

#include <QObject>
#include <QVector>

#include <optional>

namespace countersign {

/// Charts that look at the same time: one crosshair and one zoom, with its way back. A chart that stands alone has a
/// group of its own.
class ChartGroup final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChartGroup)

public:
    explicit ChartGroup(QObject *parent = nullptr);

    const std::optional<qint64> &crosshair() const { return m_crosshair; }
    void setCrosshair(std::optional<qint64> time);

    /// What all charts are zoomed to; absent: each shows its own range.
    std::optional<TimeSpan> zoom() const;
    /// Looks closer; where one came from is kept. \a replace: a move at the same depth, which is not a step to go back.
    void zoomTo(const TimeSpan &span, bool replace = false);
    void back();
    void reset();

    static constexpr qint64 closest = 10; ///< milliseconds that a zoom shows at least

signals:
    void crosshairMoved(std::optional<qint64> time);
    void zoomed(const countersign::TimeSpan &span);
    void unzoomed();

private:
    void tell();

    std::optional<qint64> m_crosshair;
    QVector<TimeSpan> m_steps;
};

}
