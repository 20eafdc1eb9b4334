#include "backend/proposals/sightingmemory.h"

#include <cstdlib>

using namespace countersign;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const QByteArrayView bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    if (const auto sights = sightingsFromJson(bytes); sights && sightingsToJson(*sights) != bytes)
        std::abort();
    return 0;
}
