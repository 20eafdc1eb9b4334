#include "backend/evm/storagecomparison.h"

#include "backend/types/strings.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace countersign {

namespace {

using Member = StorageLayout::Member;
using Type = StorageLayout::Type;
using Kind = LayoutChange::Kind;

constexpr quint64 wordBytes = 32;
constexpr int maxDepth = 64;
constexpr size_t maxVariables = 4'000;

// Bytes of storage from where a contract or a namespace begins. Layouts larger than this are of no compiler's making.
struct Extent {
    quint64 begin = 0;
    quint64 end = 0;
    bool meets(const Extent &other) const { return begin < other.end && other.begin < end; }
};

Extent extentOf(const StorageLayout &layout, const Member &member)
{
    constexpr quint64 most = std::numeric_limits<quint64>::max() / 128;
    const quint64 slot = std::min(member.slot.toU64().value_or(most), most);
    const Type &type = layout.type(member.type);
    const quint64 size = std::min(type.size.toU64().value_or(most), most);
    const quint64 begin = slot * wordBytes + static_cast<quint64>(member.offset);
    return {begin, begin + size};
}

bool isGap(const StorageLayout &layout, const Member &member)
{
    return member.label.startsWith("__gap"_L1) && layout.type(member.type).isFixedArray();
}

class Comparison final {
public:
    Comparison(const StorageLayout &before, const StorageLayout &after)
        : m_before(before)
        , m_after(after)
    {
    }

    void compare(const std::vector<Member> &before, const std::vector<Member> &after, const QString &space)
    {
        // Every variable is looked for among all others.
        if (before.size() > maxVariables || after.size() > maxVariables) {
            add(Kind::TypeChanged, space, u"the whole layout"_s, u"%1 variables"_s.arg(before.size()),
                u"%1 variables, more than are compared"_s.arg(after.size()));
            return;
        }
        std::set<const Member *> explained;
        for (const Member &old : before) {
            if (isGap(m_before, old))
                lookAtGap(old, before, after, space);
            else
                lookAtVariable(old, before, after, space, explained);
        }
        for (const Member &added : after) {
            if (explained.contains(&added) || isGap(m_after, added))
                continue;
            const Extent place = extentOf(m_after, added);
            const auto isHit = [&](const Member &old) { return !isGap(m_before, old) && extentOf(m_before, old).meets(place); };
            if (std::ranges::any_of(before, isHit))
                add(Kind::Inserted, space, added.label, {}, told(m_after, added));
        }
    }

    void removed(const QString &space, const std::vector<Member> &before)
    {
        add(Kind::NamespaceRemoved, {}, space, u"%1 variables"_s.arg(before.size()), {});
    }

    QList<LayoutChange> changes() const { return m_changes; }

private:
    static QString told(const StorageLayout &layout, const Member &member)
    {
        const QString place = u"slot %1"_s.arg(member.slot.toDecimal());
        return u"%1 at %2"_s.arg(layout.type(member.type).label, member.offset == 0 ? place : place + u", byte %1"_s.arg(member.offset));
    }

    void add(Kind kind, const QString &space, const QString &label, const QString &before, const QString &after)
    {
        m_changes.append({kind, space.isEmpty() ? label : space + u'.' + label, before, after});
    }

    void lookAtVariable(const Member &old, const std::vector<Member> &before, const std::vector<Member> &after, const QString &space,
        std::set<const Member *> &explained)
    {
        const auto isHere = [&old](const Member &other) { return other.slot == old.slot && other.offset == old.offset; };
        const auto here = std::ranges::find_if(after, isHere);
        const auto named = std::ranges::find(after, old.label, &Member::label);
        const bool isNamesake = here != after.end() && here->label == old.label;
        const bool isSame = here != after.end() && sameType(old.type, here->type, false, 0);
        if (isNamesake || (isSame && named == after.end() && std::ranges::find(before, here->label, &Member::label) == before.end())) {
            explained.insert(&*here);
            if (!isSame)
                add(Kind::TypeChanged, space, old.label, told(m_before, old), told(m_after, *here));
            else if (!isNamesake)
                add(Kind::Renamed, space, old.label, told(m_before, old), u"%1, %2"_s.arg(here->label, told(m_after, *here)));
            return;
        }
        if (named != after.end()) {
            explained.insert(&*named);
            add(Kind::Moved, space, old.label, told(m_before, old), told(m_after, *named));
        } else {
            add(Kind::Removed, space, old.label, told(m_before, old), {});
        }
    }

