#pragma once

#include "backend/environment/environment.h"
#include "backend/proposals/execution/executionreport.h"
#include "backend/proposals/proposal.h"
#include "backend/types/error.h"

#include <QCoroTask>

#include <stop_token>

namespace countersign {

/// What an execution created, read from the chain again: that \a transaction is final and executed the item, and every
/// contract as it stands now against our builds. Where the hash comes from does not matter: nothing but it is taken from
/// what was stored. Effects are not read back. Errors: NotFound (the node does not know the transaction), Unavailable (not
/// final yet), those of checkReceipt() and verifyDeployments().
QCoro::Task<Result<ExecutionReport>> verifyExecutionAgain(
    ChainSettings settings, ExchangeItem item, Hash32 transaction, std::stop_token stop = {});

} // namespace countersign
