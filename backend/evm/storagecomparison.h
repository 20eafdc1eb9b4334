#pragma once

#include "backend/evm/storagelayout.h"

#include <QString>

namespace countersign {

/// What the code of an upgrade makes of a variable of the code before.
struct LayoutChange {
    enum class Kind {
        Renamed, ///< the same place and type under another name: a new name, or another meaning
        TypeChanged,
        Moved,
        Removed, ///< what it held stays, and a later version may read it as something else
        Inserted, ///< where something of the code before lies
        GapChanged, ///< the room that was kept free no longer ends where it did
        NamespaceRemoved, ///< ERC-7201
    };
    Kind kind;
    QString variable; ///< with its namespace in front, "erc7201:example.main.owner"
    QString before; ///< "uint256 at slot 2"; empty for what is new
    QString after;
    bool isHarmful() const { return kind != Kind::Renamed; }
    friend bool operator==(const LayoutChange &, const LayoutChange &) = default;
};

/// Compares where two versions of a contract keep their variables. New variables behind all others, or in a gap (a fixed
/// array named __gap…) that ends where it ended, are no change; nor are new members at the end of a struct that is only
/// held in mappings. Namespaces are compared each for itself, where both layouts tell them. In the order of the old layout.
QList<LayoutChange> compareLayouts(const StorageLayout &before, const StorageLayout &after);

} // namespace countersign
