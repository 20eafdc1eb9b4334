#pragma once

#include "backend/descriptors/callhint.h"
#include "backend/descriptors/descriptorvalue.h"

#include <QStringList>

#include <optional>

namespace countersign {

/// That a descriptor gives an address a name.
struct NameClaim {
    Address address;
    QString claim;
    bool isName = false; ///< said of the address itself; else of what it is here for
    friend bool operator==(const NameClaim &, const NameClaim &) = default;
};

/// What a descriptor makes of a call.
struct DescribedCall {
    static constexpr qsizetype maxFields = 512;

    std::optional<CallHint> hint; ///< absent when it says nothing of this function, or does not fit
    QString mismatch; ///< why it does not fit the call; then there is no hint
    QStringList hidden; ///< arguments, or parts of them, that it does not show
    QList<NameClaim> claims;
};

/// Total: whatever the descriptor and the call hold, it ends. The arguments are decoded anew, strictly.
DescribedCall describeCall(const Descriptor &descriptor, const CallToDescribe &call, const HintNames &nameOf);

} // namespace countersign
