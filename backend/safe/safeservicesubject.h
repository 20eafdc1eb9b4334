#pragma once

#include "backend/safe/safestate.h"
#include "backend/safe/safetransaction.h"

namespace countersign {

/// What the answers of a Safe Transaction Service are held against. Read from the chain: a service must not choose by
/// which rule it is judged.
struct SafeServiceSubject {
    ChainId chainId;
    Address safe;
    QString version; ///< decides the domain that is hashed; proven by judgeSafe
    std::vector<Address> owners;

    static SafeServiceSubject of(const SafeState &state);
};

/// The safeTxHash by the rule of the subject's version: the domain has a chain id since 1.3.0, "dataGas" is "baseGas" since
/// 1.0.0. Error Invalid when the version is none.
Result<Hash32> safeServiceHash(const SafeServiceSubject &subject, const SafeTransaction &transaction);

} // namespace countersign
