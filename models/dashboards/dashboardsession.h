#pragma once

#include "backend/dashboards/dashboard.h"
#include "backend/dashboards/variableresolver.h"
#include "backend/metrics/queryservice.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"
#include "models/dashboards/dashboardlayout.h"
#include "models/dashboards/panelcontent.h"

#include <QObject>
#include <QTimer>

#include <map>
#include <memory>
#include <vector>

namespace countersign {

/// A variable as a person chooses it.
struct VariableChoice {
    QString name;
    QString label;
    QList<VariableOption> options;
    QStringList chosen; ///< values; "$__all" stands for all
    QString shown; ///< what stands in the closed box
    bool isMulti = false;
    bool includesAll = false;
    bool isText = false; ///< any text may be typed
    QString error; ///< why there are no options
};

/// A panel as it stands now.
struct PanelState {
    PanelContent content;
    QString error; ///< of the last attempt; the content is the last good one
    bool isLoading = false;
    std::optional<Timestamp> asOf; ///< of the oldest answer
};

struct SessionAnnotation {
    qint64 from = 0;
    qint64 to = 0;
    QString text;
    QString color; ///< as the dashboard has it
};

/// One dashboard that is looked at: its range, its variables, and what its panels show. Asks for what is on the screen
/// alone, in the rhythm of its refresh.
class DashboardSession final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DashboardSession)

public:
    /// Both outlive this object.
    DashboardSession(QueryService &queries, const Clock &clock, QObject *parent = nullptr);
    ~DashboardSession() override;

    /// Whom the variables are asked of; panels ask by the query service.
    void setServer(const HttpAccess &access);
    void open(Dashboard dashboard);
    const Dashboard &dashboard() const { return m_dashboard; }
    const QList<PanelSlot> &panelSlots() const { return m_slots; }
    const PanelSlot *slot(const QString &key) const;
    PanelState state(const QString &key) const;

    /// As Grafana writes it: "now-6h", ISO 8601, milliseconds. False when one is no time, or the range is empty.
    bool setRange(const QString &from, const QString &to);
    const QString &from() const { return m_from; }
    const QString &to() const { return m_to; }
    Timestamp begin() const { return m_begin; }
    Timestamp end() const { return m_end; }
    bool isLive() const { return m_to.startsWith(u"now"); }
    /// Zero: only when asked to.
    void setRefreshInterval(std::chrono::milliseconds interval);
    std::chrono::milliseconds refreshInterval() const { return m_refresh; }
    void refresh();

    QList<VariableChoice> variables() const;
    void choose(const QString &variable, const QStringList &values);

    void toggleRow(const QString &key);
    /// Whether it is on the screen: others ask nothing.
    void setShown(const QString &key, bool shown);
    /// Nothing is asked while the page is not looked at.
    void setPaused(bool paused);
    /// Pixels of the whole width, for the steps.
    void setWidth(int pixels);
    /// The queries of a panel as they are asked, each with its step.
    QStringList queriesOf(const QString &key) const;
    /// What of the dashboard can be drawn: one sentence, and line by line.
    QString coverageSummary() const;
    QString coverageText() const;
    QList<SessionAnnotation> annotations() const;
    /// The same range one week earlier, shifted to now; empty until it is answered.
    void setGhostWanted(const QString &key, bool wanted);
    QList<SeriesContent> ghost(const QString &key) const;

signals:
    void opened();
    void laidOut(); ///< places have changed
    void variablesChanged();
    void panelChanged(const QString &key);
    void rangeChanged();
    void annotationsChanged();

private:
    struct Question {
        PanelTarget target;
        QString legendFormat;
        std::chrono::milliseconds step{};
        std::unique_ptr<QuerySubscription> subscription;
    };
    struct PanelQuestions {
        std::vector<Question> questions;
        std::vector<Question> ghost;
        QString problem; ///< why nothing is asked
        std::chrono::milliseconds shift{}; ///< of the panel's time shift
        bool isShown = false;
        bool wantsGhost = false;
    };

    QCoro::Task<> resolve();
    void setRangeTimes();
    void layOutAgain();
    void askAll();
    void askPanel(const PanelSlot &slot);
    void askAnnotations();
    void askQuestion(std::vector<Question> &questions, size_t index, const PanelSlot &slot, const PanelTarget &target,
        std::chrono::milliseconds shift);
    QList<TargetAnswer> answersOf(const std::vector<Question> &questions, std::chrono::milliseconds shift) const;
    Coverage coverage() const;
    InterpolationScope dashboardScope() const;
    InterpolationScope scopeOf(const PanelSlot &slot) const;

    QueryService &m_queries;
    const Clock &m_clock;
    HttpClient m_http;
    std::unique_ptr<PrometheusClient> m_client; // null until a server is known
    Dashboard m_dashboard;
    ResolvedVariables m_resolved;
    QHash<QString, QStringList> m_chosen;
    QList<PanelSlot> m_slots;
    QSet<QString> m_toggled;
    std::map<QString, PanelQuestions> m_panels;
    std::vector<Question> m_annotations;
    QString m_from;
    QString m_to;
    Timestamp m_begin;
    Timestamp m_end;
    std::chrono::milliseconds m_refresh{};
    QTimer m_timer;
    int m_width = 1'200;
    bool m_isPaused = false;
    LifetimeScope m_resolving;
};

} // namespace countersign
