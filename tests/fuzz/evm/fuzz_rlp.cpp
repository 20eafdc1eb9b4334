#include "backend/evm/rlp.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// What is accepted is the only spelling of itself.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView bytes(data, static_cast<qsizetype>(size));
    const auto item = rlpDecodeStrict(bytes);
    if (item && rlpEncode(*item) != bytes)
        std::abort();
    return 0;
}
