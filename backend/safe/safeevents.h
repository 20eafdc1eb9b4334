#pragma once

#include "backend/evm/jsonabi.h"

namespace countersign {

/// The events of Safe 1.0.0 to 1.5.0. Several exist twice under one topic, with and without indexed arguments: which one
/// a log is, is told by its number of topics.
const JsonAbi &safeEvents();

enum class SafeExecution { Success, Failure };

struct SafeExecutionEvent {
    SafeExecution outcome;
    Hash32 safeTxHash;
    Uint256 payment;
};

/// The outcome that `safe` reported for a hash among the logs of a receipt; empty when it reported none.
std::optional<SafeExecutionEvent> findSafeExecution(std::span<const EvmLog> logs, const Address &safe, const Hash32 &safeTxHash);

/// The contracts that CreateCall (by delegatecall `emitter` is the Safe, else the library) or a proxy factory reported.
std::vector<Address> createdBySafe(std::span<const EvmLog> logs, const Address &emitter);

} // namespace countersign
