#include "backend/evm/rlp.h"
#include "backend/evm/rlpjson.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// RLP that is read becomes JSON that is read as the same RLP; and the two readers of RLP agree.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView bytes(data, static_cast<qsizetype>(size));
    const auto json = rlpToJson(bytes);
    const auto item = rlpDecodeStrict(bytes, {.maxDepth = maxRlpJsonDepth, .maxItems = maxRlpJsonItems});
    if (json.has_value() != item.has_value())
        std::abort();
    if (json) {
        const auto text = JsonText::parse(*json);
        const auto again = text ? rlpFromJson(text->root()) : Result<Bytes>(std::unexpected(text.error()));
        if (!again || *again != bytes || rlpEncode(*item) != bytes)
            std::abort();
    }
    if (const auto text = JsonText::parse(bytes.toByteArray())) {
        if (const auto encoded = rlpFromJson(text->root()); encoded && !rlpToJson(*encoded))
            std::abort();
    }
    return 0;
}
