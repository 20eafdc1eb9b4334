#pragma once

#include "backend/types/address.h"
#include "backend/types/bytes.h"
#include "backend/types/hash32.h"
#include "backend/types/ids.h"

#include <vector>

namespace countersign {

/// A log of a mined transaction, with the block that it stands on: a reorganisation takes the log away with that block.
struct EvmLog {
    Address address;
    std::vector<Hash32> topics;
    Bytes data;
    BlockNumber blockNumber;
    Hash32 blockHash;
    Hash32 transactionHash;
    quint32 transactionIndex = 0;
    quint32 logIndex = 0;

    friend bool operator==(const EvmLog &, const EvmLog &) = default;
};

} // namespace countersign
