#pragma once

#include "backend/evm/storagelayout.h"
#include "backend/types/hash32.h"

#include <QByteArrayView>

#include <optional>

namespace countersign {

/// Where a contract notes that its initializer has run: a whole number, or a truth value, that is zero before.
struct InitializedPlace {
    Hash32 slot;
    int offset = 0; ///< bytes, from the right
    int size = 8;

    Uint256 in(const Hash32 &word) const;
    friend bool operator==(const InitializedPlace &, const InitializedPlace &) = default;
};

/// The variable _initialized or initialized of the layout, else the namespace of OpenZeppelin's Initializable (from 5.0)
/// when the code names its slot. Empty when neither is there.
std::optional<InitializedPlace> initializedPlace(const StorageLayout *layout, QByteArrayView code);

/// Where a contract keeps its owner, by the same means: "_owner" or "owner", else OpenZeppelin's namespace.
std::optional<InitializedPlace> ownerPlace(const StorageLayout *layout, QByteArrayView code);

} // namespace countersign
