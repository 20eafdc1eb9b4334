#include "backend/safe/safecalls.h"
#include "backend/safe/safecalltree.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// Whatever of the Safe's calls is accepted encodes again to the same bytes; the tree of calls is bounded.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView bytes(data, static_cast<qsizetype>(size));
    if (const auto execution = decodeExecTransaction(bytes);
        execution && encodeExecTransaction(execution->transaction, execution->signatures) != bytes)
        std::abort();
    if (const auto call = decodeManagementCall(bytes)) {
        if (encodeManagementCall(*call) != bytes || explainManagementCall(*call).isEmpty())
            std::abort();
    }
    if (const auto create = decodeCreateCall(bytes); create && encodeCreateCall(*create) != bytes)
        std::abort();
    if (const auto proxy = decodeProxyCreation(bytes); proxy && encodeProxyCreation(*proxy) != bytes)
        std::abort();
    if (const auto deployment = decodeDeployment(bytes); deployment && encodeDeployment(*deployment) != bytes)
        std::abort();
    SafeTransaction transaction;
    transaction.operation = SafeOperation::DelegateCall;
    transaction.data = bytes.toByteArray();
    const auto root = readSafeCallTree(transaction, Address(), ChainId(1), {.maxDepth = 8, .maxNodes = 1'000});
    if (flattened(root).size() > 1'001)
        std::abort();
    return 0;
}
