#pragma once

#include "backend/environment/environment.h"
#include "backend/proposals/execution/deploymentverification.h"
#include "backend/proposals/proposal.h"
#include "backend/review/artifactstore.h"
#include "backend/types/error.h"

#include <QCoroTask>

#include <QList>

#include <stop_token>

namespace countersign {

/// Whether everything that \a proposal depends on is done: executed by its Safe on its own chain, final there, and each
/// contract that it created still what it should be. Read from the chains now, whatever is remembered. Error Rejected
/// naming the proposal that is waited for; Conflict when a deployment does not verify; those of the clients.
/// \a others: the exchange, among which the dependencies are found. \a artifacts outlives the task.
QCoro::Task<Result<void>> requireDependencies(Environment environment, Proposal proposal, QList<ExchangeItem> others,
    const ArtifactStore &artifacts, std::stop_token stop = {});

/// What an executed proposal created, as it stands by now, verified. Errors: those of the client; Rejected when it is not
/// executed, or not final yet. \a artifacts outlives the task.
QCoro::Task<Result<QList<DeploymentVerification>>> executedDeployments(
    ChainSettings settings, ExchangeItem item, const ArtifactStore &artifacts, std::stop_token stop = {});

} // namespace countersign
