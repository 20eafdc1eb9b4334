#pragma once

#include "backend/environment/environment.h"
#include "backend/keys/secretstore.h"
#include "backend/metrics/managedprometheus.h"
#include "backend/metrics/prometheusclient.h"
#include "backend/metrics/queryservice.h"
#include "backend/rpc/httpclient.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"
#include "models/overview/overviewstate.h"
#include "ui/pages/overview/overviewpage.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <memory>
#include <optional>

namespace countersign {

class Observing;

/// Asks Prometheus in a slow rhythm for what the overview shows of the relayers and of the last half hour. The
/// environment's own Prometheus, or one that this console runs itself.
class MetricsFeed final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MetricsFeed)

public:
    /// All outlive this object. `secrets` may be null: then none is shown to a server.
    MetricsFeed(const Environment &environment, Observing &observing, const Clock &clock, SecretStore *secrets, QObject *parent = nullptr);

    void start();
    void refresh();
    void setPage(OverviewPage *page);

    /// For the panels of all pages; waits until there is a Prometheus to ask.
    QueryService &queries() { return m_queries; }
    /// Whether this console runs the Prometheus itself; after start().
    bool runsOwn() const { return m_managed != nullptr; }
    /// Where the console's own Prometheus sends its alerts from now on.
    void setAlertmanagers(const QVector<QUrl> &alertmanagers);
    /// For what the console's own servers keep of this environment.
    QString dataFolder() const;

signals:
    /// There is a Prometheus to ask, or it is at another address than before.
    void connected(const countersign::HttpAccess &access);

private:
    QCoro::Task<> poll();
    QCoro::Task<> readRelayers(std::stop_token stop);
    QCoro::Task<> readChart(OverviewChart chart, QString expression, QString label, QString name, std::stop_token stop);
    QCoro::Task<> readHistories(std::stop_token stop);
    QCoro::Task<> connectToNamed(ServerSettings server);
    void connectTo(const HttpAccess &access);
    void startOwn(QVector<ScrapeJob> jobs);
    void report(SourceState state, const QString &error);
    QString relayerOf(const QString &instance) const;

    const Environment &m_environment;
    Observing &m_observing;
    const Clock &m_clock;
    SecretStore *m_secrets;
    HttpClient m_http;
    QueryService m_queries;
    std::optional<PrometheusClient> m_client;
    std::unique_ptr<ManagedPrometheus> m_managed;
    QPointer<OverviewPage> m_page;
    SourceStatus m_status;
    QTimer m_timer;
    bool m_polling = false;
    bool m_hasHistories = false;
    bool m_hasNothingToAsk = false;
    LifetimeScope m_scope;
};

} // namespace countersign
