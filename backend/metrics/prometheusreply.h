#pragma once

#include "backend/types/error.h"
#include "backend/types/timestamp.h"

#include <QByteArray>
#include <QMap>
#include <QStringList>
#include <QVector>

#include <optional>

namespace countersign {

struct PrometheusSample {
    Timestamp time;
    double value = 0; ///< may be NaN or infinite
};

struct PrometheusSeries {
    QMap<QString, QString> labels; ///< "__name__" is the metric's name
    QVector<PrometheusSample> samples; ///< ascending in time; one in a vector
};

/// What a query answered.
struct PrometheusResult {
    enum class Type { Scalar, String, Vector, Matrix };
    Type type = Type::Vector;
    QVector<PrometheusSeries> series; ///< of a scalar: one without labels
    QString text; ///< of a string
    QStringList warnings; ///< the server's, and what was left out here

    /// The first sample of the only or the first series; absent when there is none.
    std::optional<double> value() const;
};

struct PrometheusTarget {
    QString job;
    QString instance;
    QString url;
    bool up = false; ///< false also while it was never asked
    QString health; ///< up, down, unknown
    QString lastError;
    Timestamp lastScrape;
    double lastDurationSeconds = 0;
};

struct PrometheusLimits {
    qsizetype bytes = 64 * 1024 * 1024;
    qsizetype series = 10'000;
    qsizetype samples = 5'000'000;
};

/// Reads the envelope of the HTTP API v1 (prometheus.io, querying/api) and the data of a query. An error that the server states becomes
/// Invalid (bad_data, with line and column of the expression in the detail), Rejected (execution), Timeout, Cancelled, Unavailable,
/// NotFound or Internal; a body that is no such envelope is judged by the HTTP status, and Corrupt where that says success.
Result<PrometheusResult> parsePrometheusResult(int httpStatus, const QByteArray &body, const PrometheusLimits &limits = {});
Result<QVector<PrometheusTarget>> parsePrometheusTargets(int httpStatus, const QByteArray &body, const PrometheusLimits &limits = {});

} // namespace countersign
