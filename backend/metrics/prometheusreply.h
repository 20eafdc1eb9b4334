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
    bool operator==(const PrometheusSample &) const = default;
};

/// One bucket of a native histogram. Buckets do not add up over each other, and empty ones are absent.
struct HistogramBucket {
    enum class Bounds : quint8 { OpenLower, OpenUpper, OpenBoth, ClosedBoth }; ///< the API's 0 to 3: (a,b], [a,b), (a,b), [a,b]
    Bounds bounds = Bounds::OpenLower;
    double lower = 0;
    double upper = 0;
    double count = 0;
    bool operator==(const HistogramBucket &) const = default;
};

/// A native (exponential) histogram at one time.
struct PrometheusHistogram {
    Timestamp time;
    double count = 0;
    double sum = 0;
    QVector<HistogramBucket> buckets;
    bool operator==(const PrometheusHistogram &) const = default;
};

using PrometheusLabels = QMap<QString, QString>;

struct PrometheusSeries {
    PrometheusLabels labels; ///< "__name__" is the metric's name
    QVector<PrometheusSample> samples; ///< ascending in time; one in a vector
    QVector<PrometheusHistogram> histograms = {}; ///< the same; at one time a series has either the one or the other
};

/// What a query answered.
struct PrometheusResult {
    enum class Type { Scalar, String, Vector, Matrix };
    Type type = Type::Vector;
    QVector<PrometheusSeries> series; ///< of a scalar: one without labels
    QString text; ///< of a string
    QStringList warnings; ///< the server's: the answer may be incomplete or wrong
    QStringList infos; ///< the server's remarks on the expression

    /// The first sample of the only or the first series; absent when there is none.
    std::optional<double> value() const;
};

struct PrometheusLimits {
    qsizetype bytes = 64 * 1024 * 1024;
    qsizetype series = 10'000; ///< or entries of another list
    qsizetype samples = 5'000'000; ///< a histogram counts as one and each of its buckets
    int depth = 32; ///< of the JSON
};

/// The answer of the HTTP API v1 without its envelope (prometheus.io, querying/api).
struct PrometheusData {
    QByteArray json; ///< what stands under "data"
    QStringList warnings;
    QStringList infos;
};

/// An error that the server states becomes Invalid (bad_data), Rejected (execution), Timeout, Cancelled, Unavailable, NotFound or Internal, its
/// whole text in the detail; a body that is no such envelope is judged by the HTTP status, and Corrupt where that says success.
Result<PrometheusData> parsePrometheusEnvelope(int httpStatus, const QByteArray &body, const PrometheusLimits &limits = {});

/// The data of a query; errors of the envelope, and Exhausted beyond the limits.
Result<PrometheusResult> parsePrometheusResult(int httpStatus, const QByteArray &body, const PrometheusLimits &limits = {});

/// Where in an expression a server found its mistake.
struct ExpressionPlace {
    int line = 1; ///< from 1
    int column = 1; ///< from 1, in bytes of UTF-8
    QString what; ///< "unclosed left parenthesis"
    bool operator==(const ExpressionPlace &) const = default;
};

/// Of an error of a query, also as rule files and logs carry it; nothing when the error names no place.
std::optional<ExpressionPlace> expressionPlace(const Error &error);

} // namespace countersign
