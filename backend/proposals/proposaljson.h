#pragma once

#include "backend/proposals/proposal.h"
#include "backend/types/error.h"

#include <QByteArrayView>

namespace countersign {

// The files of the exchange: JSON in one canonical form (sorted keys, four spaces, a newline at the end), so that a
// file is equal to what is written again from what was read of it. That rejects duplicate and unknown keys, other
// spellings of numbers, and every hint that lies.

inline constexpr qsizetype maxProposalBytes = 512 * 1024;
inline constexpr qsizetype maxSignatureFileBytes = 4 * 1024;

/// Error Invalid (format, a lie, a text that could deceive), Exhausted (too long); the message says what is wrong with
/// the file.
Result<Proposal> proposalFromJson(QByteArrayView file);
Bytes proposalToJson(const Proposal &proposal);

Result<CollectedSignature> signatureFromJson(QByteArrayView file);
Bytes signatureToJson(const CollectedSignature &signature);

/// Whether a draft may be written: lengths, and no invisible characters that turn the meaning of a line. Error Invalid
/// or Exhausted.
Result<void> checkDraft(const ProposalDraft &draft);

} // namespace countersign
