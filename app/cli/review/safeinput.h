#pragma once

#include "app/cli/commands/command.h"
#include "backend/proposals/compose/safeinput.h"

namespace countersign {

/// Options --chain-id, --safe and --safe-version, which say where a transaction belongs when the file does not.
QList<QCommandLineOption> safePlaceOptions();
Result<SafePlaceHints> safePlaceHints(const Invocation &invocation);
/// An error of reading, with the option that would have said what is missing.
Error withSafePlaceOption(Error error);

/// As those of the backend, with what the options say.
Result<SafeInput> readSafeInput(JsonView json, const Invocation &invocation);
Result<SafePlace> readSafePlace(JsonView json, const Invocation &invocation);

} // namespace countersign
