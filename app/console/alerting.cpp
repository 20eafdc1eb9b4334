#include "app/console/alerting.h"

#include "app/console/metricsfeed.h"
#include "app/console/observing.h"
#include "app/console/serversecret.h"
#include "backend/metrics/serveraccess.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QFileInfo>
#include <QLoggingCategory>

namespace countersign {

namespace {

Q_LOGGING_CATEGORY(lcAlerting, "countersign.console.alerting")

/// Host, port and path: what tells one Alertmanager from another.
QString nameOf(const QUrl &url)
{
    QString path = url.path();
    while (path.endsWith(u'/'))
        path.chop(1);
    return url.host() + u':' + QString::number(url.port(url.scheme() == u"https"_s ? 443 : 80)) + path;
}

QString besideJournal(const Environment &environment)
{
    return QFileInfo(environment.journal).path() + u"/acknowledgements.jsonl"_s;
}

} // namespace

Alerting::Alerting(const Environment &environment, Observing &observing, MetricsFeed &metrics, const Clock &clock, SecretStore *secrets,
    QObject *parent)
    : QObject(parent)
    , m_environment(environment)
    , m_observing(observing)
    , m_metrics(metrics)
    , m_clock(clock)
    , m_secrets(secrets)
    , m_acknowledgements(besideJournal(environment), clock)
    , m_feed(clock, m_acknowledgements)
{
    connect(&m_feed, &AlertFeed::statusChanged, &m_observing, &Observing::applyStatus);
    connect(&m_metrics, &MetricsFeed::connected, this, [this](const HttpAccess &access) { m_feed.setPrometheus(access); });
}

Alerting::~Alerting() = default;

void Alerting::start()
{
    if (m_environment.alertmanagers.isEmpty() && !m_environment.prometheus && !m_metrics.runsOwn())
        return; // nothing here could raise an alert
    if (const auto opened = m_acknowledgements.open(); !opened)
        qCWarning(lcAlerting, "%s (%s)", qUtf8Printable(opened.error().message), qUtf8Printable(opened.error().detail));
    if (!m_environment.alertmanagers.isEmpty())
        spawn(askNamed());
    else if (m_metrics.runsOwn())
        startOwn();
    m_feed.start();
}

QCoro::Task<> Alerting::askNamed()
{
    const std::stop_token stop = m_scope.token();
    SecretStore *const secrets = m_secrets;
    const QVector<ServerSettings> servers = m_environment.alertmanagers;
    QVector<AlertSource> sources;
    for (const ServerSettings &server : servers) {
        const HttpAccess access = co_await accessWithSecret(server, secrets);
        if (stop.stop_requested())
            co_return;
        sources.append({nameOf(server.url), access});
    }
    m_feed.setManagers(sources);
    const auto statuses = m_feed.statuses();
    for (const SourceStatus &status : statuses)
        m_observing.applyStatus(status);
}

void Alerting::startOwn()
{
    const ManagedAlertmanagerSettings settings{.folder = m_metrics.dataFolder() + u"/alertmanager"_s};
    m_managed = std::make_unique<ManagedAlertmanager>(settings, m_clock);
    connect(m_managed.get(), &ManagedAlertmanager::statusChanged, &m_observing, &Observing::applyStatus);
    connect(m_managed.get(), &ManagedAlertmanager::ready, this, [this](const QUrl &url) {
        m_metrics.setAlertmanagers({url});
        m_feed.setManagers({{m_managed->status().id, accessOf(ServerSettings{.url = url})}});
    });
    m_managed->start();
}

} // namespace countersign
