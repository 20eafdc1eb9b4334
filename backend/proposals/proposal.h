#pragma once

#include "backend/evm/signature.h"
#include "backend/proposals/chainlink.h"
#include "backend/proposals/collectedsignature.h"
#include "backend/proposals/importedtransaction.h"
#include "backend/proposals/statement.h"
#include "backend/safe/safetransaction.h"
#include "backend/types/hash32.h"
#include "backend/types/ids.h"
#include "backend/types/timestamp.h"

#include <QList>
#include <QMetaType>
#include <QString>
#include <QStringList>

#include <optional>

namespace countersign {

/// What the proposer says will be different afterwards; compared with the simulation and with the state read back.
struct PromisedEffect {
    QString name; ///< as Effect::name of the review, e.g. "cantonPartyToKey(0x…)"
    QString before;
    QString after;
    friend bool operator==(const PromisedEffect &, const PromisedEffect &) = default;
};

/// A document that a proposal rests on (ABI, compiler input, state diff). The content travels as a file of its own that
/// its hash names.
struct Attachment {
    QString name; ///< as shown; never a path
    QString mediaType; ///< "application/json"; a claim
    quint64 size = 0; ///< bytes
    Hash32 contentHash; ///< keccak256
    friend bool operator==(const Attachment &, const Attachment &) = default;
};

/// What a proposer asks the owners of a Safe to sign. Its identity is the safeTxHash, which is computed, never read.
struct ProposalDraft {
    ChainId chainId;
    Address safe;
    SafeTransaction transaction;
    QString title; ///< one line; a claim of the proposer
    QString rationale; ///< why; a claim of the proposer
    Timestamp createdAt;
    std::optional<Timestamp> expiresAt; ///< policy only: the chain knows no expiry
    QList<PromisedEffect> promises;
    std::optional<Timestamp> notBefore = {}; ///< policy only, as expiresAt
    QString safeVersion = {}; ///< a claim, "1.4.1"; empty: not said. Hashes are the same for every version allowed
    QList<Attachment> attachments = {};
    QStringList links = {}; ///< https only; shown, never opened unasked
    Hash32 policy = {}; ///< of the signing policy that it was made under; zero: none
    Hash32 previousEnvelope = {}; ///< the proposer's envelope for the same transaction that this one edits; zero: none
    Hash32 replaces = {}; ///< safeTxHash of the proposer's proposal that this one stands in for; zero: none
    /// safeTxHashes of proposals, perhaps for other chains, that are to be executed and verified before this one.
    QList<Hash32> dependsOn = {};
    Address proposer = {}; ///< whose key is to sign; in a Proposal it is the one that the signature recovers to
    ChainLink link = {}; ///< the place in the proposer's log

    Hash32 safeTxHash() const;
    /// What the proposer signs (ProposalEnvelope of exchangedomain.h): all of the above; also the envelope's name and
    /// its entry hash in the proposer's log.
    Hash32 envelopeDigest() const;
    ExchangeLane lane() const { return {chainId, safe, proposer}; }

    friend bool operator==(const ProposalDraft &, const ProposalDraft &) = default;
};

/// A draft with its proposer's signature.
struct Proposal : ProposalDraft {
    EvmSignature signature;

    friend bool operator==(const Proposal &, const Proposal &) = default;
};

/// A proposal with what was collected for it: one signature an owner.
struct ExchangeItem {
    Proposal proposal; ///< the envelope in force: the first proposer's latest. Where there is none: see import
    QList<CollectedSignature> signatures; ///< proved here, by owner
    QList<CollectedSignature> claims
        = {}; ///< approvals and contract signatures: worth something when the chain says so
    QList<Proposal> otherEnvelopes = {}; ///< earlier ones, and those of others, for the same transaction
    QList<Statement> statements = {}; ///< rejections, withdrawals, notes, reports; by time
    Hash32 replacedBy = {}; ///< safeTxHash of the proposal that its own proposer put in its stead; zero: none
    /// Set where nobody signed a description. `proposal` is then the bare transaction, under a title that says so,
    /// without proposer, place and signature.
    std::optional<ImportedTransaction> import = {};
    Hash32 id() const { return proposal.safeTxHash(); }
    bool isDescribed() const { return !import; } ///< by an envelope that its proposer signed
    /// What a signer has before them; zero where nobody signed a description.
    Hash32 envelope() const { return isDescribed() ? proposal.envelopeDigest() : Hash32(); }
};

} // namespace countersign

Q_DECLARE_METATYPE(countersign::ExchangeItem)
