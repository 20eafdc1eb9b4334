#pragma once

#include "backend/types/error.h"

#include <QCoroTask>

namespace countersign {

/// Whether the desktop's keychain can be asked at all. Its library answers "no such entry" also while the keychain is
/// locked, and names no reason where there is none; this asks the session bus (org.freedesktop.secrets, or KWallet).
/// Error Unavailable with what to do. Asks nobody where the system brings its own keychain (macOS, Windows).
QCoro::Task<Result<void>> checkDesktopKeychain();

} // namespace countersign
