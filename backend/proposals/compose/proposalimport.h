#pragma once

#include "backend/proposals/compose/safeinput.h"
#include "backend/proposals/proposal.h"
#include "backend/review/review.h"
#include "backend/review/reviewsubject.h"
#include "backend/safe/safeserviceanswer.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>

namespace countersign {

enum class ImportKind {
    Proposal, ///< a proposal that its proposer has signed
    Draft, ///< a draft of this program
    SafeTransaction, ///< the ten fields, from wherever
    ServiceQueue, ///< a page of a Safe Transaction Service
    BuilderFile, ///< of Safe's transaction builder
    Calls, ///< {to, value, data}, one or a list
};

/// Something from outside that can become a proposal. Whatever it claims is a claim.
struct ImportedDraft {
    ProposalDraft draft; ///< the title is empty where the source has none that can be shown
    std::optional<SafeVersion> version = {}; ///< as the source says
    std::optional<Hash32> claimedHash = {}; ///< safeTxHash of the source
    /// That came with it; the owner is zero where nobody can be recovered. Nothing of them is believed before a review.
    QList<CollectedSignature> signatures = {};
    bool hasNonce = true; ///< false: the source has none, and the draft's is what the hints said, or zero
    QList<Finding> findings = {}; ///< about the source itself: claims that do not agree, signatures that cannot be read

    ReviewSubject subject() const;
};

struct ProposalImport {
    ImportKind kind = ImportKind::SafeTransaction;
    std::optional<ExchangeItem> item = {}; ///< of Proposal alone
    QList<ImportedDraft> drafts = {}; ///< of all others
    int leftOut = 0; ///< entries of a queue that could not be read
};

struct ImportHints : SafePlaceHints {
    std::optional<Uint256> nonce = {}; ///< for sources without one
    Timestamp now = {}; ///< becomes the drafts' time of creation
};

inline constexpr qsizetype maxImportBytes = 4 * 1024 * 1024;

/// Reads bytes that somebody handed over or pasted, whatever of the above they are. Strict: errors are Invalid, which names
/// what is wrong, Exhausted, and Conflict with the hints. Where chain or Safe are said nowhere, the error is Invalid with
/// the detail "place.chain-id" or "place.safe": ask for it and try again.
Result<ProposalImport> importProposals(const QByteArray &bytes, const ImportHints &hints = {});

/// A transaction that waits at a Safe Transaction Service; its confirmations come along.
ImportedDraft importServiceTransaction(
    const SafeServiceTransaction &transaction, const SafeServiceSubject &subject, Timestamp now);

} // namespace countersign
