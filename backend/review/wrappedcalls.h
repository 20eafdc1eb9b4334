#pragma once

#include "backend/review/calldecoder.h"
#include "backend/safe/safetransaction.h"

#include <vector>

namespace countersign {

/// A call that another contract is asked to make.
struct WrappedCall {
    Address caller;
    Address to;
    Uint256 value = {};
    Bytes data = {};
};

/// The calls inside a call of OpenZeppelin's TimelockController (schedule, scheduleBatch, execute, executeBatch), of a
/// multicall(bytes[]) that a contract offers upon itself, or of Multicall3 (aggregate, tryAggregate, aggregate3,
/// aggregate3Value). Empty for any other call.
std::vector<WrappedCall> wrappedCalls(const ReadCall &call, const Address &caller);

} // namespace countersign
