#pragma once

#include "backend/metrics/prometheusreply.h"

#include <QMap>
#include <QStringList>
#include <QUrl>
#include <QVector>

namespace countersign {

struct PrometheusTarget {
    QString job;
    QString instance;
    QString url;
    bool up = false; ///< false also while it was never asked
    QString health; ///< up, down, unknown
    QString lastError;
    Timestamp lastScrape; ///< null: never
    double lastDurationSeconds = 0;
    QString pool = {}; ///< the job of the configuration
    PrometheusLabels labels = {};
};

/// What a metric says of itself.
struct MetricMetadata {
    QString type; ///< counter, gauge, histogram, ...
    QString help;
    QString unit; ///< often empty
};

struct PrometheusBuild {
    QString version; ///< "2.42.0+ds"
    QString revision;
    int major = 0;
    int minor = 0;
};

/// Where a Prometheus sends its alerts.
struct PrometheusAlertmanagers {
    QVector<QUrl> active;
    QVector<QUrl> dropped; ///< left out by its configuration
};

/// Readers of the API's smaller answers; errors as parsePrometheusEnvelope, Corrupt when the data is not of its shape, Exhausted beyond the limits.
Result<QVector<PrometheusTarget>> parsePrometheusTargets(int httpStatus, const QByteArray &body, const PrometheusLimits &limits = {});
/// Names or values of labels.
Result<QStringList> parsePrometheusNames(int httpStatus, const QByteArray &body, const PrometheusLimits &limits = {});
Result<QVector<PrometheusLabels>> parsePrometheusSeries(int httpStatus, const QByteArray &body, const PrometheusLimits &limits = {});
/// By the metric's name; several where targets disagree.
Result<QMap<QString, QVector<MetricMetadata>>> parsePrometheusMetadata(int httpStatus, const QByteArray &body, const PrometheusLimits &limits = {});
Result<PrometheusBuild> parsePrometheusBuild(int httpStatus, const QByteArray &body, const PrometheusLimits &limits = {});
Result<PrometheusAlertmanagers> parsePrometheusAlertmanagers(int httpStatus, const QByteArray &body, const PrometheusLimits &limits = {});
/// The one text that format_query answers.
Result<QString> parsePrometheusText(int httpStatus, const QByteArray &body, const PrometheusLimits &limits = {});

/// A label's name as it stands in the path of a question for its values: a name beyond [a-zA-Z0-9_] is "U__" and its escapes (Prometheus 3).
QString escapedLabelName(const QString &name);

} // namespace countersign
