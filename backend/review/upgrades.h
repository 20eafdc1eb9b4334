#pragma once

#include "backend/review/reviewtree.h"

#include <memory>
#include <optional>

namespace countersign {

/// That a call replaces the code behind a proxy.
struct Upgrade {
    Address proxy;
    Address implementation;
    Bytes then; ///< what the new code is called with; empty: it is not
    friend bool operator==(const Upgrade &, const Upgrade &) = default;
};

/// upgradeTo and upgradeToAndCall of a proxy or a beacon itself, upgrade and upgradeAndCall of a ProxyAdmin,
/// setImplementation; empty for any other call.
std::optional<Upgrade> upgradeIn(const ReviewedCall &call);

/// Code as far as it is one of the known builds.
struct KnownCode {
    const ContractArtifact *artifact = nullptr; ///< null: none
    std::shared_ptr<const StorageLayout> layout; ///< null: the build does not tell
    Bytes code; ///< empty for a contract that the transaction creates
};

/// What stands at an address, or will once the transaction has created it.
KnownCode codeAt(const ReviewTree &tree, const ReviewContext &context, const Address &address);

} // namespace countersign
