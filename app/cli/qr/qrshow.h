#pragma once

#include "app/cli/commands/command.h"
#include "backend/types/hash32.h"

namespace countersign {

/// "qr show FILE": the frames on the terminal, as images or as lines.
Result<void> showFrames(const Invocation &invocation, Report &report);

/// What both sides of the gap print and compare: size, parts, keccak-256 and its first and last group.
void reportMessage(Report &report, qsizetype size, quint32 parts, const Hash32 &hash);

} // namespace countersign
