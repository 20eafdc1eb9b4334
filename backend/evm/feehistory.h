#pragma once

#include "backend/types/error.h"
#include "backend/types/uint256.h"

#include <QJsonValue>

#include <optional>
#include <vector>

namespace countersign {

/// What to offer for a transaction that shall be mined soon. Wei per gas.
struct FeeSuggestion {
    Uint256 baseFeePerGas; ///< of the next block
    Uint256 maxPriorityFeePerGas;
    Uint256 maxFeePerGas; ///< 2 x base fee + priority: holds for six full blocks
};

/// The part of eth_feeHistory's answer that a suggestion needs.
struct FeeHistory {
    Uint256 nextBaseFee;
    /// What transactions paid above the base fee, a block each; blocks without transactions, and nodes that tell no
    /// rewards, leave none.
    std::vector<Uint256> rewards = {};
};

/// Reads eth_feeHistory's answer to a question for one percentile. "reward" may be absent or null, and a block's entry
/// in it null or empty; a block that used no gas counts for nothing. Error Invalid.
Result<FeeHistory> feeHistoryFromJson(const QJsonValue &answer);

/// The median of the rewards; when that is zero or there are none, what the node suggests. Error Corrupt when the sum overflows, NotFound when
/// neither says what to pay.
Result<FeeSuggestion> suggestFee(const FeeHistory &history, const std::optional<Uint256> &nodeSuggestion);

} // namespace countersign
