#include "backend/relayer/exposition.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    using namespace countersign;
    const ExpositionLimits limits{.bytes = 1 << 20, .samples = 1000, .lineBytes = 4096};
    for (const bool openMetrics : {false, true}) {
        const auto exposition
            = parseExposition(QByteArrayView(data, static_cast<qsizetype>(size)), openMetrics, limits);
        if (!exposition)
            continue;
        for (const MetricFamily &family : exposition->families) {
            for (const MetricSample &sample : family.samples) {
                if (sample.name.isEmpty())
                    __builtin_trap();
            }
        }
    }
    const QByteArrayView body(data, static_cast<qsizetype>(size));
    if (const auto exposition = parseExpositionProto(body, limits)) {
        for (const MetricFamily &family : exposition->families) {
            for (const MetricSample &sample : family.samples) {
                if (sample.name.isEmpty())
                    __builtin_trap();
                if (!sample.histogram)
                    continue;
                for (const NativeHistogram::Bucket &bucket : sample.histogram->buckets) {
                    if (!(bucket.count > 0))
                        __builtin_trap();
                }
            }
        }
    }
    (void)sniffExposition(QByteArray(), body);
    (void)sniffExposition(body.first(qMin<qsizetype>(body.size(), 40)).toByteArray(), body);
    return 0;
}
