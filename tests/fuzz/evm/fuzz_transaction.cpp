#include "backend/evm/transaction.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView bytes(data, static_cast<qsizetype>(size));
    const auto decoded = decodeTransaction(bytes);
    if (!decoded)
        return 0;
    Result<Bytes> again = Bytes();
    if (const auto *modern = std::get_if<Eip1559Transaction>(&decoded->transaction))
        again = modern->serialize(decoded->signature);
    else
        again = std::get<LegacyTransaction>(decoded->transaction).serialize(decoded->signature);
    if (!again || *again != bytes || !decoded->sender())
        std::abort();
    return 0;
}
