#pragma once

#include "backend/evm/chainclient.h"
#include "backend/proposals/execution/submission.h"

#include <QCoroTask>

#include <optional>
#include <stop_token>

namespace countersign {

/// What one look at the chain tells about a submission. All of it can be undone while it is young.
struct SubmissionSight {
    enum class Kind {
        Waiting,
        Dropped, ///< no node's pool has it any more; it could still come back
        Mined, ///< one of ours, whatever it did: see the receipt
        ExecutedByOther, ///< another account's transaction executed this Safe transaction
        SafeNonceUsed, ///< another Safe transaction took its nonce
        NonceUsed, ///< a transaction that is not of this submission took the submitter's nonce
    };
    Kind kind = Kind::Waiting;
    std::optional<TransactionReceipt> receipt = {}; ///< of Mined and ExecutedByOther
    BlockNumber head = {}; ///< newest block at the time
};

/// One look. Errors: those of the client, which outlives the task.
QCoro::Task<Result<SubmissionSight>> lookAtSubmission(ChainClient &chain, Submission submission, std::stop_token stop = {});

} // namespace countersign
