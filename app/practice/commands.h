#pragma once

#include <QStringList>

namespace countersign {

// The subcommands of countersign-practice. Each takes the arguments after its name and returns the exit code:
// 0 done, 1 failed, 2 wrong usage.
int runUp(const QStringList &arguments);
int runStatus(const QStringList &arguments);
int runDown(const QStringList &arguments);
int runFault(const QStringList &arguments);
int runRelayer(const QStringList &arguments);
int runGenerator(const QStringList &arguments);

} // namespace countersign
