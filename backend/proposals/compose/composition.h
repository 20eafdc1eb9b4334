#pragma once

#include "backend/proposals/compose/composeaction.h"
#include "backend/proposals/proposal.h"
#include "backend/review/review.h"
#include "backend/types/error.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace countersign {

/// A file that goes with a proposal.
struct ComposeDocument {
    Attachment attachment;
    Bytes content; ///< empty: the exchange has it already
    friend bool operator==(const ComposeDocument &, const ComposeDocument &) = default;
};

/// What a person wants proposed. One draft a chain comes of it.
struct ComposeRequest {
    QString title = {}; ///< empty: made of the actions
    QString rationale = {}; ///< empty: the actions, numbered
    QList<ChainId> chains; ///< of the environment, each with a Safe
    QList<ComposeAction> actions; ///< in the order in which they run
    std::optional<Uint256> nonce = {}; ///< absent: that of `replaces`, else the next free one
    std::optional<Timestamp> expiresAt = {};
    std::optional<Timestamp> notBefore = {};
    Hash32 replaces = {}; ///< safeTxHash of a proposal that this one stands in for, at the same nonce; zero: none
    Hash32 previousEnvelope = {}; ///< envelope that this one edits; zero: none
    QList<Hash32> dependsOn = {}; ///< safeTxHashes that are to be executed before
    QStringList links = {}; ///< https
    QList<ComposeDocument> documents = {}; ///< what the person attaches; builds of their own come by themselves
    Hash32 policy = {}; ///< of the signing policy in force; zero: none
    Address proposer = {}; ///< whose key is to sign; zero: not known yet
};

/// Something in a request that must be put right first.
struct ComposeProblem {
    int action = -1; ///< index in ComposeRequest::actions; -1: the request itself
    QString field; ///< name of the struct's member: "adapterId", "arguments[1]", "chains", "nonce"
    QString message;
    std::optional<ChainId> chain = {}; ///< absent: on every chain of the request
    friend bool operator==(const ComposeProblem &, const ComposeProblem &) = default;
};

/// A contract that a proposal will create.
struct PredictedCreation {
    int action = -1; ///< index in ComposeRequest::actions
    QString artifact; ///< name of the build
    Address address;
    Address creator; ///< msg.sender of the constructor
    QString warning; ///< empty when there is nothing to warn of
    friend bool operator==(const PredictedCreation &, const PredictedCreation &) = default;
};

/// A draft for one chain, with what a review says of it before anybody has signed.
struct ComposedProposal {
    ChainId chainId;
    ProposalDraft draft; ///< promises what the simulation shows; without proposer and place in a log
    QList<PredictedCreation> creations;
    QList<Bytes> documents = {}; ///< contents of what the draft attaches, as far as the exchange has none
    QStringList notes; ///< sentences: what the person should know, none of them a hindrance
    std::optional<Review> review; ///< absent when it could not be made
    std::optional<Error> reviewError = {};
};

/// What came of a request: proposals, or what hinders them. Never both.
struct Composition {
    QList<ComposedProposal> proposals; ///< in the order of the chains
    QList<ComposeProblem> problems; ///< by action; all that could be found at once

    /// Whether what that action creates stands at one address on all chains.
    bool isSameEverywhere(int action) const;
};

} // namespace countersign
