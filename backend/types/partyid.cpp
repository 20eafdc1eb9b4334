#include "backend/types/partyid.h"

#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

bool isHintCharacter(QChar c)
{
    const char16_t u = c.unicode();
    return (u >= u'a' && u <= u'z') || (u >= u'A' && u <= u'Z') || (u >= u'0' && u <= u'9') || u == u':' || u == u'_' || u == u'-' || u == u' ';
}

bool isLowerHex(QChar c)
{
    const char16_t u = c.unicode();
    return (u >= u'0' && u <= u'9') || (u >= u'a' && u <= u'f');
}

} // namespace

Result<PartyId> PartyId::parse(QStringView text)
{
    const qsizetype separator = text.indexOf(u"::");
    if (separator <= 0)
        return fail(ErrorKind::Invalid, u"A party id reads hint::fingerprint; this has no \"::\" after a hint."_s);
    const QStringView hint = text.first(separator);
    const QStringView fingerprint = text.sliced(separator + 2);
    if (hint.size() > 185 || !std::ranges::all_of(hint, isHintCharacter))
        return fail(ErrorKind::Invalid, u"The hint of a party id has at most 185 letters, digits, spaces, and the characters : _ -"_s);
    if (fingerprint.size() != 68 || !fingerprint.startsWith(u"1220") || !std::ranges::all_of(fingerprint, isLowerHex))
        return fail(ErrorKind::Invalid, u"The fingerprint of a party id is 1220 and 64 lower-case hexadecimal digits."_s);
    PartyId party;
    party.m_text = text.toString();
    party.m_separator = separator;
    return party;
}

} // namespace countersign
