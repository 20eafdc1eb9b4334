#pragma once

#include "backend/proposals/compose/composition.h"
#include "backend/proposals/noncelane.h"

namespace countersign {

/// At which nonce a request is to run, and what follows for it from the queue before.
struct NonceChoice {
    Uint256 nonce;
    QList<ComposeProblem> problems; ///< of the request itself
    QStringList notes;
    bool isQueueCreating = false; ///< an open proposal before creates contracts as the Safe
};

/// The nonce asked for; else that of the proposal which is replaced or edited; else the first free one behind all that the
/// request depends on.
NonceChoice chooseNonce(
    const ComposeRequest &request, const ExchangeSnapshot &queue, const SafeState &safe, Timestamp now);

} // namespace countersign
