#pragma once

#include "backend/proposals/proposal.h"
#include "backend/review/contextreading.h"
#include "backend/review/policypast.h"

#include <QCoroTask>

#include <memory>
#include <stop_token>

namespace countersign {

/// What \a state's Safe has executed since \a since. Which transaction an event is about is taken from the proposals that
/// are \a known, else from the calldata that executed it; either must have the event's hash with the nonce that its place
/// in the row of executions gives it, so that a node cannot leave one out unseen. Whatever stays open is said as the gap.
/// A node that refuses the whole range is asked for \a piece blocks at a time. Errors: those of the node.
QCoro::Task<Result<PastExecutions>> readPastExecutions(std::shared_ptr<ReviewEndpoint> endpoint, SafeState state,
    Timestamp since, QList<ExchangeItem> known, std::stop_token stop = {}, quint64 piece = 10'000);

} // namespace countersign
