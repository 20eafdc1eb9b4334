#pragma once

#include "backend/evm/chaintypes.h"
#include "backend/review/contractfacts.h"
#include "backend/rpc/jsonrpcclient.h"

#include <QList>

#include <QCoroTask>

#include <stop_token>

namespace countersign {

/// What stands at each of these addresses at one block, in few requests. An account that the node does not answer for is
/// an error as a whole: a review must not rest on half of the accounts. `freshSince`, when given, is the height below which
/// a contract must have stood to be no fresh one; a node that has forgotten that block leaves ContractFacts::isFresh
/// absent. Errors: those of the client, and Corrupt for malformed answers. `rpc` outlives the task.
QCoro::Task<Result<ContractFactsByAddress>> readContracts(JsonRpcClient &rpc, QList<Address> accounts, BlockRef block,
    std::optional<BlockNumber> freshSince, std::stop_token stop = {});

} // namespace countersign
