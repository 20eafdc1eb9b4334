#pragma once

#include "backend/types/address.h"

#include <vector>

namespace countersign {

/// The list in which the Safe keeps owners and modules: each entry points to the next, a sentinel (0x…01) stands before the
/// first and behind the last. Whoever takes an entry out must name the one before it.
class SafeLinkedList final {
public:
    SafeLinkedList() = default;
    /// In the order in which getOwners and getModulesPaginated answer.
    explicit SafeLinkedList(std::vector<Address> entries)
        : m_entries(std::move(entries))
    {
    }

    static const Address &sentinel();
    /// Neither zero nor the sentinel.
    static bool canHold(const Address &entry);

    const std::vector<Address> &entries() const { return m_entries; }
    qsizetype size() const { return static_cast<qsizetype>(m_entries.size()); }
    bool contains(const Address &entry) const;
    /// What stands before `entry`: the sentinel before the first. The zero address when it is not in the list.
    Address before(const Address &entry) const;

    /// New entries become the first.
    void putFirst(const Address &entry);
    void remove(const Address &entry);
    /// The new entry takes the old one's place.
    void replace(const Address &entry, const Address &by);

    friend bool operator==(const SafeLinkedList &, const SafeLinkedList &) = default;

private:
    std::vector<Address> m_entries;
};

} // namespace countersign
