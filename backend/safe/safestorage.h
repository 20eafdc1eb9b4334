#pragma once

#include "backend/types/address.h"
#include "backend/types/hash32.h"

namespace countersign {

/// Where a Safe keeps what it is; the same in 1.3.0, 1.4.1 and 1.5.0 (GnosisSafeStorage.sol, SafeStorage.sol). Earlier
/// versions agree as far as they have the field.
struct SafeStorage {
    static constexpr quint64 singleton = 0;
    static constexpr quint64 modules = 1;    ///< mapping, a linked list
    static constexpr quint64 owners = 2;     ///< mapping, a linked list
    static constexpr quint64 ownerCount = 3;
    static constexpr quint64 threshold = 4;
    static constexpr quint64 nonce = 5;
    static constexpr quint64 signedMessages = 7;
    static constexpr quint64 approvedHashes = 8; ///< mapping(owner => mapping(hash => uint))
};

// Slots by name instead of by number; none of the three has a getter.
/// keccak256("guard_manager.guard.address"), since 1.3.0.
const Hash32 &safeGuardSlot();
/// keccak256("module_manager.module_guard.address"), since 1.5.0.
const Hash32 &safeModuleGuardSlot();
/// keccak256("fallback_manager.handler.address"), since 1.1.0.
const Hash32 &safeFallbackHandlerSlot();

/// Storage slot of `map[key]` for a Solidity mapping at \a slot.
Hash32 mappingSlot(const Hash32 &key, const Hash32 &slot);
Hash32 slotNumber(quint64 slot);
/// The Safe's approvedHashes[owner][hash].
Hash32 approvedHashSlot(const Address &owner, const Hash32 &hash);

} // namespace countersign
