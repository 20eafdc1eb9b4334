#pragma once

#include "backend/evm/fields.h"
#include "backend/types/jsonobject.h"

#include <QByteArrayView>

#include <span>

namespace countersign {

/// One operation of `batch`: reads its members of a request and writes its result. Without side effects, so that
/// several may run at once.
struct Operation {
    QByteArrayView name; ///< "abi.decode"
    QByteArrayView members; ///< for the help: "types, data[, strict]"
    QByteArrayView answer; ///< "values, deviations"
    Result<void> (*run)(Fields &request, JsonObject &result);
};

/// All operations, in the order of the help.
std::span<const Operation> allOperations();
/// Null when there is none of that name.
const Operation *findOperation(QUtf8StringView name);

// The subjects that allOperations() is made of.
std::span<const Operation> valueOperations();
std::span<const Operation> abiOperations();
std::span<const Operation> transactionOperations();
std::span<const Operation> safeOperations();
std::span<const Operation> codeOperations();

} // namespace countersign
