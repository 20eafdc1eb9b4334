#include "backend/safe/safelinkedlist.h"

#include "backend/types/uint256.h"

#include <algorithm>
#include <iterator>

namespace countersign {

const Address &SafeLinkedList::sentinel()
{
    static const Address one = *Address::fromBytes(Uint256(1).toBigEndian().last(Address::size));
    return one;
}

bool SafeLinkedList::canHold(const Address &entry)
{
    return !entry.isZero() && entry != sentinel();
}

bool SafeLinkedList::contains(const Address &entry) const
{
    return std::ranges::find(m_entries, entry) != m_entries.end();
}

Address SafeLinkedList::before(const Address &entry) const
{
    const auto found = std::ranges::find(m_entries, entry);
    if (found == m_entries.end())
        return {};
    return found == m_entries.begin() ? sentinel() : *std::prev(found);
}

void SafeLinkedList::putFirst(const Address &entry)
{
    m_entries.insert(m_entries.begin(), entry);
}

void SafeLinkedList::remove(const Address &entry)
{
    std::erase(m_entries, entry);
}

void SafeLinkedList::replace(const Address &entry, const Address &by)
{
    std::ranges::replace(m_entries, entry, by);
}

} // namespace countersign
