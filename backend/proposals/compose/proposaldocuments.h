#pragma once

#include "backend/proposals/compose/composition.h"
#include "backend/proposals/exchangesnapshot.h"
#include "backend/review/artifactstore.h"

#include <memory>

namespace countersign {

// What goes with a proposal besides its text: the files that a person attaches, and the builds that the others do not have.

/// A file of the person's as an attachment, under its own name. Errors: NotFound, Unavailable, Exhausted (more than
/// maxAttachmentBytes), Invalid (empty, no plain file, or a name that an envelope refuses).
Result<ComposeDocument> documentFromFile(const QString &path);

/// The build as what every reviewer is given to compare with; empty name where it cannot be read.
ComposeDocument documentOfBuild(const QByteArray &json);

/// All that the proposal takes along: the request's own, and the builds of its deployments that \a known does not have.
/// Each content once.
QList<ComposeDocument> documentsOf(const ComposeRequest &request, const ArtifactStore &known);

/// Attaches them. \a contents: what the exchange does not hold and is to be given. Problems: too many or too large, a name
/// that an envelope refuses, a content that is neither here nor there.
QList<ComposeProblem> attachDocuments(ProposalDraft &draft, QList<Bytes> &contents, const ComposeRequest &request,
    const ArtifactStore &known, const ExchangeSnapshot &queue);

/// The builds with those that the request brings along, as the claims that they are for everybody else.
std::shared_ptr<const ArtifactStore> withOwnBuilds(
    std::shared_ptr<const ArtifactStore> builds, const ComposeRequest &request);

} // namespace countersign
