#pragma once

#include "backend/evm/signature.h"
#include "backend/types/ids.h"
#include "backend/types/uint256.h"

namespace countersign {

/// One tuple of a set-code transaction (EIP-7702): the authority lets its account run the code at `address`. A tuple
/// that does not hold is skipped by the chain and leaves its transaction valid; so the numbers are kept as they travel.
struct Authorization {
    Uint256 chainId = {}; ///< 0: on every chain
    Address address = {}; ///< zero takes the code away again
    Nonce nonce{0}; ///< of the authority
    quint8 yParity = 0;
    Hash32 r = {};
    Hash32 s = {};

    /// What the authority signs: keccak256(0x05 || rlp([chainId, address, nonce])).
    Hash32 signingHash() const;
    /// Who signed. Error Invalid where the chain skips the tuple: yParity above 1, r or s out of range, high s, or the
    /// nonce 2^64-1; detail "authorization.<what>". Whether the chain id and the nonce fit is for the chain to say.
    Result<Address> authority() const;

    friend bool operator==(const Authorization &, const Authorization &) = default;
};

} // namespace countersign
