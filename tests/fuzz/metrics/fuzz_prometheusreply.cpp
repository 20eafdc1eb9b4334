#include "backend/metrics/prometheuscatalogue.h"
#include "backend/metrics/prometheusreply.h"
#include "backend/metrics/prometheusrules.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// What is accepted keeps the limits and is in order of time.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const int status = data[0] % 2 == 0 ? 200 : 503;
    const QByteArray body(reinterpret_cast<const char *>(data + 1), static_cast<qsizetype>(size) - 1);
    const PrometheusLimits limits{.bytes = 1 << 20, .series = 16, .samples = 256, .depth = 16};
    if (const auto result = parsePrometheusResult(status, body, limits)) {
        qsizetype samples = 0;
        for (const PrometheusSeries &series : result->series) {
            samples += series.samples.size();
            for (const PrometheusHistogram &histogram : series.histograms)
                samples += 1 + histogram.buckets.size();
            for (qsizetype i = 1; i < series.histograms.size(); ++i) {
                if (series.histograms.at(i).time < series.histograms.at(i - 1).time)
                    std::abort();
            }
            for (qsizetype i = 1; i < series.samples.size(); ++i) {
                if (series.samples.at(i).time < series.samples.at(i - 1).time)
                    std::abort();
            }
        }
        if (result->series.size() > limits.series || samples > limits.samples)
            std::abort();
    } else {
        (void)expressionPlace(result.error());
    }
    (void)parsePrometheusTargets(status, body, limits);
    (void)parsePrometheusNames(status, body, limits);
    (void)parsePrometheusSeries(status, body, limits);
    (void)parsePrometheusMetadata(status, body, limits);
    (void)parsePrometheusBuild(status, body, limits);
    (void)parsePrometheusAlertmanagers(status, body, limits);
    (void)parsePrometheusText(status, body, limits);
    (void)parsePrometheusRules(status, body, limits);
    (void)parsePrometheusAlerts(status, body, limits);
    return 0;
}
