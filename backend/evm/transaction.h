#pragma once

#include "backend/evm/authorization.h"
#include "backend/evm/signature.h"
#include "backend/types/ids.h"
#include "backend/types/uint256.h"

#include <optional>
#include <vector>

namespace countersign {

/// EIP-2718's type byte; Legacy has none on the wire.
enum class TransactionType : quint8 {
    Legacy = 0, ///< one gas price; with a chain id it is protected against replay (EIP-155)
    AccessList = 1, ///< EIP-2930
    FeeMarket = 2, ///< EIP-1559
    Blob = 3, ///< EIP-4844
    SetCode = 4, ///< EIP-7702
};

struct AccessListEntry {
    Address address;
    std::vector<Hash32> storageKeys;
    friend bool operator==(const AccessListEntry &, const AccessListEntry &) = default;
};

/// A transaction without its signature. Fields that its type does not have are not written and stay at their defaults.
/// Fees in wei per gas. Without `to` it creates a contract.
struct EvmTransaction {
    TransactionType type = TransactionType::FeeMarket;
    std::optional<ChainId> chainId
        = {}; ///< absent only in Legacy: valid on every chain. Written as 0 in the other types.
    Nonce nonce{0};
    Uint256 gasPrice = {}; ///< Legacy, AccessList
    Uint256 maxPriorityFeePerGas = {}; ///< FeeMarket and later, as the next
    Uint256 maxFeePerGas = {};
    Uint256 gasLimit = {}; ///< chains hold it in 64 bits, the yellow paper in 256
    std::optional<Address> to = {};
    Uint256 value = {};
    Bytes data = {};
    std::vector<AccessListEntry> accessList = {};
    Uint256 maxFeePerBlobGas = {}; ///< Blob, as the next
    std::vector<Hash32> blobVersionedHashes = {};
    std::vector<Authorization> authorizationList = {}; ///< SetCode

    bool hasFeeMarket() const { return type >= TransactionType::FeeMarket; }
    /// The most that a unit of gas may cost.
    const Uint256 &feeCap() const { return hasFeeMarket() ? maxFeePerGas : gasPrice; }

    /// What is signed: type byte || rlp(fields); of Legacy the six fields, with a chain id EIP-155's nine.
    Bytes unsignedPayload() const;
    Hash32 signingHash() const;
    /// What eth_sendRawTransaction takes and whose keccak256 is the transaction's hash; of Blob the form of blocks,
    /// without the sidecar that a node asks for.
    Bytes serialize(const EvmSignature &signature) const;

    friend bool operator==(const EvmTransaction &, const EvmTransaction &) = default;
};

/// An EvmTransaction of its default type.
using Eip1559Transaction = EvmTransaction;

} // namespace countersign
