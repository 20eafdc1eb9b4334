#pragma once

#include "backend/metrics/jsonscanner.h"
#include "backend/metrics/prometheusreply.h"

namespace countersign {

/// Reads what a query answered straight into columns; used by parsePrometheusResult.
class PrometheusResultReader final {
public:
    explicit PrometheusResultReader(const PrometheusLimits &limits)
        : m_limits(limits)
    {
    }

    /// \a data: {resultType, result}. Corrupt when it is anything else, Exhausted beyond the limits.
    Result<PrometheusResult> read(QByteArrayView data);

private:
    Result<void> readSeries(QByteArrayView list, bool matrix, QVector<PrometheusSeries> &series);
    Result<PrometheusSeries> readOne(JsonScanner &scanner, bool matrix);
    Result<void> readLabels(JsonScanner &scanner, PrometheusLabels &labels);
    Result<void> readSamples(JsonScanner &scanner, bool many, QVector<PrometheusSample> &samples);
    Result<void> readHistograms(JsonScanner &scanner, bool many, QVector<PrometheusHistogram> &histograms);
    Result<PrometheusSample> readSample(JsonScanner &scanner);
    Result<PrometheusHistogram> readHistogram(JsonScanner &scanner);
    Result<void> readBuckets(JsonScanner &scanner, QVector<HistogramBucket> &buckets);
    Result<void> count(qsizetype more);

    const PrometheusLimits &m_limits;
    qsizetype m_samples = 0;
};

} // namespace countersign
