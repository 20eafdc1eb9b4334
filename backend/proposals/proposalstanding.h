#pragma once

#include "backend/proposals/proposal.h"
#include "backend/safe/safestate.h"
#include "backend/types/clock.h"

#include <QHash>
#include <QList>
#include <QSet>
#include <QString>

#include <optional>

namespace countersign {

/// Where a proposal stands, computed from the chain, the recovered signatures and the signed statements, never read
/// from a file. In the order of its life.
enum class ProposalStage {
    Unknown, ///< the chain has not been read
    Draft, ///< on this machine only; signed by nobody
    Proposed, ///< published; nobody else has said anything yet
    InReview, ///< owners have said something about it, none has signed
    Collecting, ///< some signatures, not enough
    Ready, ///< enough signatures and its nonce is next
    Queued, ///< enough signatures, but earlier nonces are still open, or its time has not come
    Executing, ///< sent to the chain, not in a block yet
    Executed,
    Failed, ///< executed, but its inner call failed and the nonce is burnt
    Rejected, ///< withdrawn, or so many owners reject it that the threshold is out of reach. The chain does not know
    Replaced, ///< its nonce was used by another transaction, or its proposer has put another in its stead
    Expired, ///< by policy; the chain would still take it
    Invalid, ///< wrong Safe or chain, or it cannot be what it says
};
inline constexpr ProposalStage lastStage = ProposalStage::Invalid;

/// Whether signatures are still asked for, or it may still be executed as planned.
bool isOpen(ProposalStage stage);

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
    QHash<Hash32, QSet<Address>> confirmed = {}; ///< owners whose approval counts because the chain says so, by safeTxHash
    QHash<Hash32, Hash32> sent = {}; ///< transactions on their way, by safeTxHash
};

struct OwnerStanding {
    Address owner;
    bool hasSigned = false; ///< counted: proved here, or confirmed by the chain
    bool hasRejected = false;
    bool claimsApproval = false; ///< a file says so; the chain does not (yet)
    std::optional<Address> sealedFor = {}; ///< given to this member only: a claim, where it is not open here
};

struct ProposalStanding {
    ProposalStage stage = ProposalStage::Unknown;
    QString reason; ///< one sentence
    QList<OwnerStanding> owners; ///< in the Safe's order
    QList<Address> strangers; ///< signatures by addresses that are no owner: shown, never counted
    int have = 0; ///< signatures of current owners, with those that are open at this console only
    int opened = 0; ///< of them, those that were sealed for the holder at this console
    int sealed = 0; ///< signatures of current owners that are sealed for others, claimed and not counted
    int need = 0; ///< the threshold
    int rejections = 0; ///< of current owners
    bool waitsForMe = false; ///< open, and the holder at this console is an owner who has neither signed nor rejected
    bool isProposerOwner = false;
    bool isContested = false; ///< an owner reported that a device showed another hash: look before doing anything
    std::optional<SafeOutcome> outcome;
};

/// Where a proposal stands that another one waits for.
struct DependencyStanding {
    QString title;
    ProposalStage stage = ProposalStage::Unknown;
    friend bool operator==(const DependencyStanding &, const DependencyStanding &) = default;
};

/// \a facts null: the chain has not been read yet. \a me: the holder at this console, if any. \a dependencies by
/// safeTxHash, of any chain; what the item depends on and is not among them is not in the exchange. While one of them is
/// not Executed the item is Queued at best; when one can no longer be, it is Invalid, and when people have given one up,
/// Rejected. \a opened: sealed signatures that are open at this console.
ProposalStanding judgeStanding(const ExchangeItem &item, const SafeFacts *facts, const std::optional<Address> &me,
    Timestamp now, const QHash<Hash32, DependencyStanding> &dependencies = {},
    const QList<CollectedSignature> &opened = {});

} // namespace countersign
