#include "backend/evm/abivalue.h"
#include "backend/evm/storagelayout.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QStringDecoder>

#include <algorithm>
#include <map>
#include <set>

namespace countersign {

namespace {

using Type = StorageLayout::Type;
using Encoding = StorageLayout::Encoding;

constexpr int wordSize = 32;
constexpr int deepestType = 24;
constexpr int stepsOfOneHash = 8; // what a hash costs in steps of the walk
constexpr int mostSteps = 2'000'000; // of one contract: below a second
constexpr quint64 longestArray = 1ULL << 32; // slots; far behind the hash that an array begins at
constexpr quint64 elementsTried = 16; // elements of an array below which we look for mappings and arrays

/// What stands in a slot, or in a part of it.
struct Leaf {
    enum class Kind : quint8 { Value, Length, Text, TextData };
    Kind kind = Kind::Value;
    QString name;
    const Type *type = nullptr;
    int offset = 0; ///< bytes, from the right
};

Hash32 wordOf(const Uint256 &number)
{
    return Hash32::fromDigest(number.toBigEndian());
}

Uint256 numberOf(const Hash32 &word)
{
    return *Uint256::fromBigEndian(word.view());
}

Uint256 quotient(const Uint256 &number, quint64 divisor)
{
    return number.divmod(divisor)->first;
}

// Whole slots.
Uint256 slotsOf(const Type &type)
{
    const auto [whole, rest] = *type.size.divmod(wordSize);
    return rest.isZero() ? whole : whole.checkedAdd(1).value_or(whole);
}

bool isZero(QByteArrayView bytes)
{
    return std::ranges::all_of(bytes, [](char byte) { return byte == 0; });
}

// The word as a key of this type, in words; absent when it can be none.
std::optional<QString> keyText(const Type &type, const Hash32 &word)
{
    if (!type.value)
        return word.toString();
    const QByteArrayView bytes = word.view();
    const Uint256 number = numberOf(word);
    switch (type.value->kind()) {
    case AbiKind::Address:
        if (!isZero(bytes.first(wordSize - Address::size)))
            return std::nullopt;
        return Address::fromBytes(bytes.last(Address::size))->toString();
    case AbiKind::Bool:
        if (number > Uint256(1))
            return std::nullopt;
        return number.isZero() ? u"false"_s : u"true"_s;
    case AbiKind::Uint:
        return number.bitLength() <= type.value->bits() ? std::optional(number.toDecimal()) : std::nullopt;
    case AbiKind::Int:
        // Negative keys are not guessed.
        return number.bitLength() < type.value->bits() ? std::optional(number.toDecimal()) : std::nullopt;
    case AbiKind::FixedBytes:
        if (!isZero(bytes.sliced(type.value->length())))
            return std::nullopt;
        return toHex(bytes.first(type.value->length()));
    default:
        return std::nullopt;
    }
}

QString textOrHex(const Bytes &bytes, bool isText)
{
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString text = decoder.decode(bytes);
    return isText && !decoder.hasError() ? abiToText(AbiType::makeString(), AbiValue(text)) : toHex(bytes);
}

// Short ones stand in their slot with twice their length in the last byte; of long ones only the length does.
QString textHeader(const Hash32 &word, bool isText)
{
    const quint8 last = word.array().back();
    if ((last & 1) != 0)
        return u"%1 bytes"_s.arg(quotient(numberOf(word), 2).toDecimal());
    const qsizetype length = last / 2;
    return length < wordSize ? textOrHex(word.view().first(length).toByteArray(), isText) : word.toString();
}

Bytes partOf(const Leaf &leaf, const Hash32 &word)
{
    if (leaf.kind != Leaf::Kind::Value)
        return word.bytes();
    const auto size = static_cast<qsizetype>(leaf.type->size.toU64().value_or(wordSize));
    return word.view().sliced(wordSize - leaf.offset - size, size).toByteArray();
}

QString valueText(const Type &type, const Bytes &bytes)
{
    if (!type.value)
        return toHex(bytes);
    switch (type.value->kind()) {
    case AbiKind::Address:
        return Address::fromBytes(bytes)->toString();
    case AbiKind::Bool:
        return static_cast<quint8>(bytes.back()) > 1 ? toHex(bytes)
                                                     : abiToText(*type.value, AbiValue(bytes.back() != 0));
    case AbiKind::Uint:
        return abiToText(*type.value, AbiValue(*Uint256::fromBigEndian(bytes)));
    case AbiKind::Int: {
        const bool isNegative = (static_cast<quint8>(bytes.front()) & 0x80) != 0;
        const Bytes word = Bytes(wordSize - bytes.size(), isNegative ? '\xff' : '\0') + bytes;
        return abiToText(*type.value, AbiValue(*Uint256::fromBigEndian(word)));
    }
    default:
        return toHex(bytes);
    }
}

QString leafText(const Leaf &leaf, const Hash32 &word)
{
    switch (leaf.kind) {
    case Leaf::Kind::Value:
        return valueText(*leaf.type, partOf(leaf, word));
    case Leaf::Kind::Length:
        return numberOf(word).toDecimal();
    case Leaf::Kind::Text:
        return textHeader(word, leaf.type->isText());
    case Leaf::Kind::TextData:
        break;
    }
    return word.toString();
}

/// Goes through a layout once, and notes what stands in the slots asked for.
class StorageNamer final {
public:
    StorageNamer(const StorageLayout &layout, const StorageKeys &keys, std::set<Uint256> slotsAsked)
        : m_layout(layout)
        , m_keys(keys)
        , m_asked(std::move(slotsAsked))
    {
        for (const StorageLayout::Member &variable : layout.variables())
            visit(variable.type, variable.slot, variable.label, variable.offset, 0);
    }

