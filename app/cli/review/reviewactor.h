#pragma once

#include "app/cli/commands/command.h"
#include "backend/review/policypast.h"

namespace countersign {

/// For whom the command line reviews, and what it is told of before: --approver, --executor and --first-seen.
struct ReviewRequester {
    ReviewActor actor;
    PolicyPast past;
};

QList<QCommandLineOption> reviewActorOptions();
/// Error Invalid, with the detail "usage": no address, no time, or two steps at once.
Result<ReviewRequester> reviewRequester(const Invocation &invocation);

} // namespace countersign
