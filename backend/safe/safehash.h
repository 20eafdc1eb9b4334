#pragma once

#include "backend/safe/safetransaction.h"
#include "backend/safe/safeversion.h"
#include "backend/types/hash32.h"

namespace countersign {

/// The three hashes that devices, tools and the contract name. For a message of the Safe the second is that of SafeMessage.
struct SafeHashes {
    Hash32 domainHash;
    Hash32 messageHash; ///< struct hash of SafeTx or SafeMessage
    Hash32 safeTxHash;  ///< what owners sign and what names a proposal: keccak256(0x1901 || domain hash || message hash)

    friend bool operator==(const SafeHashes &, const SafeHashes &) = default;
};

/// Of a Safe transaction, by the rules of the version that stands at `safe`.
SafeHashes safeHashes(SafeVersion version, ChainId chain, const Address &safe, const SafeTransaction &transaction);

/// What safeTxHash is the hash of: 66 bytes. Owners that are contracts are asked with it up to 1.4.1.
Bytes safePreimage(const SafeHashes &hashes);

/// Domain of Safe 1.3.0 and later: chain id and contract.
Hash32 safeDomainHash(ChainId chain, const Address &safe);
/// Domain of Safe up to 1.2.0: the contract alone, so that a signature is valid on every chain where it stands.
Hash32 safeLegacyDomainHash(const Address &safe);
Hash32 safeDomainHash(SafeVersion version, ChainId chain, const Address &safe);

/// Struct hash of SafeTx, for Safe 1.0.0 and later.
Hash32 safeMessageHash(const SafeTransaction &transaction);
/// For Safe before 1.0.0, which called the sixth field dataGas.
Hash32 safeMessageHashBefore100(const SafeTransaction &transaction);

Hash32 safeTxHash(const Hash32 &domainHash, const Hash32 &messageHash);
/// For Safe 1.3.0 and later.
Hash32 safeTxHash(ChainId chain, const Address &safe, const SafeTransaction &transaction);

/// Struct hash of SafeMessage over these bytes as they are.
Hash32 safeOffchainMessageHash(QByteArrayView message);

/// Of SafeMessage over these bytes as they are: what SignMessageLib stores and what a contract asks the Safe about.
SafeHashes safeMessageHashes(SafeVersion version, ChainId chain, const Address &safe, QByteArrayView message);
/// Of a message as wallets sign it off chain: SafeMessage over its EIP-191 hash. For a text its UTF-8; for bytes written in
/// hexadecimal the bytes.
SafeHashes safePersonalMessageHashes(SafeVersion version, ChainId chain, const Address &safe, QByteArrayView message);
/// Of typed data: SafeMessage over its EIP-712 digest.
SafeHashes safeTypedDataHashes(SafeVersion version, ChainId chain, const Address &safe, const Hash32 &digest);

/// keccak256("\x19Ethereum Signed Message:\n32" || hash): what an eth_sign signature (v 31 or 32) is over.
Hash32 safeEthSignHash(const Hash32 &hash);

} // namespace countersign
