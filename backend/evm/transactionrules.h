#pragma once

#include "backend/evm/transaction.h"

namespace countersign {

/// Largest serialized transaction that the pools of common nodes take, in bytes, without a blob sidecar.
inline constexpr qsizetype maxTransactionBytes = 128 * 1024;
/// EIP-3860: longest init code of a creation.
inline constexpr qsizetype maxInitCodeBytes = 49'152;

/// Gas that a transaction needs before its first instruction runs.
struct IntrinsicGas {
    quint64 execution = 0; ///< base, data (EIP-2028), creation (EIP-2, 3860), access list (2930), authorizations (7702)
    quint64 floor = 0; ///< least that the data costs whatever runs (EIP-7623)

    quint64 minimum() const { return std::max(execution, floor); } ///< a lower gas limit is refused
};

/// By the rules since Prague. Blob gas is paid apart.
IntrinsicGas intrinsicGas(const EvmTransaction &transaction);

/// Everything for which nodes refuse this transaction whatever the chain's state is; empty when it is sound. Kind
/// Invalid, detail "tx.<what>": nonce.max, gasLimit.range, fee.overflow, fee.priority, to.missing, initcode.size,
/// chainId.missing, chainId.zero, chainId.range, blobs.none, blobs.version, authorizations.none, and with `withGas`
/// gas.intrinsic.
std::vector<Error> transactionProblems(const EvmTransaction &transaction, bool withGas = false);

} // namespace countersign
