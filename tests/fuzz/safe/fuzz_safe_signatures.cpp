#include "backend/safe/safecalls.h"
#include "backend/safe/safesignature.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// Every byte of an accepted blob belongs to one signature: laid out again, it is the same blob.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView bytes(data, static_cast<qsizetype>(size));
    static_cast<void>(decodeExecTransaction(bytes));
    static_cast<void>(SafeSignature::fromBytes(bytes));
    const auto signatures = decodeSafeSignatures(bytes);
    if (!signatures)
        return 0;
    const auto counted = decodeSafeSignatures(bytes, static_cast<qsizetype>(signatures->size()));
    if (!counted || *counted != *signatures)
        std::abort();
    Bytes parts;
    Bytes tails;
    const qsizetype tailsStart = static_cast<qsizetype>(signatures->size()) * 65;
    for (const SafeSignature &signature : *signatures) {
        parts += signature.staticPart(signature.kind() == SafeSignatureKind::Contract ? tailsStart + tails.size() : 0);
        if (signature.kind() == SafeSignatureKind::Contract) {
            tails += Uint256(static_cast<quint64>(signature.contractData().size())).toBigEndian();
            tails += signature.contractData();
        }
    }
    parts += tails;
    if (parts != bytes)
        std::abort();
    const std::array<Address, 1> owners{};
    checkSafeSignatures(*signatures, Hash32(), owners, 1);
    return 0;
}
