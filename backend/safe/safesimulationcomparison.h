#pragma once

#include "backend/evm/namedchange.h"
#include "backend/safe/safesimulation.h"

#include <QStringList>

namespace countersign {

/// What two simulations of one transaction at one block say differently, in sentences; empty when they agree. For two
/// endpoints: `a` is the first one. What one of them could not see is no difference (SafeSimulation::limits tells it).
/// Gas is left out, because nodes count limits and refunds in different ways.
QStringList differences(const SafeSimulation &a, const SafeSimulation &b);

/// What was promised and what was simulated, in sentences: changes that are missing, other than promised, or promised
/// by nobody. Both are matched by contract and variable; the Safe's nonce going up by one needs no promise.
QStringList differences(const QList<NamedChange> &promised, const QList<NamedChange> &simulated, const Address &safe);

} // namespace countersign
