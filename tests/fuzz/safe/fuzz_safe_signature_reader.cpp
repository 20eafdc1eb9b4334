#include "backend/safe/safesignaturereader.h"
#include "backend/types/strings.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// The lenient reader is total, and what the strict one accepts in the contract's order it accepts too.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    const QByteArrayView blob(data + 1, static_cast<qsizetype>(size - 1));
    const qsizetype threshold = data[0] % 8 + 1;
    const SafeSignatureQuestion question{
        .safeTxHash = Hash32(), .threshold = threshold, .version = data[0] & 8 ? SafeVersion::v150() : SafeVersion::v141()};
    const auto reading = readSafeSignatures(blob, question);
    if (!reading)
        return 0;
    if (static_cast<qsizetype>(reading->entries.size()) > threshold)
        std::abort();
    bool ascends = !reading->entries.empty();
    std::optional<Address> last;
    for (const SafeSignatureEntry &entry : reading->entries) {
        ascends = ascends && entry.owner && !entry.owner->isZero() && (!last || *last < *entry.owner);
        last = entry.owner;
    }
    if (ascends != reading->wellOrdered)
        std::abort();
    const auto strict = decodeSafeSignatures(blob, threshold);
    if (strict && reading->wellOrdered && !reading->errors.empty() && reading->errors.front().reason != "sentinelSigner"_L1)
        std::abort();
    return 0;
}
