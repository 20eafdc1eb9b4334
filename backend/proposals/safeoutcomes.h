#pragma once

#include "backend/proposals/proposalstanding.h"
#include "backend/types/error.h"

#include <QCoroTask>

#include <stop_token>

namespace countersign {

class ChainClient;

struct SafeOutcomes {
    QHash<Hash32, SafeOutcome> found; ///< by safeTxHash
    BlockNumber from = {}; ///< first block that was searched
};

/// What became of the transactions with these hashes at \a state's Safe, as far back as the node shows. Errors: those of
/// the client, which outlives the task.
QCoro::Task<Result<SafeOutcomes>> readSafeOutcomes(
    ChainClient &chain, SafeState state, QList<Hash32> hashes, std::stop_token stop = {});

} // namespace countersign
