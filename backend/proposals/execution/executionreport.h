#pragma once

#include "backend/proposals/execution/deploymentverification.h"
#include "backend/review/review.h"

namespace countersign {

/// What an execution did, read back from the chain.
struct ExecutionReport {
    Hash32 safeTxHash;
    Hash32 transactionHash; ///< the one that was mined; not always the first that was sent
    BlockNumber blockNumber;
    quint64 gasUsed = 0;
    QList<Effect> effects; ///< `after` as read back from the chain at the block, not as simulated
    bool isAsPromised = false; ///< every effect read back equals what the review promised
    bool isReadBack = false; ///< there were effects, and all of them could be read back
    Hash32 blockHash = {};
    Address submitter = {}; ///< whose transaction it was
    bool isByOther = false; ///< another account was faster than ours
    bool isFinal = false; ///< as many blocks upon it as the environment asks for; before that it can be undone
    QList<DeploymentVerification> deployments = {}; ///< every contract that it created; when final

    /// Nothing was created, or all that was is what it should be.
    bool isVerified() const
    {
        for (const DeploymentVerification &deployment : deployments) {
            if (!deployment.isVerified())
                return false;
        }
        return true;
    }

    friend bool operator==(const ExecutionReport &, const ExecutionReport &) = default;
};

} // namespace countersign

Q_DECLARE_METATYPE(countersign::ExecutionReport)
