#include "backend/review/review.h"

#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

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
