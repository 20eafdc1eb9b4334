#include "app/cli/batch/operations.h"

#include <algorithm>

namespace countersign {

std::span<const Operation> allOperations()
{
    static const std::vector<Operation> all = [] {
        std::vector<Operation> operations;
        for (const auto &subject : {valueOperations(), abiOperations(), transactionOperations(), safeOperations(), codeOperations()})
            operations.insert(operations.end(), subject.begin(), subject.end());
        return operations;
    }();
    return all;
}

const Operation *findOperation(QUtf8StringView name)
{
    const auto all = allOperations();
    const auto found = std::ranges::find(all, QByteArrayView(name.data(), name.size()), &Operation::name);
    return found == all.end() ? nullptr : &*found;
}

} // namespace countersign
