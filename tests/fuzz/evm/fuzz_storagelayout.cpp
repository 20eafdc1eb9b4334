#include "backend/evm/storagecomparison.h"
#include "backend/evm/storagelayout.h"
#include "backend/types/keccak.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// A layout from a file, and changes of the slots that it is likely to use.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray json(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto layout = StorageLayout::load(json, QStringLiteral("A"));
    if (!layout)
        return 0;
    (void)compareLayouts(*layout, *layout);
    StorageKeys keys;
    keys.add(Uint256(1));
    keys.add(keccak256("party"));
    keys.addText("name");
    const auto numbered = [](const Uint256 &number) { return Hash32::fromDigest(number.toBigEndian()); };
    QList<StorageChange> changes;
    for (quint64 i = 0; i < 4; ++i) {
        const Hash32 slot = numbered(i);
        for (const Hash32 &place : {slot, keccak256(slot.bytes()), keccak256(numbered(1).bytes() + slot.bytes())})
            changes.append({Address(), place, keccak256(place.bytes()), numbered(i * 2 + 1)});
    }
    changes.append({Address(), numbered(Uint256::max()), numbered(0), numbered(1)});
    const auto named = layout->name(changes, keys);
    if (named.size() < changes.size()) // no change is left unsaid
        std::abort();
    for (const NamedChange &change : named) {
        if (change.variable.isEmpty())
            std::abort();
    }
    return 0;
}
