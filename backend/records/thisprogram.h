#pragma once

#include <QString>

namespace countersign {

/// Which program made a record.
struct ProgramIdentity {
    QString version; ///< "countersign 0.1.0"
    QString build; ///< SHA-256 of the executable in hex, as release files list it; empty when it could not be read
    friend bool operator==(const ProgramIdentity &, const ProgramIdentity &) = default;
};

/// Reads the executable once, on the first call.
const ProgramIdentity &thisProgram();

} // namespace countersign
