#pragma once

#include "backend/evm/fields.h"
#include "backend/safe/safetransaction.h"
#include "backend/safe/safeversion.h"

namespace countersign {

/// Which Safe a request is about.
struct SafePlace {
    ChainId chain;
    Address safe;
    SafeVersion version = SafeVersion::v141();
};

/// Members chainId, safe and version.
SafePlace safePlaceOf(Fields &request);
/// Member version.
SafeVersion safeVersionOf(Fields &request);
/// The ten fields of SafeTx; all must be there, except that the gas fields and the two addresses of the refund may be
/// left out for zero.
SafeTransaction safeTransactionOf(Fields &request, JsonView tx);

} // namespace countersign
