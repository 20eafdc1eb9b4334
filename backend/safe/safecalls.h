#pragma once

#include "backend/evm/jsonabi.h"
#include "backend/safe/safetransaction.h"

namespace countersign {

/// The calls and errors of Safe 1.3.0 to 1.5.0 that this project makes or explains.
const JsonAbi &safeAbi();

/// Calldata of execTransaction. The contract takes the nonce from its own state.
Bytes encodeExecTransaction(const SafeTransaction &transaction, const Bytes &signatures);

struct DecodedExecTransaction {
    SafeTransaction transaction; ///< nonce zero: calldata does not hold it
    Bytes signatures;
};
/// Strict. Error Invalid also for an operation other than 0 and 1.
Result<DecodedExecTransaction> decodeExecTransaction(QByteArrayView calldata);

Bytes encodeApproveHash(const Hash32 &safeTxHash);

/// Meaning of "GS026" and its kin for people, with what to look at; empty for an unknown code.
QString safeErrorMeaning(QStringView code);

} // namespace countersign
