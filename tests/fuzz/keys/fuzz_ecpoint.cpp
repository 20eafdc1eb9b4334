#include "backend/keys/pkcs11token.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// A token's CKA_EC_POINT: what is accepted is an uncompressed point of secp256k1's size.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const auto point = unwrapEcPoint(QByteArrayView(data, static_cast<qsizetype>(size)));
    if (point && (point->size() != 65 || point->at(0) != 4))
        std::abort();
    return 0;
}
