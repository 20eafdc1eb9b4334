#pragma once

#include "backend/evm/jsonabi.h"

namespace countersign {

/// What the factories, libraries and handlers around the Safe take, beside what safeAbi knows: proxies, migrations, signed
/// messages, the extensible fallback handler. Kept apart, since most of it means something only by delegatecall or at its
/// own address.
const JsonAbi &safeLibraryAbi();

} // namespace countersign
