#pragma once

#include "ui/map/flowmapdata.h"

#include <QHash>
#include <QWidget>

namespace countersign {

/// The pipeline from left to right, Canton to relayers to chains, with the rate on each edge and the queue at each
/// node. Nothing moves on its own: width and ink carry the load. Arrow keys walk the nodes, Enter opens one.
class FlowMap final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FlowMap)

public:
    explicit FlowMap(QWidget *parent = nullptr);

    void setData(const FlowMapData &data);
    const FlowMapData &data() const { return m_data; }
    /// Headings of the columns.
    void setStages(const QStringList &stages);
    QString accessibleSummary() const;
    QRect nodeRect(const QString &id) const { return m_rects.value(id); }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void nodeActivated(const QString &id);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    void arrange();
    int stageCount() const;
    void paintNode(QPainter &painter, const FlowNode &node) const;
    void paintEdge(QPainter &painter, const FlowEdge &edge) const;
    void paintEdgeLabel(QPainter &painter, const FlowEdge &edge, QVector<QRectF> &taken) const;
    QPainterPath edgePath(const FlowEdge &edge) const;
    int nodeAt(const QPoint &point) const;
    void moveFocus(int key);

    FlowMapData m_data;
    QStringList m_stages;
    QHash<QString, QRect> m_rects;
    int m_current = 0;
    int m_hovered = -1;
};

} // namespace countersign
