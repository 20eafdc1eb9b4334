#include "backend/safe/safeservicesubject.h"

#include "backend/safe/safehash.h"

namespace countersign {

Result<SafeServiceSubject> SafeServiceSubject::of(const SafeState &state)
{
    const auto version = SafeVersion::parse(state.version);
    if (!version)
        return std::unexpected(version.error());
    return SafeServiceSubject{.chainId = state.chainId, .safe = state.safe, .version = *version, .owners = state.owners};
}

Hash32 SafeServiceSubject::hashOf(const SafeTransaction &transaction) const
{
    return safeHashes(version, chainId, safe, transaction).safeTxHash;
}

} // namespace countersign
