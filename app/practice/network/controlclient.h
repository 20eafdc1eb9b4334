#pragma once

#include "app/practice/network/controlmessage.h"

#include <chrono>

namespace countersign {

/// Asks the practice network behind a control socket and waits for its answer: for the command line, which has nothing
/// else to do. Errors: Unavailable when no network runs there, Timeout, and what the network itself refuses.
Result<QJsonObject> askNetwork(const QString &controlSocket, const ControlRequest &request,
                               std::chrono::milliseconds patience = std::chrono::seconds(30));

} // namespace countersign
