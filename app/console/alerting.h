#pragma once

#include "backend/alerts/alertacknowledgements.h"
#include "backend/alerts/alertfeed.h"
#include "backend/environment/environment.h"
#include "backend/keys/secretstore.h"
#include "backend/metrics/managedalertmanager.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"

#include <QObject>

#include <memory>

namespace countersign {

class MetricsFeed;
class Observing;

/// The alerting street of one environment: its Alertmanagers, or one that this console runs beside its own Prometheus, and who looks after what.
class Alerting final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Alerting)

public:
    /// All outlive this object; `secrets` may be null.
    Alerting(const Environment &environment, Observing &observing, MetricsFeed &metrics, const Clock &clock, SecretStore *secrets,
        QObject *parent = nullptr);
    ~Alerting() override;

    /// After the metrics have been started.
    void start();

    AlertFeed &feed() { return m_feed; }

private:
    QCoro::Task<> askNamed();
    void startOwn();

    const Environment &m_environment;
    Observing &m_observing;
    MetricsFeed &m_metrics;
    const Clock &m_clock;
    SecretStore *m_secrets;
    AlertAcknowledgements m_acknowledgements;
    AlertFeed m_feed;
    std::unique_ptr<ManagedAlertmanager> m_managed;
    LifetimeScope m_scope;
};

} // namespace countersign
