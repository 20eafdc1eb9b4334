#include "backend/proposals/signaturejson.h"

#include <cstdlib>

using namespace countersign;

// What is accepted is written again as the same bytes and is by the owner that it names.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const QByteArrayView bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto signature = signatureFromJson(bytes);
    if (!signature)
        return 0;
    const auto owner = signature->signature.signer(signature->safeTxHash);
    if (signatureToJson(*signature) != bytes || !owner || *owner != signature->owner)
        std::abort();
    return 0;
}
