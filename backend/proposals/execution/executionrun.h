#pragma once

#include "backend/environment/environment.h"
#include "backend/evm/chainclient.h"
#include "backend/proposals/execution/submission.h"
#include "backend/proposals/proposal.h"
#include "backend/rpc/jsonrpcclient.h"

#include <chrono>

namespace countersign {

/// What one execution works with. Shared by its coroutines, because a step that is under way outlives the flow.
struct ExecutionRun {
    ExecutionRun(const ChainSettings &chainSettings, const ExchangeItem &exchangeItem)
        : settings(chainSettings)
        , rpc(settings.rpc.first())
        , chain(rpc)
        , item(exchangeItem)
        , caps(settings.fees)
        , sentence(item.proposal.title)
    {
    }
    Q_DISABLE_COPY_MOVE(ExecutionRun)

    const ChainSettings settings;
    JsonRpcClient rpc;
    ChainClient chain;
    const ExchangeItem item;
    FeeCaps caps;
    QString sentence; ///< what it does; the proposer's title until a review said it
    std::optional<Review> review; ///< what was shown; absent when it was sent before this start of the console
    Submission submission;
    std::chrono::steady_clock::time_point deadline; ///< of being mined; moves with each sending
    bool isSettled = false; ///< nothing is waited for any more
    bool isStopped = false; ///< the person no longer waits
    bool isAmending = false;
};

} // namespace countersign
