#include "backend/rpc/rpcerror.h"

#include <cstddef>
#include <cstdint>

// A server chooses the code, the text and the details of a failed call.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const int code = 1 + data[0] % 16;
    const countersign::Bytes rest(reinterpret_cast<const char *>(data + 1), static_cast<qsizetype>(size - 1));
    const countersign::Error error
        = countersign::rpcError(code, QString::fromUtf8(rest), rest, QStringLiteral("host:1"));
    if (countersign::grpcCode(error) != code)
        __builtin_trap();
    (void)countersign::rpcErrorCode(error);
    return 0;
}
