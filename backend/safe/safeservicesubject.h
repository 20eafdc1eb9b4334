#pragma once

#include "backend/safe/safestate.h"
#include "backend/safe/safetransaction.h"
#include "backend/safe/safeversion.h"

namespace countersign {

/// What the answers of a Safe Transaction Service are held against. Read from the chain: a service must not choose by
/// which rule it is judged.
struct SafeServiceSubject {
    ChainId chainId;
    Address safe;
    SafeVersion version = SafeVersion::v141(); ///< decides how is hashed; proven by judgeSafe
    std::vector<Address> owners = {};

    /// Error Invalid when the state's version is none.
    static Result<SafeServiceSubject> of(const SafeState &state);
    Hash32 hashOf(const SafeTransaction &transaction) const;
};

} // namespace countersign
