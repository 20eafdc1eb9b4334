#pragma once

#include "backend/types/address.h"
#include "backend/types/hash32.h"
#include "backend/types/ids.h"

namespace countersign {

/// Address of a contract that `creator` makes by CREATE as its account's `nonce`: keccak256(rlp([creator, nonce]))[12..].
Address createAddress(const Address &creator, Nonce nonce);

/// EIP-1014: keccak256(0xff || creator || salt || keccak256(init code))[12..].
Address create2Address(const Address &creator, const Hash32 &salt, const Hash32 &initCodeHash);

} // namespace countersign
