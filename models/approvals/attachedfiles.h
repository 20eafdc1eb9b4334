#pragma once

#include "backend/proposals/compose/composition.h"

namespace countersign {

// What the page does with attachments: it neither reads files nor knows what an envelope takes.

/// Bytes that one attachment, and all of a proposal together, may have.
qint64 largestAttachment();
qint64 largestTogether();
/// A file of the person's, as an attachment under its own name. Errors as documentFromFile().
Result<ComposeDocument> attachedFile(const QString &path);
/// What an envelope would refuse of them: too many, too large together, two of one name.
Result<void> checkAttachedFiles(const QList<ComposeDocument> &documents);
/// The name to save it under: its own where that is a plain one, else its hash.
QString fileNameOf(const Attachment &attachment);

} // namespace countersign
