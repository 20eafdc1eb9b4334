#include "backend/safe/safemultisend.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// Every byte of an accepted batch belongs to one transaction: packed again, it is the same batch.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView bytes(data, static_cast<qsizetype>(size));
    const Address safe = Address::fromBytes(QByteArray(20, '\x11')).value();
    const auto batch = decodeMultiSend(bytes, {.kind = MultiSendKind::Full, .version = SafeVersion::v150()}, safe);
    const auto callOnly = decodeMultiSend(bytes, {.kind = MultiSendKind::CallOnly, .version = SafeVersion::v141()}, safe);
    if (!batch) {
        if (callOnly)
            std::abort();
        return 0;
    }
    if (packMultiSend(*batch) != bytes && encodeMultiSend(*batch) != bytes)
        std::abort();
    for (const MultiSendTransaction &transaction : *batch) {
        if (transaction.effectiveTo.isZero() || (transaction.operation == SafeOperation::DelegateCall && callOnly))
            std::abort();
    }
    return 0;
}
