#include "backend/metrics/managedalertmanager.h"

#include "backend/types/strings.h"

namespace countersign {

namespace {

QByteArray plainConfiguration()
{
    return "route:\n  receiver: console\n  group_by: [alertname]\n  group_wait: 10s\n  group_interval: 1m\nreceivers:\n  - name: console\n";
}

} // namespace

ManagedAlertmanager::ManagedAlertmanager(ManagedAlertmanagerSettings settings, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_settings(std::move(settings))
    , m_server({.name = u"Alertmanager"_s,
                   .program = m_settings.program,
                   .package = u"prometheus-alertmanager"_s,
                   .readyMark = {},
                   .prepare = [this] { return prepare(); }},
          u"alertmanager"_s, SourceKind::Alertmanager, clock)
{
    connect(&m_server, &KeptServer::ready, this, &ManagedAlertmanager::ready);
    connect(&m_server, &KeptServer::statusChanged, this, &ManagedAlertmanager::statusChanged);
}

Result<QStringList> ManagedAlertmanager::prepare() const
{
    const QString path = m_settings.folder + u"/alertmanager.yml"_s;
    const QByteArray yaml = m_settings.configuration.isEmpty() ? plainConfiguration() : m_settings.configuration;
    if (auto written = writeServerFile(path, yaml); !written)
        return std::unexpected(written.error());
    return QStringList{u"--config.file="_s + path, u"--storage.path="_s + m_settings.folder + u"/data"_s, u"--data.retention=120h"_s,
        u"--web.listen-address=127.0.0.1:0"_s, u"--cluster.listen-address="_s, u"--log.format=logfmt"_s, u"--log.level=info"_s};
}

} // namespace countersign
