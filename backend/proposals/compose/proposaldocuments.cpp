#include "backend/proposals/compose/proposaldocuments.h"

#include "backend/proposals/proposaljson.h"
#include "backend/review/claimedbuilds.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace countersign {

namespace {

Attachment attachmentOf(const QString &name, QLatin1StringView mediaType, const Bytes &content)
{
    return {name, mediaType, static_cast<quint64>(content.size()), keccak256(content)};
}

bool holds(const QList<ComposeDocument> &documents, const Hash32 &contentHash)
{
    return std::ranges::any_of(documents,
        [&contentHash](const ComposeDocument &document) { return document.attachment.contentHash == contentHash; });
}

// A shipped build that somebody chose as a file is known to everybody.
bool isKnown(const QByteArray &json, const ArtifactStore &known)
{
    const auto artifact = ContractArtifact::load(json);
    return !artifact || known.hasCreationCode(artifact->unlinkedCreationCode());
}

} // namespace

Result<ComposeDocument> documentFromFile(const QString &path)
{
    const QFileInfo info(path);
    if (!info.exists())
        return fail(ErrorKind::NotFound, u"%1 is not there"_s.arg(path));
    if (!info.isFile())
        return fail(ErrorKind::Invalid, u"%1 is no plain file"_s.arg(path));
    if (!isAttachmentName(info.fileName()))
        return fail(ErrorKind::Invalid,
            u"“%1” cannot be the name of an attachment: letters, digits and spaces, no path, not hidden"_s.arg(info.fileName()));
    if (info.size() > maxAttachmentBytes)
        return fail(ErrorKind::Exhausted,
            u"%1 has %2 bytes; an attachment has at most %3"_s.arg(info.fileName()).arg(info.size()).arg(maxAttachmentBytes));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::Unavailable, u"%1 cannot be read: %2"_s.arg(path, file.errorString()));
    const Bytes content = file.read(maxAttachmentBytes + 1);
    if (content.isEmpty() || content.size() > maxAttachmentBytes)
        return fail(ErrorKind::Invalid, u"%1 is empty, or it grows"_s.arg(info.fileName()));
    return ComposeDocument{attachmentOf(info.fileName(), "application/octet-stream"_L1, content), content};
}

ComposeDocument documentOfBuild(const QByteArray &json)
{
    const auto artifact = ContractArtifact::load(json);
    return artifact ? ComposeDocument{attachmentOf(artifact->contractName() + u".json"_s, artifactMediaType, json), json}
                    : ComposeDocument();
}

QList<ComposeDocument> documentsOf(const ComposeRequest &request, const ArtifactStore &known)
{
    QList<ComposeDocument> documents;
    for (const ComposeDocument &document : request.documents) {
        if (!holds(documents, document.attachment.contentHash))
            documents.append(document);
    }
    for (const ComposeAction &action : request.actions) {
        const auto *deploy = std::get_if<DeployAction>(&action);
        if (!deploy || deploy->json.isEmpty() || isKnown(deploy->json, known))
            continue;
        ComposeDocument build = documentOfBuild(deploy->json);
        if (holds(documents, build.attachment.contentHash))
            continue;
        const bool isTaken = std::ranges::any_of(documents,
            [&build](const ComposeDocument &other) { return other.attachment.name == build.attachment.name; });
        if (isTaken) // two builds of one name
            build.attachment.name.prepend(build.attachment.contentHash.toString().sliced(2, 8) + u' ');
        documents.append(build);
    }
    return documents;
}

QList<ComposeProblem> attachDocuments(ProposalDraft &draft, QList<Bytes> &contents, const ComposeRequest &request,
    const ArtifactStore &known, const ExchangeSnapshot &queue)
{
    QList<ComposeProblem> problems;
    const QString field = u"documents"_s;
    for (const ComposeDocument &document : documentsOf(request, known)) {
        const Attachment &attachment = document.attachment;
        draft.attachments.append(attachment);
        const bool isThere = queue.set->attachments().contains(attachment.contentHash);
        if (!document.content.isEmpty())
            contents.append(document.content);
        else if (!isThere)
            problems.append({-1, field, u"The content of “%1” is not here any more: add the file again"_s.arg(attachment.name), {}});
    }
    ProposalDraft probe;
    probe.title = u"x"_s;
    probe.attachments = draft.attachments;
    if (const auto checked = checkDraft(probe); !checked)
        problems.append({-1, field, checked.error().message, {}});
    return problems;
}

std::shared_ptr<const ArtifactStore> withOwnBuilds(
    std::shared_ptr<const ArtifactStore> builds, const ComposeRequest &request)
{
    std::shared_ptr<ArtifactStore> extended;
    for (const ComposeDocument &document : documentsOf(request, *builds)) {
        if (document.attachment.mediaType != artifactMediaType || document.content.isEmpty())
            continue;
        if (!extended)
            extended = std::make_shared<ArtifactStore>(*builds);
        // What cannot be used is told by the review.
        static_cast<void>(addClaimedBuild(*extended, {document.attachment, request.proposer}, document.content));
    }
    return extended ? std::shared_ptr<const ArtifactStore>(extended) : builds;
}

} // namespace countersign
