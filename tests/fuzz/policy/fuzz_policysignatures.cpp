#include "backend/policy/policysignaturesjson.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// Whatever is accepted is written again as the same bytes: nothing can hide beside what was read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArrayView file(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    if (const auto signatures = policySignaturesFromJson(file);
        signatures && policySignaturesToJson(*signatures) != file)
        std::abort();
    return 0;
}
