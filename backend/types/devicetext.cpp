#include "backend/types/devicetext.h"

#include "backend/types/strings.h"

namespace countersign {

QString deviceText(const Hash32 &hash)
{
    return u"0x"_s + hash.toString().sliced(2).toUpper();
}

QStringList deviceGroups(const Hash32 &hash)
{
    constexpr qsizetype groupSize = 8;
    const QString digits = hash.toString().sliced(2).toUpper();
    QStringList groups;
    for (qsizetype at = 0; at < digits.size(); at += groupSize)
        groups.append(digits.sliced(at, groupSize));
    return groups;
}

} // namespace countersign
