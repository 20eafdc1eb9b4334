#pragma once

#include "backend/rpc/rpcerror.h"

#include <grpcpp/support/status.h>

namespace countersign {

/// Private to this folder.
[[nodiscard]] inline Error errorOf(const grpc::Status &status, const QString &target)
{
    return rpcError(static_cast<int>(status.error_code()), QString::fromStdString(status.error_message()),
        Bytes::fromStdString(status.error_details()), target);
}

} // namespace countersign
