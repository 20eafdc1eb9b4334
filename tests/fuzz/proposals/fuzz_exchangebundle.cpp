#include "backend/proposals/exchangebundle.h"

#include <cstdlib>

using namespace countersign;

// What is accepted is written again as the same bytes: a bundle has one form, and nothing hides beside what was read.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const QByteArrayView bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto bundle = bundleFromBytes(bytes);
    if (!bundle)
        return 0;
    const auto again = bundleToBytes(*bundle);
    if (!again || *again != bytes)
        std::abort();
    return 0;
}
