#pragma once

#include "models/dashboards/dashboardsession.h"

#include <QHash>
#include <QWidget>

class QScrollArea;

namespace countersign {

class ChartGroup;
class PanelFrame;

/// The panels of a dashboard on their grid of 24 columns. Only what is on the screen, or nearly, is asked for.
class DashboardGrid final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DashboardGrid)

public:
    /// Both outlive the grid.
    DashboardGrid(DashboardSession &session, QScrollArea &area, QWidget *parent = nullptr);

    PanelFrame *frame(const QString &key) const { return m_frames.value(key); }
    ChartGroup &group() { return *m_group; }
    QSize sizeHint() const override;

signals:
    void frameMade(countersign::PanelFrame *frame);

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void rebuild();
    void place();
    void updateShown();
    void showPanel(const QString &key);
    QRect rectOf(const GridPosition &grid) const;

    DashboardSession &m_session;
    QScrollArea &m_area;
    ChartGroup *m_group;
    QHash<QString, PanelFrame *> m_frames;
    QHash<QString, QWidget *> m_headings;
};

} // namespace countersign
