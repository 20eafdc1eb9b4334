#pragma once

#include "backend/evm/signature.h"
#include "backend/types/ids.h"
#include "backend/types/uint256.h"

#include <optional>
#include <variant>
#include <vector>

namespace countersign {

struct AccessListEntry {
    Address address;
    std::vector<Hash32> storageKeys;
    friend bool operator==(const AccessListEntry &, const AccessListEntry &) = default;
};

/// A transaction with a fee market (EIP-1559, type 2). Fees in wei per gas. Without `to` it creates a contract.
struct Eip1559Transaction {
    ChainId chainId{0};
    Nonce nonce{0};
    Uint256 maxPriorityFeePerGas = {};
    Uint256 maxFeePerGas = {};
    quint64 gasLimit = 0;
    std::optional<Address> to = {};
    Uint256 value = {};
    Bytes data = {};
    std::vector<AccessListEntry> accessList = {};

    Hash32 signingHash() const;
    /// 0x02 || rlp: what eth_sendRawTransaction takes and whose keccak256 is the transaction's hash.
    Bytes serialize(const EvmSignature &signature) const;
    friend bool operator==(const Eip1559Transaction &, const Eip1559Transaction &) = default;
};

/// A transaction with one gas price; with a chain id it is protected against replay (EIP-155).
struct LegacyTransaction {
    std::optional<ChainId> chainId = {};
    Nonce nonce{0};
    Uint256 gasPrice = {};
    quint64 gasLimit = 0;
    std::optional<Address> to = {};
    Uint256 value = {};
    Bytes data = {};

    Hash32 signingHash() const;
    /// Error Invalid when the chain id is too large for EIP-155's v in 64 bits.
    Result<Bytes> serialize(const EvmSignature &signature) const;
    friend bool operator==(const LegacyTransaction &, const LegacyTransaction &) = default;
};

/// A transaction as it travels, taken apart.
struct SignedTransaction {
    std::variant<Eip1559Transaction, LegacyTransaction> transaction;
    EvmSignature signature;
    Hash32 hash;

    Hash32 signingHash() const;
    /// Recovered from the signature.
    Result<Address> sender() const;
};

/// Largest serialized transaction that decodeTransaction accepts, in bytes (the pool limit of common nodes).
inline constexpr qsizetype maxTransactionBytes = 128 * 1024;

/// Strict: known types (2 and legacy) only, canonical RLP, fields in range, low s. Error Invalid; detail says where.
Result<SignedTransaction> decodeTransaction(QByteArrayView raw);

} // namespace countersign
