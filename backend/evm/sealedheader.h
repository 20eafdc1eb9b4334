#pragma once

#include "backend/types/address.h"
#include "backend/types/bytes.h"
#include "backend/types/hash32.h"
#include "backend/types/ids.h"
#include "backend/types/uint256.h"

#include <QJsonValue>

#include <optional>

namespace countersign {

/// A block header with all that enters its hash, so that a state root is bound to the hash of a block. Yellow paper
/// 4.4.3, then what forks appended: London (EIP-1559), Shanghai (4895), Cancun (4844, 4788), Prague (7685).
struct SealedHeader {
    Hash32 parentHash;
    Hash32 ommersHash;
    Address beneficiary;
    Hash32 stateRoot;
    Hash32 transactionsRoot;
    Hash32 receiptsRoot;
    Bytes logsBloom; ///< 256 bytes
    Uint256 difficulty;
    BlockNumber number;
    quint64 gasLimit = 0;
    quint64 gasUsed = 0;
    quint64 timestamp = 0; ///< seconds since 1970
    Bytes extraData;
    Hash32 mixHash;
    Bytes nonce; ///< 8 bytes
    std::optional<Uint256> baseFeePerGas = {};
    std::optional<Hash32> withdrawalsRoot = {};
    std::optional<quint64> blobGasUsed = {};
    std::optional<quint64> excessBlobGas = {};
    std::optional<Hash32> parentBeaconBlockRoot = {};
    std::optional<Hash32> requestsHash = {};

    Bytes toRlp() const;
    /// keccak256 of the RLP.
    Hash32 hash() const;

    friend bool operator==(const SealedHeader &, const SealedHeader &) = default;
};

/// Reads the block that eth_getBlockBy… answers with. Error Invalid for a member that is malformed, or one of a later
/// fork without all of the forks before; Corrupt when "hash" is not the hash of the rest.
Result<SealedHeader> sealedHeaderFromJson(const QJsonValue &block);

} // namespace countersign
