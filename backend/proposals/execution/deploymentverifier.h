#pragma once

#include "backend/evm/chainclient.h"
#include "backend/proposals/execution/deploymentverification.h"
#include "backend/proposals/proposal.h"
#include "backend/review/artifactstore.h"
#include "backend/rpc/jsonrpcclient.h"

#include <QCoroTask>

#include <stop_token>

namespace countersign {

/// Holds every contract that an executed proposal created against what was signed and against our builds: those that its
/// calls name (CreateCall, deterministic deployers) and those that the trace of its transaction shows, as all of them
/// stand at \a block. Code, immutables by name, constructor arguments, owner, next owner and pause are compared. Empty
/// when nothing was created. A node without traces leaves the creations that the calls name.
/// Errors: those of the client, when the contracts cannot be read; `rpc` and `artifacts` outlive the task.
QCoro::Task<Result<QList<DeploymentVerification>>> verifyDeployments(JsonRpcClient &rpc, ExchangeItem item,
    TransactionReceipt receipt, BlockRef block, const ArtifactStore &artifacts, std::stop_token stop = {});

} // namespace countersign
