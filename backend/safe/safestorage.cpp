#include "backend/safe/safestorage.h"

#include "backend/types/keccak.h"
#include "backend/types/uint256.h"

namespace countersign {

const Hash32 &safeGuardSlot()
{
    static const Hash32 slot = keccak256("guard_manager.guard.address");
    return slot;
}

const Hash32 &safeModuleGuardSlot()
{
    static const Hash32 slot = keccak256("module_manager.module_guard.address");
    return slot;
}

const Hash32 &safeFallbackHandlerSlot()
{
    static const Hash32 slot = keccak256("fallback_manager.handler.address");
    return slot;
}

Hash32 slotNumber(quint64 slot)
{
    return Hash32::fromDigest(Uint256(slot).toBigEndian());
}

Hash32 mappingSlot(const Hash32 &key, const Hash32 &slot)
{
    Bytes bytes = key.bytes();
    bytes.append(slot.view());
    return keccak256(bytes);
}

Hash32 approvedHashSlot(const Address &owner, const Hash32 &hash)
{
    Bytes key(12, '\0');
    key.append(owner.view());
    return mappingSlot(hash, mappingSlot(Hash32::fromDigest(key), slotNumber(SafeStorage::approvedHashes)));
}

} // namespace countersign
