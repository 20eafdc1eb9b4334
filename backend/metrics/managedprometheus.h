#pragma once

#include "backend/environment/environment.h"
#include "backend/types/clock.h"
#include "backend/types/sourcestatus.h"

#include <QObject>
#include <QProcess>
#include <QTimer>
#include <QUrl>
#include <QVector>

#include <chrono>

namespace countersign {

/// A group of addresses that Prometheus asks for metrics.
struct ScrapeJob {
    QString name;
    QVector<QUrl> targets; ///< http or https; their path is where the metrics are
    bool operator==(const ScrapeJob &) const = default;
};

/// The jobs of a profile under their usual names: "relayer", and "etcd" for the election's endpoints.
QVector<ScrapeJob> scrapeJobs(const Environment &environment);

/// A configuration file for Prometheus (YAML) that scrapes these jobs.
QByteArray prometheusConfiguration(const QVector<ScrapeJob> &jobs, std::chrono::milliseconds interval);

struct ManagedPrometheusSettings {
    QString program = QStringLiteral("prometheus");
    QString folder; ///< for its configuration and data; made when it is not there
    QVector<ScrapeJob> jobs;
    std::chrono::milliseconds interval{5'000};
    QString retention = QStringLiteral("15d");
};

/// Debian's Prometheus as a child of the console, for profiles that name none: on a free port of the loopback, with a configuration made
/// from the profile. It ends with this object, and also when the console is killed. A child that dies is started again after a pause.
class ManagedPrometheus final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ManagedPrometheus)

public:
    /// `clock` outlives this object.
    ManagedPrometheus(ManagedPrometheusSettings settings, const Clock &clock, QObject *parent = nullptr);
    ~ManagedPrometheus() override;

    void start();
    /// Ends the child; returns when it is gone, after three seconds at the latest.
    void stop();

    /// Where it answers; empty until it does.
    const QUrl &url() const { return m_url; }
    const SourceStatus &status() const { return m_status; }
    qint64 processId() const { return m_process.processId(); }

signals:
    /// It is ready to be asked, at another port than before if it was started again.
    void ready(const QUrl &url);
    void statusChanged(const countersign::SourceStatus &status);

private:
    Result<QString> prepare() const;
    void launch();
    void readLog();
    void takeLine(const QByteArray &line);
    void died();
    void setState(SourceState state, const QString &error = {});

    ManagedPrometheusSettings m_settings;
    const Clock &m_clock;
    QProcess m_process;
    QTimer m_again;
    QByteArray m_partial;
    QStringList m_lastLines;
    QUrl m_listening;
    bool m_serves = false;
    QUrl m_url;
    SourceStatus m_status;
    std::chrono::milliseconds m_pause{500};
    bool m_wanted = false;
};

} // namespace countersign
