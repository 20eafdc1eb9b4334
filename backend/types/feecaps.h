#pragma once

#include "backend/types/uint256.h"

#include <optional>

namespace countersign {

/// The most that sending a transaction may cost, in wei; absent: no limit but the balance.
struct FeeCaps {
    std::optional<Uint256> maxFeePerGas = {};
    std::optional<Uint256> maxTotalFee = {}; ///< gas limit x fee per gas

    friend bool operator==(const FeeCaps &, const FeeCaps &) = default;
};

} // namespace countersign
