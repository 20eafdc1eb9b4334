#pragma once

#include "backend/safe/safetransaction.h"
#include "backend/types/hash32.h"

namespace countersign {

// The three hashes that devices, tools and the contract name: domain hash, message hash, and the safeTxHash of both.

/// Domain of Safe 1.3.0 and later: chain id and contract.
Hash32 safeDomainHash(ChainId chain, const Address &safe);
/// Domain of Safe up to 1.2.0: the contract alone, so that a signature is valid on every chain where it stands.
Hash32 safeLegacyDomainHash(const Address &safe);

/// Struct hash of SafeTx, for Safe 1.0.0 and later.
Hash32 safeMessageHash(const SafeTransaction &transaction);
/// For Safe before 1.0.0, which called the sixth field dataGas.
Hash32 safeMessageHashBefore100(const SafeTransaction &transaction);

/// What owners sign and what names a proposal: keccak256(0x1901 || domain hash || message hash).
Hash32 safeTxHash(const Hash32 &domainHash, const Hash32 &messageHash);
/// For Safe 1.3.0 and later.
Hash32 safeTxHash(ChainId chain, const Address &safe, const SafeTransaction &transaction);

/// Struct hash of SafeMessage: an off-chain message that the Safe signs.
Hash32 safeOffchainMessageHash(QByteArrayView message);

/// keccak256("\x19Ethereum Signed Message:\n32" || hash): what an eth_sign signature (v 31 or 32) is over.
Hash32 safeEthSignHash(const Hash32 &hash);

} // namespace countersign
