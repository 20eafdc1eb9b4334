#pragma once

#include <QWidget>

class QAbstractItemModel;

namespace countersign {

/// The lanes of intents side by side: count, oldest, stuck. A lane is a filter: click it, or walk with the arrow keys
/// and press Enter.
class LaneStrip final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LaneStrip)

public:
    /// `lanes` is an IntentLanesModel; it outlives the strip.
    explicit LaneStrip(const QAbstractItemModel &lanes, QWidget *parent = nullptr);

    /// Marks the lane whose filter is the current one.
    void setCurrentFilter(const QString &filter);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void filterRequested(const QString &filter);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    QRect laneRect(int lane) const;
    int laneAt(const QPoint &point) const;
    void paintLane(QPainter &painter, int lane) const;
    QString describe(int lane) const;

    const QAbstractItemModel &m_lanes;
    QString m_filter;
    int m_current = 0;
    int m_hovered = -1;
};

} // namespace countersign
