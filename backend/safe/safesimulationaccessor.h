#pragma once

#include "backend/evm/chainclient.h"
#include "backend/evm/jsonabi.h"
#include "backend/safe/safestate.h"
#include "backend/safe/safetransaction.h"

namespace countersign {

/// What SimulateTxAccessor says of the one call that a Safe would make.
struct InnerCallOutcome {
    bool succeeded = false;
    Bytes returned; ///< by the call, or its revert data
    quint64 gasUsed = 0; ///< of the call alone
};

/// Calldata of SimulateTxAccessor.simulate for the transaction's call.
Bytes encodeAccessorCall(const SafeTransaction &transaction);
/// What that answered. Error Corrupt when it is of another shape.
Result<InnerCallOutcome> decodeAccessorAnswer(QByteArrayView answer);
/// What the Safe's simulateAndRevert reverted with (StorageAccessible.sol): whether the delegatecall succeeded, the
/// length of what it returned, and that. Error Corrupt when it is of another shape or the delegatecall failed.
Result<Bytes> decodeSimulateAndRevert(QByteArrayView revertData);

/// Tries the call through the Safe itself, for nodes that cannot override state: simulate() of its fallback handler,
/// else its own simulateAndRevert(). The accessor is one that the chain has under a published address with the
/// published code. Errors: those of the client; Unavailable when there is no accessor, or the Safe is too old to know
/// one.
QCoro::Task<Result<InnerCallOutcome>> simulateThroughAccessor(
    ChainClient &chain, SafeState state, SafeTransaction transaction, std::stop_token stop);

} // namespace countersign
