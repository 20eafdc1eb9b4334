#pragma once

#include "backend/proposals/proposal.h"
#include "backend/safe/safestate.h"
#include "backend/types/clock.h"

#include <QHash>
#include <QList>
#include <QString>

#include <optional>

namespace countersign {

/// Where a proposal stands, computed from the chain and the recovered signatures, never read from a file.
enum class ProposalStage {
    Unknown, ///< the chain has not been read
    WaitsForMe,
    WaitsForOthers,
    Ready, ///< enough signatures and its nonce is next
    Queued, ///< enough signatures, but earlier nonces are still open
    Executed,
    Failed, ///< executed, but its inner call failed and the nonce is burnt
    Superseded, ///< its nonce was used by another transaction
    Expired, ///< by policy; the chain would still take it
    Invalid, ///< wrong Safe or chain, or it cannot be what it says
};

/// What became of a transaction on chain.
struct SafeOutcome {
    bool succeeded = false;
    Hash32 transactionHash;
    BlockNumber blockNumber;
};

/// What the chain says of a Safe, at one block.
struct SafeFacts {
    SafeState state;
    QHash<Hash32, SafeOutcome> outcomes; ///< by safeTxHash, for those that were asked about
    BlockNumber outcomesFrom = {}; ///< first block whose events were searched; above zero: the node shows no more
};

struct OwnerStanding {
    Address owner;
    bool hasSigned = false;
};

struct ProposalStanding {
    ProposalStage stage = ProposalStage::Unknown;
    QString reason; ///< one sentence
    QList<OwnerStanding> owners; ///< in the Safe's order
    QList<Address> strangers; ///< signatures by addresses that are no owner: shown, never counted
    int have = 0; ///< signatures of current owners
    int need = 0; ///< the threshold
    std::optional<SafeOutcome> outcome;
};

/// \a facts null: the chain has not been read yet. \a me: the holder at this console, if any.
ProposalStanding judgeStanding(
    const ExchangeItem &item, const SafeFacts *facts, const std::optional<Address> &me, Timestamp now);

} // namespace countersign
