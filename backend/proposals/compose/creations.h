#pragma once

#include "backend/safe/safetransaction.h"
#include "backend/types/ids.h"

#include <QList>

#include <optional>

namespace countersign {

/// A contract that a Safe's transaction creates, through CreateCall or a deterministic deployer.
struct SafeCreation {
    std::optional<Address> address; ///< absent when it hangs on an account nonce that is not known
    Address creator; ///< msg.sender of the constructor
    friend bool operator==(const SafeCreation &, const SafeCreation &) = default;
};

/// In the order in which they run, at any depth. \a accountNonce: of the Safe's account before; absent: not known.
QList<SafeCreation> creationsOf(
    const SafeTransaction &transaction, const Address &safe, ChainId chain, std::optional<Nonce> accountNonce = {});

} // namespace countersign
