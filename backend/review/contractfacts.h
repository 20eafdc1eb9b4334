#pragma once

#include "backend/evm/proxycode.h"
#include "backend/types/address.h"
#include "backend/types/bytes.h"
#include "backend/types/hash32.h"
#include "backend/types/ids.h"
#include "backend/types/uint256.h"

#include <QHash>

#include <optional>

namespace countersign {

/// What stands at an address at the block of a review.
struct ContractFacts {
    Bytes code; ///< empty: no contract
    Hash32 codeHash; ///< keccak256 of the code
    Uint256 balance; ///< wei
    Nonce nonce; ///< of the account
    std::optional<ProxyFinding> proxy; ///< it only passes calls on
    std::optional<bool> isFresh; ///< had other code, or none, `ReviewContext::freshBlocks` before; absent: not known
    std::optional<Address> owner; ///< owner(), when it answers
    std::optional<Address> pendingOwner; ///< pendingOwner(), when it answers
    std::optional<bool> paused; ///< paused(), when it answers
    std::optional<Hash32> proxiableUuid; ///< proxiableUUID(), when it answers (EIP-1822): it can stand behind such a proxy

    bool hasCode() const { return !code.isEmpty(); }
    /// The contract whose code runs when this is called.
    const Address *implementation() const { return proxy && proxy->implementation ? &*proxy->implementation : nullptr; }
    friend bool operator==(const ContractFacts &, const ContractFacts &) = default;
};
using ContractFactsByAddress = QHash<Address, ContractFacts>;

} // namespace countersign
