#include "backend/evm/decodedtransaction.h"
#include "backend/types/keccak.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

namespace {

// What is read is the only spelling of itself, and a signature on it is somebody's.
void check(const DecodedTransaction &decoded, QByteArrayView bytes)
{
    const Bytes again = decoded.serialize();
    if (!decoded.sidecar && again != bytes)
        std::abort();
    if (decoded.sidecar && !bytes.contains(QByteArrayView(again).sliced(1)))
        std::abort();
    if (decoded.signature.has_value() != decoded.from.has_value() || (decoded.hash && *decoded.hash != keccak256(again)))
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView bytes(data, static_cast<qsizetype>(size));
    const auto strict = decodeTransaction(bytes);
    const auto lenient = decodeTransaction(bytes, {.strict = false, .intrinsicGas = true});
    if (strict) {
        check(*strict, bytes);
        if (!lenient || !strict->problems.empty() || !(lenient->transaction == strict->transaction))
            std::abort();
    }
    if (lenient)
        check(*lenient, bytes);
    return 0;
}
