#include "backend/metrics/prometheusreply.h"

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
    const PrometheusLimits limits{.bytes = 1 << 20, .series = 16, .samples = 256};
    if (const auto result = parsePrometheusResult(status, body, limits)) {
        qsizetype samples = 0;
        for (const PrometheusSeries &series : result->series) {
            samples += series.samples.size();
            for (qsizetype i = 1; i < series.samples.size(); ++i) {
                if (series.samples.at(i).time < series.samples.at(i - 1).time)
                    std::abort();
            }
        }
        if (result->series.size() > limits.series || samples > limits.samples)
            std::abort();
    }
    (void)parsePrometheusTargets(status, body, limits);
    return 0;
}
