#include "backend/proposals/exchangememory.h"

#include <cstdlib>

using namespace countersign;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const QByteArrayView bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    if (const auto record = recordFromJson(bytes); record && recordToJson(*record) != bytes)
        std::abort();
    return 0;
}
