#pragma once

#include "models/dashboards/dashboardlibrary.h"
#include "models/dashboards/dashboardsession.h"
#include "ui/shell/page.h"

class QComboBox;
class QLabel;
class QMenu;
class QPushButton;
class QScrollArea;

namespace countersign {

class DashboardGrid;
class PanelFrame;
class Prompter;
class RangeButton;
class StateOverlay;
class VariableBar;

/// How does it trend? Grafana's dashboards as they are, on the console's own charts.
class DashboardsPage final : public Page {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DashboardsPage)

public:
    /// All outlive the page.
    DashboardsPage(DashboardLibrary &library, DashboardSession &session, Prompter &prompter, QWidget *parent = nullptr);

    void registerActions(ActionRegistry &registry) override;
    void refresh() override { m_session.refresh(); }
    void focusFilter() override;

    /// False when there is none of that id.
    bool openDashboard(const QString &id);
    /// Takes a file over and opens it, with what of it can be drawn.
    void importFile(const QString &path);
    /// Every panel on the screen shows an answer or says why there is none.
    bool isAnswered() const;
    DashboardGrid *grid() const { return m_grid; }
    QComboBox *chooser() const { return m_chooser; }
    QString message() const;

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void fillChooser();
    void fillMore();
    void import();
    void exportOriginal();
    void removeDashboard();
    void showCoverage();
    void showJson(const QString &key);
    void showQueries(const QString &key);
    void exportPanel(const QString &key, const QString &kind);
    void connectFrame(PanelFrame *frame);
    void say(const QString &text, bool isBad = false);

    DashboardLibrary &m_library;
    DashboardSession &m_session;
    Prompter &m_prompter;
    QComboBox *m_chooser;
    VariableBar *m_variables;
    RangeButton *m_range;
    QComboBox *m_refresh;
    QPushButton *m_more;
    QMenu *m_menu;
    QLabel *m_message;
    QScrollArea *m_area;
    DashboardGrid *m_grid;
    QString m_open;
};

} // namespace countersign
