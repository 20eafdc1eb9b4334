#pragma once

#include "backend/types/error.h"
#include "backend/types/timestamp.h"

#include <QByteArrayView>
#include <QList>
#include <QString>
#include <QVector>

#include <optional>
#include <utility>

namespace countersign {

enum class MetricType : quint8 { Unknown, Counter, Gauge, Histogram, Summary, Info, StateSet, GaugeHistogram };

using MetricLabels = QVector<std::pair<QString, QString>>;

struct MetricSample {
    QString name; ///< with its suffix: foo_bucket, foo_total
    MetricLabels labels; ///< in the order of the text
    double value = 0;
    std::optional<Timestamp> time;

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

} // namespace countersign
