#include "backend/evm/artifact.h"
#include "backend/evm/revert.h"

#include <cstddef>
#include <cstdint>

using namespace countersign;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView bytes(data, static_cast<qsizetype>(size));
    static_cast<void>(ContractArtifact::load(bytes));
    const auto abi = JsonAbi::load(bytes);
    if (!abi)
        return 0;
    for (const AbiFunction &function : abi->functions())
        static_cast<void>(function.decodeCall(bytes));
    describeRevert(bytes, &*abi);
    return 0;
}
