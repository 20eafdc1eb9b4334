#include "backend/metrics/scrapejobs.h"

#include "backend/metrics/keptserver.h"
#include "backend/types/strings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>

namespace countersign {

namespace {

QString authorityOf(const QUrl &url)
{
    const QString host = url.host().contains(u':') ? QString(u'[' + url.host() + u']') : url.host();
    return host + u':' + QString::number(url.port(url.scheme() == u"https"_s ? 443 : 80));
}

void appendJob(QByteArray &yaml, const ScrapeJob &job)
{
    // One job has one scheme and path: targets that differ become jobs of their own, whose label says the common name.
    QMap<QString, QVector<QUrl>> alike;
    for (const QUrl &target : job.targets)
        alike[target.scheme() + u' ' + target.path()].append(target);
    int part = 0;
    for (const QVector<QUrl> &group : std::as_const(alike)) {
        const QString name = part == 0 ? job.name : QString(job.name + u'-' + QString::number(part));
        ++part;
        yaml += "  - job_name: " + yamlQuoted(name) + "\n    scheme: " + yamlQuoted(group.first().scheme());
        yaml += "\n    metrics_path: " + yamlQuoted(group.first().path().isEmpty() ? u"/metrics"_s : group.first().path());
        yaml += "\n    static_configs:\n      - targets:\n";
        for (const QUrl &target : group)
            yaml += "          - " + yamlQuoted(authorityOf(target)) + '\n';
        if (name != job.name)
            yaml += "        labels: {job: " + yamlQuoted(job.name) + "}\n";
    }
}

} // namespace

QVector<ScrapeJob> scrapeJobs(const Environment &environment)
{
    QVector<ScrapeJob> jobs;
    ScrapeJob relayers{u"relayer"_s, {}};
    for (const RelayerSettings &relayer : environment.relayers)
        relayers.targets.append(relayer.metrics);
    jobs.append(relayers);
    if (environment.election) {
        ScrapeJob etcd{u"etcd"_s, {}};
        for (QUrl endpoint : environment.election->endpoints) {
            endpoint.setPath(u"/metrics"_s);
            etcd.targets.append(endpoint);
        }
        jobs.append(etcd);
    }
    ScrapeJob participants{u"canton-domain"_s, {}};
    for (const ParticipantSettings &participant : environment.participants) {
        if (participant.metrics)
            participants.targets.append(*participant.metrics);
    }
    ScrapeJob chains{u"ethereum-node"_s, {}};
    for (const ChainSettings &chain : environment.chains) {
        if (chain.metrics)
            chains.targets.append(*chain.metrics);
    }
    for (const ScrapeJob &job : {participants, chains}) {
        if (!job.targets.isEmpty())
            jobs.append(job);
    }
    return jobs;
}

QByteArray prometheusConfiguration(const QVector<ScrapeJob> &jobs, std::chrono::milliseconds interval, const PrometheusAlerting &alerting)
{
    const QByteArray period = QByteArray::number(static_cast<qint64>(interval.count())) + "ms";
    QByteArray yaml = "global:\n  scrape_interval: " + period + "\n  scrape_timeout: " + period + "\n  evaluation_interval: " + period + '\n';
    if (!alerting.ruleFiles.isEmpty()) {
        yaml += "rule_files:\n";
        for (const QString &file : alerting.ruleFiles)
            yaml += "  - " + yamlQuoted(file) + '\n';
    }
    if (!alerting.managersFile.isEmpty()) {
        yaml += "alerting:\n  alertmanagers:\n";
        for (const char *scheme : {"http", "https"}) {
            yaml += "    - scheme: " + QByteArray(scheme) + "\n      file_sd_configs:\n        - files: [" + yamlQuoted(alerting.managersFile);
            yaml += "]\n          refresh_interval: 30s\n      relabel_configs:\n        - source_labels: [scheme]\n          regex: ";
            yaml += QByteArray(scheme) + "\n          action: keep\n";
            yaml += "        - {source_labels: [path], regex: \"(.+)\", target_label: __alerts_path__}\n";
        }
    }
    yaml += "scrape_configs:\n";
    for (const ScrapeJob &job : jobs)
        appendJob(yaml, job);
    return yaml;
}

QByteArray alertmanagerTargets(const QVector<QUrl> &managers)
{
    QJsonArray groups;
    for (const QUrl &manager : managers) {
        QString prefix = manager.path();
        while (prefix.endsWith(u'/'))
            prefix.chop(1);
        groups.append(QJsonObject{{u"targets"_s, QJsonArray{authorityOf(manager)}},
                                  {u"labels"_s, QJsonObject{{u"scheme"_s, manager.scheme()}, {u"path"_s, QString(prefix + u"/api/v2/alerts"_s)}}}});
    }
    return QJsonDocument(groups).toJson(QJsonDocument::Compact);
}

} // namespace countersign
