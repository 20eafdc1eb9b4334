#pragma once

#include "backend/evm/statediff.h"

#include <QString>

namespace countersign {

enum class SlotRole : quint8 {
    Unknown, ///< no layout names it
    Variable, ///< of a contract whose layout is known
    Proxy, ///< where proxies of any contract keep their implementation, admin or beacon
    Safe, ///< what a Safe is: singleton, owners, threshold, modules, guard, …
};

/// A change of storage in words. One slot may hold several variables; each that differs is one change.
struct NamedChange {
    Address contract;
    Hash32 slot;
    QString variable; ///< "cantonPartyToKey[0x…]", "entries[2].holder"; "slot 0x…" when nothing names it
    QString before; ///< as abiToText writes values; the whole word in hex when nothing names it
    QString after;
    SlotRole role = SlotRole::Unknown;

    bool isSafeSlot() const { return role == SlotRole::Safe; }
    friend bool operator==(const NamedChange &, const NamedChange &) = default;
};

/// "slot 0x…", with the whole words: what is said where no name is known.
NamedChange unnamedChange(const StorageChange &change);

/// EIP-1967, EIP-1822 and ZeppelinOS slots, whichever contract it is; others are unnamed.
NamedChange nameProxySlot(const StorageChange &change);

} // namespace countersign
