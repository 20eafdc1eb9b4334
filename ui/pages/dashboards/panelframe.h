#pragma once

#include "models/dashboards/dashboardsession.h"

#include <QWidget>

class QLabel;
class QMenu;
class QToolButton;

namespace countersign {

class ChartGroup;
class PanelView;
class StateOverlay;
class StaleStrip;

/// A panel on its place: title, what is wrong with it, a menu, and its content. Old content stays under an error, with its age.
class PanelFrame final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PanelFrame)

public:
    PanelFrame(const PanelSlot &slot, ChartGroup &group, QWidget *parent = nullptr);

    const QString &key() const { return m_key; }
    void show(const PanelState &state, qint64 from, qint64 to);
    PanelView *view() const { return m_view; }
    QMenu *menu() const { return m_menu; }

signals:
    void jsonRequested(const QString &key);
    void queriesRequested(const QString &key);
    void exportRequested(const QString &key, const QString &kind); ///< "png", "svg", "csv"
    void ghostRequested(const QString &key, bool wanted);

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void fillMenu(const PanelSlot &slot);
    void showProblem(const PanelState &state);

    QString m_key;
    QLabel *m_title;
    QLabel *m_problem;
    QToolButton *m_more;
    QMenu *m_menu;
    PanelView *m_view;
    StaleStrip *m_strip;
    StateOverlay *m_overlay;
    PanelState m_state;
    qint64 m_from = 0;
    qint64 m_to = 0;
};

} // namespace countersign
