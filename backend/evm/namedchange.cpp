#include "backend/evm/namedchange.h"

#include "backend/evm/proxycode.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

QString proxySlotName(const Hash32 &slot)
{
    if (slot == ProxySlots::implementation())
        return u"EIP-1967 implementation"_s;
    if (slot == ProxySlots::admin())
        return u"EIP-1967 admin"_s;
    if (slot == ProxySlots::beacon())
        return u"EIP-1967 beacon"_s;
    if (slot == ProxySlots::proxiable())
        return u"EIP-1822 implementation"_s;
    if (slot == ProxySlots::zeppelinOs())
        return u"ZeppelinOS implementation"_s;
    return {};
}

// The upper twelve bytes are none of the address's: whoever fills them hides something.
QString addressText(const Hash32 &word)
{
    constexpr qsizetype padding = Hash32::size - Address::size;
    const bool isClean = word.view().first(padding) == QByteArrayView(Hash32().view()).first(padding);
    return isClean ? Address::fromBytes(word.view().last(Address::size))->toString() : word.toString();
}

} // namespace

NamedChange unnamedChange(const StorageChange &change)
{
    return {change.contract, change.slot, u"slot "_s + change.slot.toString(), change.before.toString(),
        change.after.toString(), SlotRole::Unknown};
}

NamedChange nameProxySlot(const StorageChange &change)
{
    const QString name = proxySlotName(change.slot);
    if (name.isEmpty())
        return unnamedChange(change);
    return {change.contract, change.slot, name, addressText(change.before), addressText(change.after), SlotRole::Proxy};
}

} // namespace countersign
