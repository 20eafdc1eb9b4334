#pragma once

#include "backend/types/error.h"
#include "backend/types/timestamp.h"

#include <QByteArrayView>
#include <QList>
#include <QString>
#include <QVector>

#include <memory>
#include <optional>
#include <utility>

namespace countersign {

enum class MetricType : quint8 { Unknown, Counter, Gauge, Histogram, Summary, Info, StateSet, GaugeHistogram };

using MetricLabels = QVector<std::pair<QString, QString>>;

/// A histogram with exponential buckets, as only the protobuf form carries it.
struct NativeHistogram {
    struct Bucket {
        double lower = 0; ///< exclusive; of negative buckets inclusive
        double upper = 0; ///< inclusive; of negative buckets exclusive
        double count = 0;

        friend bool operator==(const Bucket &, const Bucket &) = default;
    };
    qint32 schema = 0; ///< buckets grow by 2^(2^-schema)
    double zeroThreshold = 0;
    double zeroCount = 0;
    double count = 0;
    double sum = 0;
    QVector<Bucket> buckets; ///< ascending, without the one around zero; empty ones are left out
};

struct MetricSample {
    QString name; ///< with its suffix: foo_bucket, foo_total
    MetricLabels labels; ///< in the order of the text
    double value = 0; ///< of a native histogram: its count
    std::optional<Timestamp> time;
    std::shared_ptr<const NativeHistogram> histogram = {};

    [[nodiscard]] QString label(QStringView name) const; ///< empty when it has none
};

struct MetricFamily {
    QString name;
    MetricType type = MetricType::Unknown;
    QString help;
    QVector<MetricSample> samples;
};

/// What one scrape said.
struct Exposition {
    QVector<MetricFamily> families;

    [[nodiscard]] const MetricFamily *family(QStringView name) const;
    /// The first sample of this name that has at least these labels.
    [[nodiscard]] std::optional<double> value(QStringView name, const MetricLabels &labels = {}) const;
};

struct ExpositionLimits {
    qsizetype bytes = 16 * 1024 * 1024;
    qsizetype samples = 200'000;
    qsizetype lineBytes = 64 * 1024;
};

/// Reads Prometheus' text format 0.0.4 and OpenMetrics 1.0 (prometheus.io/docs/instrumenting/exposition_formats).
/// Corrupt names the line; Exhausted when a limit is passed. \a openMetrics, known from the content type, makes
/// timestamps seconds and demands "# EOF".
[[nodiscard]] Result<Exposition> parseExposition(
    QByteArrayView text, bool openMetrics = false, const ExpositionLimits &limits = {});

/// Reads a stream of length-delimited io.prometheus.client.MetricFamily messages. Classic histograms and summaries become
/// the samples that the text formats have; native histograms one sample under the family's name. Errors as above;
/// \c lineBytes bounds a name, a label or a help text.
[[nodiscard]] Result<Exposition> parseExpositionProto(QByteArrayView stream, const ExpositionLimits &limits = {});

enum class ExpositionFormat : quint8 { Text, OpenMetrics, Protobuf };

/// What an answer is: by its content type, and where that says nothing, by its bytes.
struct SniffedExposition {
    ExpositionFormat format = ExpositionFormat::Text;
    QString warning; ///< for people: the content type is missing or is another
};
[[nodiscard]] SniffedExposition sniffExposition(const QByteArray &contentType, QByteArrayView body);

/// Reads whatever it is.
[[nodiscard]] Result<Exposition> parseExpositionAs(
    ExpositionFormat format, QByteArrayView body, const ExpositionLimits &limits = {});

} // namespace countersign
