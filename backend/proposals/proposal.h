#pragma once

#include "backend/evm/signature.h"
#include "backend/safe/safesignature.h"
#include "backend/safe/safetransaction.h"
#include "backend/types/hash32.h"
#include "backend/types/ids.h"
#include "backend/types/timestamp.h"

#include <QList>
#include <QMetaType>
#include <QString>

#include <optional>

namespace countersign {

/// What the proposer says will be different afterwards; compared with the simulation and with the state read back.
struct PromisedEffect {
    QString name; ///< as Effect::name of the review, e.g. "cantonPartyToKey(0x…)"
    QString before;
    QString after;
    friend bool operator==(const PromisedEffect &, const PromisedEffect &) = default;
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

    Hash32 safeTxHash() const;
    /// What the proposer signs: EIP-712 over all of the above in a domain of its own ("Countersign Proposal"), so that
    /// it can never be taken for a SafeTx.
    Hash32 envelopeDigest() const;

    friend bool operator==(const ProposalDraft &, const ProposalDraft &) = default;
};

/// A draft with its proposer's signature.
struct Proposal : ProposalDraft {
    EvmSignature signature;
    Address proposer; ///< recovered from the signature

    friend bool operator==(const Proposal &, const Proposal &) = default;
};

/// One owner's signature over a safeTxHash, as exchanged. The owner is recovered; whether that is an owner, only the
/// chain says.
struct CollectedSignature {
    Hash32 safeTxHash;
    SafeSignature signature;
    Address owner;
    Timestamp signedAt; ///< as the file says

    friend bool operator==(const CollectedSignature &, const CollectedSignature &) = default;
};

/// A proposal with what was collected for it: one signature an owner.
struct ExchangeItem {
    Proposal proposal;
    QList<CollectedSignature> signatures;
    Hash32 id() const { return proposal.safeTxHash(); }
};

} // namespace countersign

Q_DECLARE_METATYPE(countersign::ExchangeItem)
