#pragma once

#include "backend/evm/chainclient.h"
#include "backend/review/reviewcontext.h"
#include "backend/review/reviewsubject.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/types/error.h"

#include <QCoroTask>

#include <memory>
#include <stop_token>

namespace countersign {

/// A node that a review asks.
struct ReviewEndpoint {
    explicit ReviewEndpoint(const QUrl &url)
        : rpc(url)
        , chain(rpc)
    {
    }
    Q_DISABLE_COPY_MOVE(ReviewEndpoint)
    /// Its address as it may be shown: hosted nodes carry the customer's key in the path.
    QString name() const;

    JsonRpcClient rpc;
    ChainClient chain;
};

/// The nodes of one chain; `second`, when there is one, must confirm what `first` says.
struct ReviewEndpoints {
    std::shared_ptr<ReviewEndpoint> first;
    std::shared_ptr<ReviewEndpoint> second;
};

/// The descriptors for an environment: those of the program, and those in "descriptors" beside its file.
std::shared_ptr<const DescriptorStore> descriptorsFor(const Environment &environment);

/// Reads from the chain what a review rests on, all at one block named by its hash: the Safe, every account that its
/// calls reach or name, registries and adapters, the simulation; then asks the second node whether it sees the same.
/// `context` comes with what is known already (environment, builds, other proposals, the time).
///
/// Errors only when there is nothing to review against: Unavailable, Timeout, Unauthenticated or Cancelled of the first
/// node. Everything else is left out of the context, where the checks find it missing.
QCoro::Task<Result<ReviewContext>> readReviewContext(
    ReviewEndpoints endpoints, ReviewSubject subject, ReviewContext context, std::stop_token stop = {});

} // namespace countersign