    std::span<const Leaf> leavesAt(const Uint256 &slot) const
    {
        const auto found = m_leaves.find(slot);
        return found == m_leaves.end() ? std::span<const Leaf>() : found->second;
    }

private:
    bool spend(int steps)
    {
        m_steps -= steps;
        return m_steps > 0;
    }
    bool isSpent(int depth) { return !spend(1) || depth > deepestType; }

    std::vector<Uint256> askedWithin(const Uint256 &base, const Uint256 &count)
    {
        std::vector<Uint256> found;
        for (auto at = m_asked.lower_bound(base); at != m_asked.end() && *at->checkedSub(base) < count && spend(1);
            ++at)
            found.push_back(*at);
        return found;
    }

    void visit(size_t type, const Uint256 &base, const QString &name, int offset, int depth)
    {
        for (const Uint256 &slot : askedWithin(base, slotsOf(m_layout.type(type))))
            locate(type, name, *slot.checkedSub(base), slot, offset, depth);
        expand(type, base, name, depth);
    }

    void add(const Uint256 &slot, Leaf leaf)
    {
        std::vector<Leaf> &leaves = m_leaves[slot];
        if (std::ranges::find(leaves, leaf.name, &Leaf::name) == leaves.end())
            leaves.push_back(std::move(leaf));
    }

    // What of a value of this type stands `distance` slots behind its beginning.
    void locate(size_t index, const QString &name, const Uint256 &distance, const Uint256 &slot, int offset, int depth)
    {
        const Type &type = m_layout.type(index);
        if (isSpent(depth))
            return;
        if (type.isStruct()) {
            for (const StorageLayout::Member &member : type.members) {
                const auto rest = distance.checkedSub(member.slot);
                if (spend(1) && rest && *rest < slotsOf(m_layout.type(member.type)))
                    locate(member.type, name + u'.' + member.label, *rest, slot, member.offset, depth + 1);
            }
        } else if (type.isFixedArray()) {
            locateElements(*type.element, name, distance, slot, depth);
        } else if (distance.isZero() && type.encoding != Encoding::Mapping) {
            if (type.encoding == Encoding::DynamicArray)
                add(slot, {Leaf::Kind::Length, name + u".length"_s, &type, 0});
            else
                add(slot,
                    {type.encoding == Encoding::Bytes ? Leaf::Kind::Text : Leaf::Kind::Value, name, &type, offset});
        }
    }

    void locateElements(size_t element, const QString &name, const Uint256 &distance, const Uint256 &slot, int depth)
    {
        const Type &type = m_layout.type(element);
        const quint64 size = type.size.toU64().value_or(wordSize);
        if (type.isPlain() && size <= wordSize / 2) {
            const quint64 count = wordSize / size;
            const auto first = distance.checkedMul(count);
            for (quint64 i = 0; first && i < count; ++i) {
                if (const auto number = first->checkedAdd(i))
                    add(slot, {Leaf::Kind::Value, elementName(name, *number), &type, static_cast<int>(i * size)});
            }
            return;
        }
        const auto [number, rest] = *distance.divmod(slotsOf(type));
        locate(element, elementName(name, number), rest, slot, 0, depth + 1);
    }

    static QString elementName(const QString &name, const Uint256 &number)
    {
        return u"%1[%2]"_s.arg(name, number.toDecimal());
    }

    // What a value of this type keeps elsewhere, behind hashes of where it stands.
    void expand(size_t index, const Uint256 &base, const QString &name, int depth)
    {
        const Type &type = m_layout.type(index);
        if (isSpent(depth))
            return;
        if (type.isStruct()) {
            for (const StorageLayout::Member &member : type.members) {
                if (const auto place = base.checkedAdd(member.slot); place && spend(1))
                    expand(member.type, *place, name + u'.' + member.label, depth + 1);
            }
        } else if (type.encoding == Encoding::Mapping) {
            expandMapping(type, base, name, depth);
        } else if (type.encoding == Encoding::DynamicArray) {
            const Uint256 data = hashed(wordOf(base).bytes());
            for (const Uint256 &slot : askedWithin(data, longestArray))
                locateElements(*type.element, name, *slot.checkedSub(data), slot, depth);
            expandElements(*type.element, data, longestArray, name, depth);
        } else if (type.encoding == Encoding::Bytes) {
            const Uint256 data = hashed(wordOf(base).bytes());
            for (const Uint256 &slot : askedWithin(data, longestArray)) {
                const Uint256 first = slot.checkedSub(data)->shiftedLeft(5);
                const QString range
                    = u"%1[%2..%3]"_s.arg(name, first.toDecimal(), first.checkedAdd(wordSize - 1)->toDecimal());
                add(slot, {Leaf::Kind::TextData, range, &type, 0});
            }
        } else if (type.isFixedArray()) {
            expandElements(*type.element, base, slotsOf(type), name, depth);
        }
    }

