#pragma once

#include "backend/rpc/channel.h"
#include "backend/types/error.h"

#include <QCoroTask>
#include <QString>

namespace countersign {

/// Asks a node which of its APIs this port serves (ApiInfoService) and compares: nothing when it is \a expected
/// ("ledger-api", "admin-api") or the node is too old to say; else Invalid, in words that name the mistake. Private to
/// this folder.
QCoro::Task<Result<void>> checkApi(Channel channel, QString expected, CallOptions options);

} // namespace countersign
