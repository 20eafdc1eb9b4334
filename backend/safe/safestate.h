#pragma once

#include "backend/types/address.h"
#include "backend/types/hash32.h"
#include "backend/types/ids.h"
#include "backend/types/uint256.h"

#include <QString>

#include <vector>

namespace countersign {

/// A Safe as it stood at one block. Read from the chain, never from a service.
struct SafeState {
    Address safe;
    ChainId chainId;
    BlockNumber blockNumber;
    Hash32 blockHash;

    std::vector<Address> owners; ///< in the contract's order: removeOwner and swapOwner need the one before
    Uint256 threshold;
    Uint256 nonce;
    QString version; ///< as the contract says; a claim, see judgeSafe
    Address singleton;
    Address guard;           ///< zero: none
    Address moduleGuard;     ///< since 1.5.0; zero: none
    Address fallbackHandler; ///< zero: none
    std::vector<Address> modules;
    Hash32 proxyCodeHash;
    Hash32 singletonCodeHash;
    Hash32 domainSeparator; ///< as the contract says, a third opinion

    bool isOwner(const Address &address) const;
    friend bool operator==(const SafeState &, const SafeState &) = default;
};

} // namespace countersign
