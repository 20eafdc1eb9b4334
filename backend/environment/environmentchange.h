#pragma once

#include "backend/environment/environment.h"
#include "backend/types/timestamp.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace countersign {

/// A contract that the profile is to know.
struct NewContract {
    enum class Kind { Vault, Registry };
    Kind kind = Kind::Vault;
    ChainId chainId;
    QString name; ///< of a vault; a registry has none
    Address address;
    friend bool operator==(const NewContract &, const NewContract &) = default;
};

/// What adding a contract does to the file: lines that are inserted, all else as it is.
struct EnvironmentChange {
    QString file; ///< absolute
    QByteArray before; ///< the whole file
    QByteArray after;
    int line = 0; ///< number of the first new line, from 1
    QStringList added; ///< the new lines
    QStringList above; ///< up to three lines of the file before them
    QStringList below; ///< up to three after them
    /// "@@ line 12 @@", and the lines with "+" and " " in front.
    QString diff() const;
};

/// Plans the insertion into \a yaml, which stands in \a file. The result was read again: it is the profile as it was, plus
/// this contract, and nothing else. Errors: NotFound (no such chain); Invalid (the file
/// is no profile, or the name cannot stand in it); Conflict (the chain has such a name, such an address or a registry);
/// Rejected (the place is written in a way that is not edited by a program: the sentence says which lines to add by hand).
Result<EnvironmentChange> planInsertion(const QByteArray &yaml, const QString &file, const NewContract &contract);
/// The same, into the file as it stands there now. Errors also NotFound and Denied: it cannot be read, or is read-only.
Result<EnvironmentChange> planContract(const QString &file, const NewContract &contract);

/// Writes it as a whole or not at all, after a copy of the old file beside it. The value is the copy's path. Errors:
/// Conflict when the file is no longer what was planned for, Denied or Unavailable when it cannot be written.
Result<QString> applyChange(const EnvironmentChange &change, Timestamp now);

/// Puts the old content back. Conflict when somebody has changed the file since; the copy stays in any case.
Result<void> undoChange(const EnvironmentChange &change);

} // namespace countersign
