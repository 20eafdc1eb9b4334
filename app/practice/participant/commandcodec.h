#pragma once

#include "app/practice/participant/submission.h"

namespace com::daml::ledger::api::v2 {
class Commands;
}

namespace countersign::participant {

namespace lapi = com::daml::ledger::api::v2;

/// Checks the commands of a request and resolves their templates and values. Errors: MISSING_FIELD, INVALID_FIELD,
/// INVALID_ARGUMENT, COMMAND_PREPROCESSING_FAILED and those of TemplateRegistry::find().
[[nodiscard]] Outcome<Submission> decodeCommands(const lapi::Commands &commands, const TemplateRegistry &registry);

} // namespace countersign::participant
