#include "backend/safe/safeservicesubject.h"

#include "backend/safe/safehash.h"
#include "backend/types/strings.h"

#include <QStringList>

#include <array>

namespace countersign {

SafeServiceSubject SafeServiceSubject::of(const SafeState &state)
{
    return {.chainId = state.chainId, .safe = state.safe, .version = state.version, .owners = state.owners};
}

Result<Hash32> safeServiceHash(const SafeServiceSubject &subject, const SafeTransaction &transaction)
{
    // "1.3.0", "1.3.0+L2"
    const QStringList parts = subject.version.section(u'+', 0, 0).split(u'.');
    bool isMajor = false;
    bool isMinor = false;
    const int major = parts.value(0).toInt(&isMajor);
    const int minor = parts.value(1).toInt(&isMinor);
    if (!isMajor || !isMinor || parts.size() != 3)
        return fail(ErrorKind::Invalid, u"\"%1\" is no version of a Safe"_s.arg(subject.version.left(40)), u"safe.version"_s);
    const std::array number{major, minor};
    const Hash32 domain = number < std::array{1, 3} ? safeLegacyDomainHash(subject.safe) : safeDomainHash(subject.chainId, subject.safe);
    return safeTxHash(domain, number < std::array{1, 0} ? safeMessageHashBefore100(transaction) : safeMessageHash(transaction));
}

} // namespace countersign
