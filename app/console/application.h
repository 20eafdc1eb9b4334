#pragma once

#include "app/console/alerting.h"
#include "app/console/deciding.h"
#include "app/console/logging.h"
#include "app/console/metricsfeed.h"
#include "app/console/observing.h"
#include "app/console/relaying.h"
#include "backend/environment/environment.h"
#include "backend/journal/journal.h"
#include "backend/keys/secretstore.h"
#include "backend/types/clock.h"
#include "models/approvals/waitingnotices.h"
#include "models/dashboards/dashboardlibrary.h"
#include "models/dashboards/dashboardsession.h"
#include "models/journal/journalmodel.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/theme.h"
#include "ui/widgets/dialogprompter.h"

#include <QObject>

#include <memory>

namespace countersign {

class ApprovalsPage;
class DashboardsPage;
class IntentsPage;
class JournalPage;
class OverviewPage;
class RelayersPage;

/// The composition root of the console: constructs the services of one environment, the models, the shell and its
/// pages, and lets the sources start when the first frame is on the screen.
class Application final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Application)

public:
    enum class Traces { None, Kept }; ///< whether layout, tokens and encryption keys are kept between runs
    enum class Sources { Silent, Started }; ///< whether anything is asked after the first paint

    Application(Environment environment, Theme &theme, Logging &logging, Traces traces, Sources sources);
    ~Application() override;

    void show(const QString &page);

    MainWindow &window() { return *m_window; }
    Observing &observing() { return m_observing; }
    Deciding &deciding() { return m_deciding; }
    Journal &journal() { return m_journal; }
    const Environment &environment() const { return m_environment; }
    OverviewPage *overviewPage();
    IntentsPage *intentsPage();
    RelayersPage *relayersPage();
    ApprovalsPage *approvalsPage();
    JournalPage *journalPage();
    DashboardsPage *dashboardsPage();

private:
    void addPages();
    void connectShell();
    void start();
    void chooseKey();
    void showHolder();
    void showWaiting();
    void openFilter(const QString &filter);
    void addRelayersPage();
    QVector<PaletteEntry> entities(const QString &text);

    Environment m_environment;
    SystemClock m_clock;
    Theme &m_theme;
    Logging &m_logging;
    Traces m_traces;
    Sources m_sources;
    DialogPrompter m_prompter;
    Journal m_journal;
    Observing m_observing;
    std::unique_ptr<SecretStore> m_secrets;
    Relaying m_relaying;
    Deciding m_deciding;
    WaitingNotices m_waiting;
    MetricsFeed m_metrics;
    DashboardLibrary m_dashboards;
    DashboardSession m_dashboard;
    Alerting m_alerting;
    JournalModel m_journalModel;
    std::unique_ptr<MainWindow> m_window;
    OverviewPage *m_overview = nullptr;
    bool m_started = false;
};

} // namespace countersign
