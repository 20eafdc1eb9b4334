#pragma once

#include "app/practice/participant/participantoptions.h"

namespace countersign {

/// Serves until SIGTERM or SIGINT, which it takes over for the calling thread and those that it starts; prints one line of JSON (see
/// ParticipantServer::announcement()) when it serves. Returns the exit code: 0, or 1 after a message on standard error.
int runParticipant(const ParticipantOptions &options);

/// The same from command-line arguments without the subcommand's name; answers `--help` and wrong arguments (exit code 2).
int runParticipant(const QStringList &arguments);

} // namespace countersign
