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
    return 0;
}
