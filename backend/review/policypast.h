#pragma once

#include "backend/policy/policyquestion.h"
#include "backend/safe/safetransaction.h"
#include "backend/types/address.h"
#include "backend/types/hash32.h"
#include "backend/types/timestamp.h"

#include <QList>
#include <QString>

#include <optional>

namespace countersign {

/// For whom a review is made: who is about to do what.
struct ReviewActor {
    PolicyStage stage = PolicyStage::Sign;
    std::optional<Address> who = {}; ///< who would sign, or send it; absent: nobody is about to
    friend bool operator==(const ReviewActor &, const ReviewActor &) = default;
};

/// What people have done before, as far as this console knows: what only the exchange and the journal can tell.
struct PolicyPast {
    QList<Address> acknowledgements = {}; ///< whose signed acknowledgement covers the proposal
    std::optional<QList<Timestamp>> recentApprovals = {}; ///< of the one about to sign; absent: it could not be read
    /// When this console first saw the proposal: now, when it has not seen it before. Absent: nothing is remembered.
    std::optional<Timestamp> firstSeenAt = {};
    QString firstSeenProblem = {}; ///< why it may have been seen earlier than that; empty: it was not
    friend bool operator==(const PolicyPast &, const PolicyPast &) = default;
};

/// A transaction that the Safe has executed, as its events tell.
struct PastExecution {
    Hash32 safeTxHash;
    Timestamp at; ///< of its block
    bool succeeded = false; ///< otherwise its nonce was used up and nothing was moved
    std::optional<SafeTransaction> transaction; ///< what has this hash; absent: nobody knows it
    friend bool operator==(const PastExecution &, const PastExecution &) = default;
};

/// What the Safe has executed of late.
struct PastExecutions {
    QList<PastExecution> executed; ///< oldest first
    QString gap; ///< why this is not all of it; empty: it is
    friend bool operator==(const PastExecutions &, const PastExecutions &) = default;
};

} // namespace countersign
