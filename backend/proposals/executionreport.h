#pragma once

#include "backend/review/review.h"

namespace countersign {

/// What an execution did, read back from the chain.
struct ExecutionReport {
    Hash32 safeTxHash;
    Hash32 transactionHash;
    BlockNumber blockNumber;
    quint64 gasUsed = 0;
    QList<Effect> effects; ///< `after` as read back from the chain at the block, not as simulated
    bool isAsPromised = false; ///< every effect read back equals what the review promised
    bool isReadBack = false; ///< there were effects, and all of them could be read back

    friend bool operator==(const ExecutionReport &, const ExecutionReport &) = default;
};

} // namespace countersign
