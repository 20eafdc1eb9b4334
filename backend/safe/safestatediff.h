#pragma once

#include "backend/evm/storagelayout.h"
#include "backend/safe/safestate.h"
#include "backend/safe/safetransaction.h"

namespace countersign {

/// Slots 0 to 8 of a Safe by name (GnosisSafeStorage.sol, SafeStorage.sol).
const StorageLayout &safeStorageLayout();

/// Keys worth trying: what the Safe consists of, and what the transaction says.
StorageKeys safeStorageKeys(const SafeState &safe, const SafeTransaction &transaction);

/// Changes in words, the Safe's first, each in their order: those of the Safe by its own layout, with guard, module
/// guard and fallback handler; those of other contracts by \a layouts; the rest by nameProxySlot.
QList<NamedChange> nameSafeChanges(
    const SafeState &safe, const QList<StorageChange> &changes, const StorageLayouts &layouts, const StorageKeys &keys);

/// Those that change the Safe itself: everything in its storage, also what nothing names, but for the nonce when it
/// goes up by one. A call that is not one of the Safe's own management calls has no business there.
QList<NamedChange> safeSelfChanges(const QList<NamedChange> &changes, const Address &safe);

} // namespace countersign
