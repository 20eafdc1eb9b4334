#include "backend/relayer/etcdreply.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    using namespace countersign;
    const Bytes text(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    (void)parseEtcdRange(text);
    (void)parseEtcdLease(text);
    (void)parseEtcdWatchLine(text);
    return 0;
}
