#pragma once

#include "backend/evm/chainclient.h"
#include "backend/records/recordverification.h"

#include <QCoroTask>

#include <stop_token>

namespace countersign {

/// What a node says of a record: whether the reviewed block is on its chain, whether the Safe had these owners, this
/// threshold and this nonce at it, and whether the execution was mined. A node that prunes old state leaves points
/// unchecked. `chain` outlives the task.
QCoro::Task<QList<RecordPoint>> verifyRecordOnChain(
    ChainClient &chain, ApprovalRecord record, std::stop_token stop = {});

} // namespace countersign
