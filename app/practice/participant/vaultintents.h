#pragma once

#include "app/practice/participant/templatespec.h"

namespace countersign::participant {

/// The Daml model of the practice network: IntentRequest -> AuthorisedIntent -> IntentReceipt.
[[nodiscard]] PackageSpec vaultIntentsPackage();

} // namespace countersign::participant
