#pragma once

#include "backend/proposals/proposal.h"
#include "backend/types/error.h"

#include <QByteArrayView>

namespace countersign {

// The files of the exchange (format version 2): JSON in one canonical form (members by name, four spaces, a newline at
// the end), so that a file is equal to what is written again from what was read of it. That rejects other spellings and
// every hint that lies; unknown and duplicate members are refused by name.

inline constexpr qsizetype maxProposalBytes = 512 * 1024;
inline constexpr qsizetype maxAttachmentBytes = 4 * 1024 * 1024; ///< of one
inline constexpr qsizetype maxAttachments = 32;
inline constexpr quint64 maxAttachedBytes = 16 * 1024 * 1024; ///< of all of a proposal
inline constexpr qsizetype maxLinks = 16;
inline constexpr qsizetype maxDependencies = 16;

/// Whether an attachment may be called so, as it is shown and as it is suggested for a file: no path on any system, not
/// hidden, nothing that does not show.
bool isAttachmentName(const QString &name);

/// Error Invalid (format, a lie, a text that could deceive), Exhausted (too long); the message says what is wrong with
/// the file.
Result<Proposal> proposalFromJson(QByteArrayView file);
Bytes proposalToJson(const Proposal &proposal);

/// A draft that nobody signed: the same members without signature and place in a log. Its title may still be empty.
Result<ProposalDraft> draftFromJson(QByteArrayView file);
Bytes draftToJson(const ProposalDraft &draft);

/// Whether a draft may be signed: lengths, order of times, a Safe version whose hashes bind the chain, https links, and
/// no invisible characters that turn the meaning of a line. Error Invalid or Exhausted.
Result<void> checkDraft(const ProposalDraft &draft);

} // namespace countersign
