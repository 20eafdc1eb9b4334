#pragma once

#include "backend/metrics/keptserver.h"
#include "backend/metrics/scrapejobs.h"

#include <QMap>
#include <QObject>
#include <QUrl>
#include <QVector>

#include <chrono>

namespace countersign {

struct ManagedPrometheusSettings {
    QString program = QStringLiteral("prometheus");
    QString folder; ///< for its configuration and data; made when it is not there
    QVector<ScrapeJob> jobs;
    std::chrono::milliseconds interval{5'000};
    QString retention = QStringLiteral("15d");
    QMap<QString, QByteArray> rules = {}; ///< rule files by name, "relayers.yml"
    QVector<QUrl> alertmanagers = {}; ///< where alerts are sent from the start
};

/// Debian's Prometheus as a child of the console, for profiles that name none: on a free port of the loopback, with a configuration made
/// from the profile; it reads native histograms, evaluates rules, and tells Alertmanagers.
class ManagedPrometheus final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ManagedPrometheus)

public:
    /// `clock` outlives this object.
    ManagedPrometheus(ManagedPrometheusSettings settings, const Clock &clock, QObject *parent = nullptr);

    void start() { m_server.start(); }
    /// Ends the child; returns when it is gone, after three seconds at the latest.
    void stop() { m_server.stop(); }
    /// Alerts go there from now on, without a new start.
    Result<void> setAlertmanagers(const QVector<QUrl> &alertmanagers);

    /// Where it answers; empty until it does.
    const QUrl &url() const { return m_server.url(); }
    const SourceStatus &status() const { return m_server.status(); }
    qint64 processId() const { return m_server.processId(); }

signals:
    /// It is ready to be asked, at another port than before if it was started again.
    void ready(const QUrl &url);
    void statusChanged(const countersign::SourceStatus &status);

private:
    Result<QStringList> prepare() const;
    QString managersFile() const;

    ManagedPrometheusSettings m_settings;
    KeptServer m_server;
};

} // namespace countersign
