#pragma once

#include "backend/evm/transaction.h"
#include "backend/review/review.h"
#include "backend/types/error.h"

#include <QList>
#include <QMetaType>

namespace countersign {

/// What a transaction of the submitter's is for.
enum class SubmissionPurpose {
    Execution,
    Replacement, ///< the same with a higher fee
    Cancellation, ///< nothing, to the submitter's own account: uses the nonce up
};

/// A transaction that was signed and handed to a node; any of them may be mined, but only one.
struct SentTransaction {
    SubmissionPurpose purpose = SubmissionPurpose::Execution;
    EvmTransaction transaction;
    Bytes raw;
    Hash32 hash;

    friend bool operator==(const SentTransaction &, const SentTransaction &) = default;
};

/// The execution of one Safe transaction on its way: all that was sent for it, under one nonce of the submitter's account.
struct Submission {
    ChainId chainId;
    Address safe;
    Hash32 safeTxHash;
    Uint256 safeNonce;
    Address from; ///< who pays
    QList<SentTransaction> sent; ///< oldest first
    QList<Effect> effects = {}; ///< what the review before it promised

    Nonce nonce() const { return sent.isEmpty() ? Nonce(0) : sent.first().transaction.nonce; }
    const SentTransaction *find(const Hash32 &hash) const;
    /// The one with the highest fee: what a replacement must exceed.
    const SentTransaction *dearest() const;
    bool isCancelled() const; ///< a cancellation was sent; the execution may be mined all the same

    friend bool operator==(const Submission &, const Submission &) = default;
};

/// "execution", "replacement", "cancellation".
QLatin1StringView submissionPurposeName(SubmissionPurpose purpose);

} // namespace countersign

Q_DECLARE_METATYPE(countersign::Submission)
