#pragma once

#include "backend/types/address.h"
#include "backend/types/bytes.h"
#include "backend/types/hash32.h"

#include <QHash>

#include <optional>
#include <span>

namespace countersign {

enum class ProxyKind {
    Minimal,      ///< EIP-1167 and its variants: the target is in the code
    Delegation,   ///< EIP-7702: an account of a key that runs a contract's code
    Safe,         ///< a Safe's proxy: slot 0
    Eip1967,
    Eip1967Beacon, ///< the beacon tells the implementation
    Eip1822,
    ZeppelinOs,   ///< OpenZeppelin before EIP-1967
};

/// That an account only passes calls on, and where to.
struct ProxyFinding {
    ProxyKind kind;
    std::optional<Address> implementation = {};
    std::optional<Address> admin = {};
    std::optional<Address> beacon = {};

    friend bool operator==(const ProxyFinding &, const ProxyFinding &) = default;
};

/// "EIP-1167", for messages.
QString proxyKindName(ProxyKind kind);

/// What the code alone shows; absent when it is no known form.
std::optional<ProxyFinding> proxyOfCode(QByteArrayView code);

// Slots: keccak256 of their names (EIP-1967: less one).
namespace ProxySlots {
const Hash32 &implementation(); ///< EIP-1967
const Hash32 &admin();          ///< EIP-1967
const Hash32 &beacon();         ///< EIP-1967
const Hash32 &proxiable();      ///< EIP-1822
const Hash32 &zeppelinOs();
const Hash32 &safeSingleton(); ///< slot 0
}

/// The slots to read for proxyOf.
std::span<const Hash32> proxySlots();

/// What code and storage show together. Absent slots count as zero. Code comes first: its target cannot change. An EIP-1967
/// slot on a contract that is verified not to be a proxy is storage like any other: the finding is a question, not a proof.
std::optional<ProxyFinding> proxyOf(QByteArrayView code, const QHash<Hash32, Hash32> &storage);

} // namespace countersign