    void expandElements(size_t element, const Uint256 &data, const Uint256 &count, const QString &name, int depth)
    {
        const Type &type = m_layout.type(element);
        if (type.isPlain())
            return;
        // The first ones, and those that something changed in.
        const Uint256 size = slotsOf(type);
        std::set<Uint256> numbers;
        for (quint64 i = 0; i < elementsTried; ++i)
            numbers.insert(i);
        for (const Uint256 &slot : askedWithin(data, count))
            numbers.insert(slot.checkedSub(data)->divmod(size)->first);
        for (const Uint256 &number : numbers) {
            const auto distance = number.checkedMul(size);
            const auto place = distance && *distance < count ? data.checkedAdd(*distance) : std::nullopt;
            if (place && spend(1))
                expand(element, *place, elementName(name, number), depth + 1);
        }
    }

    void expandMapping(const Type &type, const Uint256 &base, const QString &name, int depth)
    {
        const Type &key = m_layout.type(*type.key);
        const Bytes place = wordOf(base).bytes();
        if (key.encoding == Encoding::Bytes) {
            for (const Bytes &text : m_keys.texts()) {
                if (!spend(stepsOfOneHash))
                    return;
                visit(*type.element, hashed(text + place), u"%1[%2]"_s.arg(name, textOrHex(text, key.isText())), 0,
                    depth + 1);
            }
            return;
        }
        const auto tryKey = [&](const Hash32 &word) {
            const auto text = keyText(key, word);
            if (text && spend(stepsOfOneHash))
                visit(*type.element, hashed(word.bytes() + place), u"%1[%2]"_s.arg(name, *text), 0, depth + 1);
        };
        constexpr int wholeWord = 256;
        const bool isBitmap = key.value && key.value->kind() == AbiKind::Uint && key.value->bits() == wholeWord;
        tryKey(Hash32());
        for (const Hash32 &word : m_keys.words()) {
            tryKey(word);
            if (isBitmap) // the word of a bit map that has the bit of this number
                tryKey(wordOf(numberOf(word).shiftedRight(8)));
        }
    }

    static Uint256 hashed(const Bytes &bytes) { return numberOf(keccak256(bytes)); }

    const StorageLayout &m_layout;
    const StorageKeys &m_keys;
    std::set<Uint256> m_asked;
    std::map<Uint256, std::vector<Leaf>> m_leaves;
    int m_steps = mostSteps;
};

} // namespace

QList<NamedChange> StorageLayout::name(std::span<const StorageChange> changes, const StorageKeys &keys) const
{
    std::set<Uint256> slotsAsked;
    for (const StorageChange &change : changes)
        slotsAsked.insert(numberOf(change.slot));
    const StorageNamer namer(*this, keys, std::move(slotsAsked));
    QList<NamedChange> named;
    for (const StorageChange &change : changes) {
        const qsizetype already = named.size();
        for (const Leaf &leaf : namer.leavesAt(numberOf(change.slot))) {
            if (partOf(leaf, change.before) != partOf(leaf, change.after))
                named.append({change.contract, change.slot, leaf.name, leafText(leaf, change.before),
                    leafText(leaf, change.after), SlotRole::Variable});
        }
        if (named.size() == already) // also when only bytes changed that belong to no variable
            named.append(nameProxySlot(change));
    }
    return named;
}

QList<NamedChange> nameChanges(
    const QList<StorageChange> &changes, const StorageLayouts &layouts, const StorageKeys &keys)
{
    // One walk a contract, whose changes need not stand together.
    QHash<Address, QList<StorageChange>> ofContract;
    for (const StorageChange &change : changes)
        ofContract[change.contract].append(change);
    std::map<std::pair<Address, Hash32>, QList<NamedChange>> bySlot;
    for (auto at = ofContract.cbegin(); at != ofContract.cend(); ++at) {
        const auto layout = layouts.value(at.key());
        if (!layout)
            continue;
        const QList<NamedChange> named = layout->name(*at, keys);
        for (const NamedChange &change : named)
            bySlot[{change.contract, change.slot}].append(change);
    }
    QList<NamedChange> all;
    for (const StorageChange &change : changes) {
        const auto found = bySlot.find({change.contract, change.slot});
        if (found == bySlot.end())
            all.append(nameProxySlot(change));
        else
            all.append(found->second);
    }
    return all;
}

} // namespace countersign
