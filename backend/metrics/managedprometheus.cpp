#include "backend/metrics/managedprometheus.h"

#include "backend/types/strings.h"

namespace countersign {

ManagedPrometheus::ManagedPrometheus(ManagedPrometheusSettings settings, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_settings(std::move(settings))
    , m_server({.name = u"Prometheus"_s,
                   .program = m_settings.program,
                   .package = u"prometheus"_s,
                   .readyMark = "Server is ready to receive web requests",
                   .prepare = [this] { return prepare(); }},
          u"prometheus"_s, SourceKind::Prometheus, clock)
{
    connect(&m_server, &KeptServer::ready, this, &ManagedPrometheus::ready);
    connect(&m_server, &KeptServer::statusChanged, this, &ManagedPrometheus::statusChanged);
}

QString ManagedPrometheus::managersFile() const
{
    return m_settings.folder + u"/alertmanagers.json"_s;
}

Result<void> ManagedPrometheus::setAlertmanagers(const QVector<QUrl> &alertmanagers)
{
    m_settings.alertmanagers = alertmanagers;
    return writeServerFile(managersFile(), alertmanagerTargets(alertmanagers));
}

Result<QStringList> ManagedPrometheus::prepare() const
{
    PrometheusAlerting alerting{.ruleFiles = {}, .managersFile = managersFile()};
    for (auto rule = m_settings.rules.cbegin(); rule != m_settings.rules.cend(); ++rule) {
        const QString path = m_settings.folder + u"/rules/"_s + rule.key();
        if (auto written = writeServerFile(path, rule.value()); !written)
            return std::unexpected(written.error());
        alerting.ruleFiles.append(path);
    }
    if (auto written = writeServerFile(alerting.managersFile, alertmanagerTargets(m_settings.alertmanagers)); !written)
        return std::unexpected(written.error());
    const QString path = m_settings.folder + u"/prometheus.yml"_s;
    if (auto written = writeServerFile(path, prometheusConfiguration(m_settings.jobs, m_settings.interval, alerting)); !written)
        return std::unexpected(written.error());
    return QStringList{u"--config.file="_s + path, u"--storage.tsdb.path="_s + m_settings.folder + u"/data"_s,
        u"--storage.tsdb.retention.time="_s + m_settings.retention, u"--web.listen-address=127.0.0.1:0"_s, u"--enable-feature=native-histograms"_s, u"--rules.alert.resend-delay=15s"_s,
        u"--log.format=logfmt"_s, u"--log.level=info"_s};
}

} // namespace countersign
