#pragma once

#include "app/cli/commands/command.h"

namespace countersign {

/// "qr read IMAGE …": a message from images, or from lines on standard input.
Result<void> readFrames(const Invocation &invocation, Report &report);

} // namespace countersign
