#include "backend/rpc/jsonrpcmessage.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const countersign::Bytes text(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    (void)countersign::decodeJsonRpcResponse(text, 1);
    (void)countersign::decodeJsonRpcIncoming(text);
    const auto batch = countersign::decodeJsonRpcBatch(text, 1, 4);
    if (batch && batch->size() != 4)
        __builtin_trap();
    return 0;
}
