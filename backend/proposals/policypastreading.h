#pragma once

#include "backend/environment/environment.h"
#include "backend/journal/journal.h"
#include "backend/proposals/proposalexchange.h"
#include "backend/proposals/sightings.h"
#include "backend/review/policypast.h"
#include "backend/review/reviewsubject.h"

#include <QCoroTask>

namespace countersign {

/// What people did before, for a policy: since when this console knows the proposal, which is now for one that it never
/// saw; who acknowledged the proposal, by the exchange; and when the one about to sign
/// has approved other things, by their signatures in the exchange (as the files say it) and by what this console's journal
/// recorded (as its own clock had it, which comes first). Where the journal cannot be read the approvals stay unknown.
/// What is referred to outlives the call, not the task.
QCoro::Task<PolicyPast> readPolicyPast(const ProposalExchange &exchange, const Sightings &sightings, Journal &journal,
    const Environment &environment, ReviewSubject subject, ReviewActor actor);

} // namespace countersign
