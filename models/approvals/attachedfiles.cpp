#include "models/approvals/attachedfiles.h"

#include "backend/proposals/compose/proposaldocuments.h"
#include "backend/proposals/proposaljson.h"
#include "backend/types/strings.h"

namespace countersign {

qint64 largestAttachment()
{
    return maxAttachmentBytes;
}

qint64 largestTogether()
{
    return static_cast<qint64>(maxAttachedBytes);
}

Result<ComposeDocument> attachedFile(const QString &path)
{
    return documentFromFile(path);
}

Result<void> checkAttachedFiles(const QList<ComposeDocument> &documents)
{
    ProposalDraft probe;
    probe.title = u"x"_s;
    for (const ComposeDocument &document : documents)
        probe.attachments.append(document.attachment);
    return checkDraft(probe);
}

QString fileNameOf(const Attachment &attachment)
{
    // Envelopes with other names are refused where they are read.
    return isAttachmentName(attachment.name) ? attachment.name : attachment.contentHash.toString();
}

} // namespace countersign
