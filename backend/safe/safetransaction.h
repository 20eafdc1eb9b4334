#pragma once

#include "backend/types/address.h"
#include "backend/types/bytes.h"
#include "backend/types/ids.h"
#include "backend/types/uint256.h"

namespace countersign {

enum class SafeOperation : quint8 { Call = 0, DelegateCall = 1 };

/// The ten fields that the owners of a Safe sign (SafeTx), in the contract's order.
struct SafeTransaction {
    Address to = {};
    Uint256 value = {};
    Bytes data = {};
    SafeOperation operation = SafeOperation::Call;
    Uint256 safeTxGas = {};
    Uint256 baseGas = {};
    Uint256 gasPrice = {};
    Address gasToken = {};
    Address refundReceiver = {};
    Uint256 nonce = {};

    friend bool operator==(const SafeTransaction &, const SafeTransaction &) = default;
};

} // namespace countersign
