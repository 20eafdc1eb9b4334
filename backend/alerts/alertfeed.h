#pragma once

#include "backend/alerts/alertacknowledgements.h"
#include "backend/alerts/alertinghealth.h"
#include "backend/alerts/alertmanagerclient.h"
#include "backend/alerts/alertmerge.h"
#include "backend/metrics/prometheusclient.h"
#include "backend/rpc/httpclient.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"
#include "backend/types/sourcestatus.h"

#include <QObject>
#include <QSet>
#include <QTimer>

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace countersign {

/// An Alertmanager under the name by which the console knows it.
struct AlertSource {
    QString id;
    HttpAccess access;
};

struct AlertFeedSettings {
    std::chrono::milliseconds rhythm{10'000};
    std::chrono::milliseconds deadline{8'000}; ///< of one question
    std::chrono::milliseconds patience{45'000}; ///< a manager whose last answer is older does not count as answering
    QString watchdog = QStringLiteral("Watchdog"); ///< the alert that always fires; empty: none is expected
    std::chrono::milliseconds watchdogGrace{150'000}; ///< from the first look on, and between two sightings
    std::chrono::minutes mirror{15}; ///< how long a silence that mirrors an acknowledgement is; renewed while that stands
};

/// The alerts of several Alertmanagers and of Prometheus, as one: merged, with who looks after them, with the silences, and with whether their
/// absence can be believed.
class AlertFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AlertFeed)

public:
    /// Both outlive this object.
    AlertFeed(const Clock &clock, AlertAcknowledgements &acknowledgements, AlertFeedSettings settings = {}, QObject *parent = nullptr);
    ~AlertFeed() override;

    /// Whom to ask from now on. A manager that keeps its id keeps what it said, also at another address.
    void setManagers(const QVector<AlertSource> &managers);
    /// Whose rules and pending alerts are read; nothing: nobody's.
    void setPrometheus(std::optional<HttpAccess> access);
    void start();
    /// Asks all of them now.
    void refresh();

    const QVector<MergedAlert> &alerts() const { return m_merged.alerts; }
    const QVector<MergedSilence> &silences() const { return m_merged.silences; }
    const QVector<PrometheusRuleGroup> &rules() const { return m_prometheus.groups; }
    /// Active in Prometheus and not firing yet.
    QVector<PrometheusAlert> pending() const;
    std::optional<AlertAcknowledgement> acknowledgementOf(const Alert &alert) const { return m_acknowledgements.of(alert); }
    /// What keeps alerts from arriving; empty: their absence can be believed.
    const QVector<AlertingProblem> &problems() const { return m_problems; }
    QVector<SourceStatus> statuses() const;

    /// Takes charge of an alert that is shown. `mirror`: with a short silence at every cluster that has it, renewed while the acknowledgement stands.
    /// The acknowledgement stands also when the silence fails; the error says so.
    QCoro::Task<Result<void>> acknowledge(AlertAcknowledgement acknowledgement, bool mirror);
    QCoro::Task<Result<void>> unacknowledge(QString fingerprint);
    /// Creates a silence at every cluster; answers their ids. The first error ends it.
    QCoro::Task<Result<QStringList>> silence(Silence silence);
    /// Of the inventory, by its id: another end, or the end now. NotFound when there is none.
    QCoro::Task<Result<QString>> extendSilence(QString id, Timestamp until);
    QCoro::Task<Result<void>> expireSilence(QString id);

signals:
    /// It was looked at anew: alerts, silences, rules, problems or acknowledgements may be others than before.
    void changed();
    void statusChanged(const countersign::SourceStatus &status);
    /// The alert fires on, and counts as unattended again.
    void acknowledgementExpired(const countersign::AlertAcknowledgement &acknowledgement);
    void reminderDue(const countersign::AlertAcknowledgement &acknowledgement);

private:
    struct Manager;

    QCoro::Task<> poll(Manager *manager);
    QCoro::Task<> pollPrometheus();
    QCoro::Task<> renewMirrors();
    void report(Manager &manager, const std::optional<Error> &error);
    void rebuild();
    void judge();
    void lookAfter();
    Manager *memberOf(const QString &cluster) const;
    QVector<ManagerView> views() const;

    const Clock &m_clock;
    AlertAcknowledgements &m_acknowledgements;
    AlertFeedSettings m_settings;
    HttpClient m_http;
    std::vector<std::unique_ptr<Manager>> m_managers;
    std::optional<PrometheusClient> m_client;
    PrometheusFacts m_prometheus;
    bool m_asksPrometheus = false;
    bool m_isRenewing = false;
    MergedView m_merged;
    QVector<AlertingProblem> m_problems;
    Timestamp m_startedAt;
    Timestamp m_watchdogAt;
    bool m_watchdogWasSeen = false;
    QSet<QString> m_standing; ///< fingerprints whose acknowledgement stood at the last look
    QSet<QString> m_reminded;
    QTimer m_timer;
    LifetimeScope m_prometheusScope;
    LifetimeScope m_scope;
};

} // namespace countersign
