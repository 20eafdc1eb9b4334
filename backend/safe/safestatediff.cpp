#include "backend/safe/safestatediff.h"

#include "backend/safe/safestorage.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

// In the compiler's own form, so that there is one way to read a layout.
constexpr auto layoutJson = R"json({
"storage": [
 {"label": "singleton", "slot": "0", "offset": 0, "type": "t_address"},
 {"label": "modules", "slot": "1", "offset": 0, "type": "t_list"},
 {"label": "owners", "slot": "2", "offset": 0, "type": "t_list"},
 {"label": "ownerCount", "slot": "3", "offset": 0, "type": "t_uint256"},
 {"label": "threshold", "slot": "4", "offset": 0, "type": "t_uint256"},
 {"label": "nonce", "slot": "5", "offset": 0, "type": "t_uint256"},
 {"label": "oldDomainSeparator", "slot": "6", "offset": 0, "type": "t_bytes32"},
 {"label": "signedMessages", "slot": "7", "offset": 0, "type": "t_messages"},
 {"label": "approvedHashes", "slot": "8", "offset": 0, "type": "t_approvals"}],
"types": {
 "t_address": {"encoding": "inplace", "label": "address", "numberOfBytes": "20"},
 "t_uint256": {"encoding": "inplace", "label": "uint256", "numberOfBytes": "32"},
 "t_bytes32": {"encoding": "inplace", "label": "bytes32", "numberOfBytes": "32"},
 "t_list": {"encoding": "mapping", "label": "mapping(address => address)", "numberOfBytes": "32",
            "key": "t_address", "value": "t_address"},
 "t_messages": {"encoding": "mapping", "label": "mapping(bytes32 => uint256)", "numberOfBytes": "32",
                "key": "t_bytes32", "value": "t_uint256"},
 "t_approvals": {"encoding": "mapping", "label": "mapping(address => mapping(bytes32 => uint256))", "numberOfBytes": "32",
                 "key": "t_address", "value": "t_messages"}}})json";

QString hashedSlotName(const Hash32 &slot)
{
    if (slot == safeGuardSlot())
        return u"guard"_s;
    if (slot == safeModuleGuardSlot())
        return u"moduleGuard"_s;
    if (slot == safeFallbackHandlerSlot())
        return u"fallbackHandler"_s;
    return {};
}

// The contract keeps an address in the whole word; anything else in it is shown as it is.
QString addressText(const Hash32 &word)
{
    const auto number = Uint256::fromBigEndian(word.view());
    constexpr int addressBits = 160;
    return number->bitLength() > addressBits ? word.toString()
                                             : Address::fromBytes(word.view().last(Address::size))->toString();
}

bool isNextNonce(const NamedChange &change)
{
    if (!change.isSafeSlot() || change.variable != u"nonce")
        return false;
    const auto before = Uint256::parse(change.before);
    const auto after = Uint256::parse(change.after);
    return before && after && before->checkedAdd(1) == *after;
}

// The upper bytes of a slot that holds an address belong to no variable; in a Safe that is a change of it all the same.
NamedChange nameOwnSlot(NamedChange change, const StorageChange &raw)
{
    if (change.role == SlotRole::Variable) {
        change.role = SlotRole::Safe;
    } else if (const QString name = hashedSlotName(change.slot); !name.isEmpty()) {
        change = {change.contract, change.slot, name, addressText(raw.before), addressText(raw.after), SlotRole::Safe};
    } else if (change.slot == slotNumber(SafeStorage::singleton)) {
        change.variable = u"singleton"_s;
        change.role = SlotRole::Safe;
    }
    return change;
}

} // namespace

const StorageLayout &safeStorageLayout()
{
    static const StorageLayout layout = *StorageLayout::load(layoutJson);
    return layout;
}

StorageKeys safeStorageKeys(const SafeState &safe, const SafeTransaction &transaction)
{
    StorageKeys keys;
    keys.add(Uint256(1)); // where both lists begin and end
    keys.add(transaction.to);
    keys.addCalldata(transaction.data);
    for (const Address &owner : safe.owners)
        keys.add(owner);
    for (const Address &module : safe.modules)
        keys.add(module);
    return keys;
}

QList<NamedChange> nameSafeChanges(
    const SafeState &safe, const QList<StorageChange> &changes, const StorageLayouts &layouts, const StorageKeys &keys)
{
    QList<StorageChange> own;
    QList<StorageChange> others;
    QHash<Hash32, StorageChange> bySlot;
    for (const StorageChange &change : changes) {
        (change.contract == safe.safe ? own : others).append(change);
        if (change.contract == safe.safe)
            bySlot.insert(change.slot, change);
    }
    QList<NamedChange> named = safeStorageLayout().name(own, keys);
    for (NamedChange &change : named)
        change = nameOwnSlot(change, bySlot.value(change.slot));
    named.append(nameChanges(others, layouts, keys));
    return named;
}

QList<NamedChange> safeSelfChanges(const QList<NamedChange> &changes, const Address &safe)
{
    QList<NamedChange> own;
    for (const NamedChange &change : changes) {
        if (change.contract == safe && !isNextNonce(change))
            own.append(change);
    }
    return own;
}

} // namespace countersign
