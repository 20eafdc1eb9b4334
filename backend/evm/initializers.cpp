#include "backend/evm/initializers.h"

#include "backend/types/address.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

// ERC-7201 of "openzeppelin.storage.Initializable" and "openzeppelin.storage.Ownable"; a test computes them.
constexpr auto initializableSlot = u"0xf0c57e16840df040f15088dc2f81fe391c3923bec73e23a9662efc9c229c6a00";
constexpr auto ownableSlot = u"0x9016d09d72d40fdae2fd8ceac6b6234c7706214fd39c1cd1e609a0528c199300";

std::optional<InitializedPlace> placeOf(
    const StorageLayout *layout, QByteArrayView code, std::initializer_list<QLatin1StringView> labels, int most, QStringView slot, int size)
{
    for (const QLatin1StringView label : labels) {
        if (!layout)
            break;
        for (const StorageLayout::Member &variable : layout->variables()) {
            const StorageLayout::Type &type = layout->type(variable.type);
            const quint64 bytes = type.size.toU64().value_or(0);
            if (variable.label == label && type.isPlain() && bytes > 0 && bytes <= static_cast<quint64>(most))
                return InitializedPlace{Hash32::fromDigest(variable.slot.toBigEndian()), variable.offset, static_cast<int>(bytes)};
        }
    }
    const auto named = Hash32::parse(slot);
    if (named && code.contains(named->view()))
        return InitializedPlace{*named, 0, size};
    return std::nullopt;
}

} // namespace

Uint256 InitializedPlace::in(const Hash32 &word) const
{
    const Bytes bytes = word.bytes();
    const Bytes part = bytes.mid(Hash32::size - offset - size, size);
    return Uint256::fromBigEndian(Bytes(Hash32::size - part.size(), '\0') + part).value_or(Uint256());
}

std::optional<InitializedPlace> initializedPlace(const StorageLayout *layout, QByteArrayView code)
{
    return placeOf(layout, code, {"_initialized"_L1, "initialized"_L1}, 8, initializableSlot, 8);
}

std::optional<InitializedPlace> ownerPlace(const StorageLayout *layout, QByteArrayView code)
{
    return placeOf(layout, code, {"_owner"_L1, "owner"_L1}, static_cast<int>(Address::size), ownableSlot, static_cast<int>(Address::size));
}

} // namespace countersign
