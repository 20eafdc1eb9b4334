#pragma once

#include "backend/descriptors/callhint.h"
#include "backend/types/address.h"
#include "backend/types/bytes.h"
#include "backend/types/devicetext.h"
#include "backend/types/hash32.h"
#include "backend/types/ids.h"
#include "backend/types/timestamp.h"
#include "backend/types/uint256.h"

#include <QList>
#include <QMetaType>
#include <QString>
#include <QStringList>

#include <optional>

namespace countersign {

enum class Severity { Block, Warn, Info };

/// One result of one check: a stable code for programs and the journal, a sentence for people, and what it rests on.
struct Finding {
    QString code; ///< "chain.mismatch", "operation.delegatecall", …
    Severity severity = Severity::Info;
    QString message;
    QString evidence;
    QString where = {}; ///< "transaction", "transaction.calls[2]", "signatures"; empty: the whole
    int check = 0; ///< number of the check that found it (reviewChecks)
    friend bool operator==(const Finding &, const Finding &) = default;
};

/// A check, or a part of one, that could not run, and what it would have needed.
struct CheckNotRun {
    int check = 0;
    QString title;
    QString reason;
    friend bool operator==(const CheckNotRun &, const CheckNotRun &) = default;
};

struct DecodedArgument {
    QString name;
    QString type;
    QString value; ///< exact, as abiToText writes it
    QString known; ///< what is known about it: "Treasury desk", "alice, owner"; empty when nothing
};

/// One call of the tree that a transaction makes.
struct DecodedCall {
    Address to;
    QString toName; ///< by the address book; empty when unknown
    QString function; ///< "revokeKey"; empty when not decoded
    QString signature; ///< "revokeKey(bytes32)"
    Bytes data;
    Uint256 value;
    bool isDelegate = false;
    bool isDecoded = false; ///< decoded and encoded again to the same bytes
    bool isGuess = false; ///< by its first four bytes alone: the contract is not known
    QStringList collisions = {}; ///< of a guess: other functions that the same bytes could call
    QList<DecodedArgument> arguments;
    QList<DecodedCall> inner;
    std::optional<CallHint> hint = {}; ///< what a descriptor claims; decides nothing
};

/// Where a variable lies, and the word that is to stand there afterwards: what is read again after the execution.
struct EffectSlot {
    Address contract;
    Hash32 slot;
    Hash32 after;
    friend bool operator==(const EffectSlot &, const EffectSlot &) = default;
};

/// A named variable that the transaction changes.
struct Effect {
    QString name; ///< "Canton key of Treasury desk", with the variable in `variable`
    QString variable; ///< "CantonKeyRegistry.cantonPartyToKey(0x…)"
    QString before;
    QString after; ///< as simulated; empty when it could not be
    QString promised; ///< by the proposer; empty when nothing was promised about it
    std::optional<EffectSlot> place = {}; ///< absent when the simulation did not show it
    bool isAsPromised() const { return promised.isEmpty() || promised == after; }
    friend bool operator==(const Effect &, const Effect &) = default;
};

struct ReviewSigner {
    Address owner;
    QString name; ///< of the holder; empty when the environment does not know the owner
    bool hasSigned = false;
    QString how; ///< "ECDSA", "eth_sign", "approved on the chain"; when not signed, empty or the claim: "sealed for bob"
    bool isApprovedOnChain = false; ///< by approveHash: it counts without anything in the exchange
};

/// The three hashes, as tools and devices name them.
struct ReviewHashes {
    Hash32 domain;
    Hash32 message;
    Hash32 safeTx;
};

/// A node that the review asked, as it may be shown: scheme and host.
struct ReviewedNode {
    QString endpoint;
    BlockNumber blockNumber;
    Hash32 blockHash;
    QString dissent; ///< why it does not confirm the first; empty when it does
    friend bool operator==(const ReviewedNode &, const ReviewedNode &) = default;
};

/// How the execution was simulated: with the approvals of `threshold` owners set on the chain, all else as it is.
struct ReviewedSimulation {
    bool succeeded = false;
    QString method; ///< "debug_traceCall, eth_simulateV1"
    QString reason; ///< why it failed; empty when it succeeded
    quint64 gasUsed = 0;
    bool assumesPredecessors = false;
    bool innerCallOnly = false;
    QStringList limits;
    friend bool operator==(const ReviewedSimulation &, const ReviewedSimulation &) = default;
};

struct DecidingRule {
    QString where; ///< as Finding::where
    QString rule;
    friend bool operator==(const DecidingRule &, const DecidingRule &) = default;
};

/// What people have signed to go on in spite of a finding.
struct ReviewedOverride {
    QString code; ///< of the finding
    QStringList by; ///< names or addresses
    QString reasons; ///< "alice: …; bob: …"
    bool holds = false; ///< two people gave it and the policy takes it; otherwise a second one has to
    friend bool operator==(const ReviewedOverride &, const ReviewedOverride &) = default;
};

/// What a review rests on besides the transaction: kept for the record, so that it can be looked up again.
struct ReviewBasis {
    QList<ReviewedNode> nodes; ///< the first, and the one that had to confirm it
    std::optional<ReviewedSimulation> simulation;
    QString policyName; ///< empty: none was asked
    quint32 policyVersion = 0;
    Hash32 policyId;
    QList<DecidingRule> rules; ///< of the policy, one a call that a rule decided
    friend bool operator==(const ReviewBasis &, const ReviewBasis &) = default;
};

/// Everything a holder has to see before signing. Nothing of it comes from a file's or a server's word alone.
struct Review {
    QString sentence; ///< what it does, as a treasurer would say it
    QString chainName;
    ChainId chainId;
    Address safe;
    QString proposer; ///< name or address
    DecodedCall call;
    ReviewHashes hashes;
    QList<Finding> findings; ///< worst first
    QList<CheckNotRun> notRun;
    QList<Effect> effects;
    QList<ReviewSigner> signers;
    QList<Address> strangers; ///< signatures by addresses that own nothing here
    quint64 threshold = 0;
    Uint256 nonce;
    Uint256 safeNonce; ///< of the Safe at the block
    BlockNumber blockNumber;
    Hash32 blockHash;
    Timestamp reviewedAt;
    ReviewBasis basis;
    QList<ReviewedOverride> overrides; ///< under the policy that was asked
    QStringList overridable; ///< codes of findings that block and that the policy lets two people override

    bool isBlocked() const;
    qsizetype count(Severity severity) const;
    const Finding *finding(QStringView code) const;
    int signaturesByOwners() const;
};

} // namespace countersign

Q_DECLARE_METATYPE(countersign::Review)
