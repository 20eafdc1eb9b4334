#pragma once

#include "backend/environment/environment.h"
#include "backend/proposals/compose/composition.h"
#include "backend/proposals/exchangesnapshot.h"

namespace countersign {

// What is true of a request before any chain is asked, and of the draft that was made of it.

/// What is wrong with the request itself.
QList<ComposeProblem> requestProblems(
    const ComposeRequest &request, const ExchangeSnapshot &queue, const Environment &environment, Timestamp now);

/// One line from the steps: "Pause treasury", "Pause treasury; Revoke the Canton key of desk".
QString titleFor(const QList<ComposeAction> &actions);
/// The steps, numbered: what is proposed, where nobody says why.
QString rationaleFor(const QList<ComposeAction> &actions);

/// Title, rationale, times, links and what it stands in for, from the request.
void fillClaims(ProposalDraft &draft, const ComposeRequest &request);
/// What an envelope would refuse, by the field that it is from.
QList<ComposeProblem> draftProblems(
    const ProposalDraft &draft, const ComposeRequest &request, const ExchangeSnapshot &queue);

} // namespace countersign
