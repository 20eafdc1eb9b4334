#pragma once

#include <QString>

namespace countersign {

/// One line to standard output, at once.
void printLine(const QString &line);
/// One line to standard error.
void printError(const QString &line);

} // namespace countersign
