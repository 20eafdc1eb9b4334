#pragma once

#include "backend/types/bytes.h"
#include "backend/types/error.h"

#include <QString>

#include <optional>

namespace countersign {

/// A gRPC status as an Error. Its detail begins with "grpc=<code> code=<reason> ..."; the reason is Canton's error
/// code, from the ErrorInfo in \a details (a serialised google.rpc.Status) or from the text
/// "CODE(category,correlation): words". The message is the words.
[[nodiscard]] Error rpcError(int grpcCode, const QString &message, const Bytes &details, const QString &target);

/// The gRPC code of such an error; nothing when it is of another origin.
[[nodiscard]] std::optional<int> grpcCode(const Error &error);
/// Canton's error code of such an error ("CONTRACT_NOT_FOUND"); empty when it has none.
[[nodiscard]] QString rpcErrorCode(const Error &error);

inline constexpr int grpcUnimplemented = 12;

} // namespace countersign
