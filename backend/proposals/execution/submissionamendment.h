#pragma once

#include "backend/evm/chainclient.h"
#include "backend/proposals/execution/submission.h"
#include "backend/types/feecaps.h"

#include <QCoroTask>

#include <stop_token>

namespace countersign {

/// What takes the place of what was sent, at the same nonce and with a fee that nodes accept for it: the execution again,
/// or nothing at all. Only one of them can be mined, so nothing is ever executed twice. Not signed yet.
/// Error Conflict when there is nothing to replace any more, Exhausted when the fee would be above the caps or the account
/// cannot pay it; those of the client.
QCoro::Task<Result<EvmTransaction>> prepareAmendment(
    ChainClient &chain, Submission submission, SubmissionPurpose purpose, FeeCaps caps, std::stop_token stop = {});

} // namespace countersign
