#pragma once

#include "backend/evm/chainclient.h"
#include "backend/safe/safestate.h"

namespace countersign {

/// Reads everything of SafeState at one block, which is pinned by hash first, so that no part is of another block. Safe
/// 1.0.0 to 1.5.0; what a version does not have yet (guard, module guard, fallback handler) is zero.
/// Error NotFound when no code stands at the address, Corrupt when what stands there does not answer like a Safe, and
/// those of ChainClient. `chain` outlives the task.
QCoro::Task<Result<SafeState>> readSafeState(ChainClient &chain, Address safe, BlockRef block = BlockRef::latest(),
                                             std::stop_token stop = {});

} // namespace countersign
