#pragma once

#include "backend/environment/environment.h"

#include <QString>
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

/// The jobs of a profile under their usual names: "relayer", "etcd" for the election's endpoints, "canton-domain" for participants and
/// "ethereum-node" for the chains' nodes; the latter three only where the profile gives an address.
QVector<ScrapeJob> scrapeJobs(const Environment &environment);

/// What Prometheus does beside scraping.
struct PrometheusAlerting {
    QStringList ruleFiles = {}; ///< paths
    QString managersFile = {}; ///< path of a file that names Alertmanagers (see alertmanagerTargets) and is read again when it changes; empty: none
};

/// A configuration file for Prometheus (YAML) that scrapes these jobs.
QByteArray prometheusConfiguration(const QVector<ScrapeJob> &jobs, std::chrono::milliseconds interval, const PrometheusAlerting &alerting = {});

/// The file by which Prometheus finds Alertmanagers (JSON, file_sd); http and https are told apart by a label.
QByteArray alertmanagerTargets(const QVector<QUrl> &managers);

} // namespace countersign
