#include "backend/review/review.h"

#include "backend/types/strings.h"

#include <algorithm>

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

bool Review::isBlocked() const
{
    return count(Severity::Block) > 0;
}

qsizetype Review::count(Severity severity) const
{
    return std::ranges::count(findings, severity, &Finding::severity);
}

const Finding *Review::finding(QStringView code) const
{
    const auto found = std::ranges::find_if(findings, [code](const Finding &finding) { return finding.code == code; });
    return found == findings.end() ? nullptr : &*found;
}

int Review::signaturesByOwners() const
{
    return static_cast<int>(std::ranges::count(signers, true, &ReviewSigner::hasSigned));
}

} // namespace countersign