    // What is put into a gap takes its room from it: then it ends where it ended, and nothing behind it moves.
    void lookAtGap(const Member &old, const std::vector<Member> &before, const std::vector<Member> &after, const QString &space)
    {
        const Extent room = extentOf(m_before, old);
        const auto endsThere = [&](const Member &member) {
            const bool isOld = !isGap(m_after, member) && std::ranges::find(before, member.label, &Member::label) != before.end();
            if (isOld)
                return false; // it moved there
            const quint64 end = (extentOf(m_after, member).end + wordBytes - 1) / wordBytes * wordBytes;
            return end == room.end;
        };
        if (std::ranges::any_of(after, endsThere))
            return;
        const auto isBehind = [&](const Member &member) { return extentOf(m_before, member).begin >= room.end; };
        const bool isLast = std::ranges::none_of(before, isBehind);
        const auto rest = std::ranges::find_if(after, [&](const Member &member) { return isGap(m_after, member) && extentOf(m_after, member).meets(room); });
        // A gap at the very end may be given up for variables that go on behind it.
        const auto isBeyond = [&](const Member &member) { return extentOf(m_after, member).end > room.end; };
        if (isLast && rest == after.end() && std::ranges::any_of(after, isBeyond))
            return;
        add(Kind::GapChanged, space, old.label, told(m_before, old), rest == after.end() ? QString() : told(m_after, *rest));
    }

    bool sameMembers(const Type &old, const Type &now, bool mayGrow, int depth)
    {
        if (old.members.size() > now.members.size() || (!mayGrow && old.members.size() != now.members.size()))
            return false;
        for (size_t i = 0; i < old.members.size(); ++i) {
            const Member &a = old.members[i];
            const Member &b = now.members[i];
            if (a.label != b.label || a.slot != b.slot || a.offset != b.offset || !sameType(a.type, b.type, false, depth + 1))
                return false;
        }
        return true;
    }

    // \a mayGrow: a value of a mapping, behind which nothing lies.
    bool sameType(size_t oldIndex, size_t newIndex, bool mayGrow, int depth)
    {
        if (depth > maxDepth)
            return false;
        const auto [place, isNew] = m_compared.insert({{oldIndex, newIndex, mayGrow}, true});
        if (!isNew)
            return place->second; // also of a struct that holds itself in a mapping: being compared above
        const bool isSame = compareTypes(m_before.type(oldIndex), m_after.type(newIndex), mayGrow, depth);
        m_compared[{oldIndex, newIndex, mayGrow}] = isSame;
        return isSame;
    }

    bool compareTypes(const Type &old, const Type &now, bool mayGrow, int depth)
    {
        if (old.encoding != now.encoding || old.key.has_value() != now.key.has_value() || old.element.has_value() != now.element.has_value()
            || old.isStruct() != now.isStruct())
            return false;
        if (old.size != now.size && !(mayGrow && old.isStruct()))
            return false;
        if (old.isStruct())
            return sameMembers(old, now, mayGrow, depth);
        if (old.key && !sameType(*old.key, *now.key, false, depth + 1))
            return false;
        if (old.element)
            return sameType(*old.element, *now.element, old.encoding == StorageLayout::Encoding::Mapping, depth + 1);
        if (old.value && now.value)
            return *old.value == *now.value;
        return old.value.has_value() == now.value.has_value() && old.label == now.label;
    }

    struct Pair {
        size_t before;
        size_t after;
        bool mayGrow;
        friend auto operator<=>(const Pair &, const Pair &) = default;
    };

    const StorageLayout &m_before;
    const StorageLayout &m_after;
    std::map<Pair, bool> m_compared;
    QList<LayoutChange> m_changes;
};

} // namespace

QList<LayoutChange> compareLayouts(const StorageLayout &before, const StorageLayout &after)
{
    Comparison comparison(before, after);
    comparison.compare(before.variables(), after.variables(), {});
    for (const auto &[name, members] : before.namespaces()) {
        const auto found = after.namespaces().find(name);
        if (found == after.namespaces().end())
            comparison.removed(name, members);
        else
            comparison.compare(members, found->second, name);
    }
    return comparison.changes();
}

} // namespace countersign
