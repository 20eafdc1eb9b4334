#pragma once

#include "backend/proposals/proposal.h"
#include "backend/review/artifactstore.h"

#include <QFuture>
#include <QList>

#include <functional>
#include <memory>

namespace countersign {

/// Media type of an attachment that is a compiler's or a framework's artifact of a contract.
inline constexpr QLatin1StringView artifactMediaType("application/vnd.countersign.artifact+json");
inline constexpr qsizetype maxClaimedBuilds = 16; ///< that one review reads

/// An attachment that its proposer calls a build.
struct ClaimedFile {
    Attachment attachment;
    Address proposer;
    friend bool operator==(const ClaimedFile &, const ClaimedFile &) = default;
};

/// A claimed build that says nothing here, and why.
struct ClaimProblem {
    ClaimedFile file;
    QString reason; ///< one sentence
    friend bool operator==(const ClaimProblem &, const ClaimProblem &) = default;
};

/// The builds of a review: those that are known, and what proposals bring with them.
struct ReviewBuilds {
    std::shared_ptr<const ArtifactStore> store;
    QList<ClaimProblem> problems;
};

/// Where attachments are read. What comes is checked against the hash.
using DocumentSource = std::function<QFuture<Result<Bytes>>(Hash32 contentHash)>;

/// What the proposal itself brings, what those bring that it depends on, and what else was attached for the same Safe: a
/// call to what an earlier proposal created is read by that one's build. In this order, each content once, at most
/// maxClaimedBuilds. \a subject null: nothing is described.
QList<ClaimedFile> claimedFiles(
    const ProposalDraft *subject, ChainId chain, const Address &safe, const QList<ExchangeItem> &others);

/// Takes the content as that file. Total. Errors: Corrupt when it is not what the attachment names, Exhausted above the
/// limits, Invalid when it is no artifact, or has names that could deceive.
Result<void> addClaimedBuild(ArtifactStore &store, const ClaimedFile &file, const Bytes &content);

} // namespace countersign
