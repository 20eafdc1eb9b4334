#include "backend/evm/typeddata.h"
#include "backend/types/keccak.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

} // namespace

// What is accepted has one meaning: its hashes follow from its encoding, and each type text names one set of types.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray json(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto typed = TypedData::parse(json);
    if (!typed)
        return 0;
    const auto encoded = typed->encodedData();
    require(encoded && encoded->startsWith(keccak256(typed->encodedType().toUtf8()).view()));
    if (typed->structHash()) {
        require(*typed->structHash() == keccak256(*encoded));
        require(typed->digest() == eip712Digest(typed->domainHash(), *typed->structHash()));
    } else {
        require(typed->domainHash() == keccak256(*encoded));
    }
    typed->domainLines();
    typed->messageLines();
    const auto again = TypedData::parse(JsonText::parse(json)->root().toJson());
    require(again && again->digest() == typed->digest());
    return 0;
}
