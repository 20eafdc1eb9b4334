#include "backend/policy/policyreading.h"

#include "backend/environment/environment.h"
#include "backend/policy/policyamount.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

template <class T, class Parse>
std::optional<T> parsed(MapReader &reader, const QString &key, MapReader::Need need, Parse parse)
{
    const QString given = reader.text(key, need, 200);
    if (given.isEmpty())
        return std::nullopt;
    const auto value = parse(given);
    if (value)
        return *value;
    reader.problem(key, u"“%1” is wrong: %2"_s.arg(key, value.error().message));
    return std::nullopt;
}

/// Format characters join, turn or hide what stands beside them: in a file that people approve by reading they deceive.
bool deceives(const QString &text)
{
    return !text.isValidUtf16() || std::ranges::any_of(text, [](QChar c) {
        const auto category = c.category();
        return category == QChar::Other_Format || category == QChar::Separator_Line
            || category == QChar::Separator_Paragraph || category == QChar::Other_PrivateUse;
    });
}

} // namespace

QString PolicyReading::plainText(MapReader &reader, const QString &key, Need need, qsizetype longest)
{
    const QString text = reader.text(key, need, longest);
    if (deceives(text))
        reader.problem(key, u"“%1” contains characters that do not show"_s.arg(key), u"type it again"_s);
    else if (text != text.trimmed())
        reader.problem(key, u"“%1” begins or ends with a space"_s.arg(key));
    return text;
}

std::optional<bool> PolicyReading::boolean(MapReader &reader, const QString &key, Need need)
{
    const QString given = reader.text(key, need, 16);
    if (given.isEmpty())
        return std::nullopt;
    if (given != u"true" && given != u"false")
        notAWord(reader, key, given, {u"true"_s, u"false"_s});
    return given == u"true";
}

std::optional<std::chrono::seconds> PolicyReading::duration(MapReader &reader, const QString &key, Need need)
{
    return parsed<std::chrono::seconds>(reader, key, need, [](const QString &text) { return parseDuration(text); });
}

std::optional<Uint256> PolicyReading::nativeAmount(MapReader &reader, const QString &key)
{
    return parsed<Uint256>(reader, key, Need::Optional, [](const QString &text) { return parseNativeAmount(text); });
}

std::optional<Uint256> PolicyReading::tokenAmount(MapReader &reader, const QString &key, int decimals)
{
    return parsed<Uint256>(
        reader, key, Need::Optional, [decimals](const QString &text) { return parseDecimalAmount(text, decimals); });
}

std::optional<ChainId> PolicyReading::chain(MapReader &reader, const QString &key, Need need)
{
    const auto id = reader.integer(key, 1, std::numeric_limits<qint64>::max() / 2, need);
    return id ? std::optional(ChainId(static_cast<quint64>(*id))) : std::nullopt;
}

void PolicyReading::notAWord(MapReader &reader, const QString &key, const QString &given, const QStringList &words)
{
    const QString near = nearest(given, words);
    reader.problem(key, u"“%1” must be %2, not “%3”"_s.arg(key, words.join(u" or "_s), given.left(48)),
        near.isEmpty() ? QString() : u"did you mean “%1”?"_s.arg(near));
}

void PolicyReading::notAWord(
    ReadContext &context, const YamlNode &at, const QString &key, const QString &given, const QStringList &words)
{
    const QString near = nearest(given, words);
    context.problem(at, u"“%1” knows no “%2”"_s.arg(key, given.left(48)),
        near.isEmpty() ? u"known: "_s + words.join(u", "_s) : u"did you mean “%1”?"_s.arg(near));
}

void PolicyReading::twice(ReadContext &context, const YamlNode &at, const QString &given)
{
    context.problem(at, u"“%1” stands here twice"_s.arg(given.left(48)));
}

QList<PolicyMember> PolicyReading::members(MapReader &reader, const QString &key, Need need) const
{
    QList<PolicyMember> members;
    reader.texts(key, need, [&](const YamlNode &at, const QString &given) {
        PolicyMember member;
        if (given == u"owners") {
            member.kind = PolicyMember::Kind::Owners;
        } else if (given == u"anyone") {
            member.kind = PolicyMember::Kind::Anyone;
        } else if (given.startsWith(u"0x")) {
            member.kind = PolicyMember::Kind::Account;
            const auto address = Address::parse(given);
            if (!address)
                reader.context().problem(at, u"this is no address: "_s + address.error().message,
                    u"an address is 0x and 40 hexadecimal digits, in quotes"_s);
            member.account = address.value_or(Address());
        } else {
            member.kind = PolicyMember::Kind::Holder;
            member.holder = given;
            if (given.isEmpty() || given.size() > 128 || deceives(given))
                reader.context().problem(at, u"this is no name of a holder"_s);
            else if (options.environment) {
                QStringList names;
                for (const HolderSettings &holder : options.environment->holders)
                    names.append(holder.name);
                if (!names.contains(given)) {
                    const QString near = nearest(given, names);
                    reader.context().problem(at, u"the environment has no holder “%1”"_s.arg(given.left(48)),
                        near.isEmpty() ? QString() : u"did you mean “%1”?"_s.arg(near));
                }
            }
        }
        if (members.contains(member))
            twice(reader.context(), at, given);
        else
            members.append(member);
    });
    return members;
}

QList<Address> PolicyReading::addresses(MapReader &reader, const QString &key)
{
    QList<Address> all;
    reader.texts(key, Need::Optional, [&](const YamlNode &at, const QString &given) {
        const auto address = Address::parse(given);
        if (!address)
            reader.context().problem(at, u"this is no address: "_s + address.error().message,
                u"an address is 0x and 40 hexadecimal digits, in quotes"_s);
        else if (all.contains(*address))
            twice(reader.context(), at, given);
        else
            all.append(*address);
    });
    return all;
}

void UniqueText::check(MapReader &reader, const QString &key, const QString &given)
{
    if (given.isEmpty())
        return;
    if (m_seen.contains(given))
        reader.problem(key, u"“%1” stands here twice"_s.arg(given.left(64)));
    m_seen.insert(given);
}

} // namespace countersign
