#pragma once

#include "backend/proposals/proposal.h"
#include "backend/safe/safehash.h"

#include <optional>

namespace countersign {

/// What is to be reviewed: a Safe transaction with its place, and what came with it. Only the fields that are hashed are
/// facts; everything else is a claim until a check has confirmed it.
struct ReviewSubject {
    ChainId chainId;
    Address safe;
    SafeTransaction transaction;
    /// As the file says; decides the hashes only while the chain has not been read.
    std::optional<SafeVersion> version = {};
    std::optional<Hash32> claimedHash = {}; ///< the safeTxHash that a file or a service gave with it
    QList<CollectedSignature> signatures = {};
    std::optional<Proposal> envelope = {}; ///< absent for a bare transaction
    QList<Statement> statements = {}; ///< what members say of it, each signed by its author
    std::optional<ImportedTransaction> import = {}; ///< where it came from, when nobody signed a description
    Hash32 replacedBy = {}; ///< safeTxHash of what its own proposer put in its stead; zero: nothing
    std::optional<ProposalDraft> draft = {}; ///< what its proposer is about to sign: asked before anybody has

    /// What is said of it: by its envelope, or by the draft that is to become one; null for a bare transaction.
    const ProposalDraft *description() const
    {
        return envelope ? &*envelope : draft ? &*draft : nullptr;
    }

    static ReviewSubject of(const ExchangeItem &item)
    {
        const Proposal &proposal = item.proposal;
        return {proposal.chainId, proposal.safe, proposal.transaction, {}, {}, item.signatures + item.claims,
            item.isDescribed() ? std::optional(proposal) : std::nullopt, item.statements, item.import,
            item.replacedBy};
    }
};

} // namespace countersign
