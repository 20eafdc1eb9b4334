#pragma once

#include "backend/safe/safetransaction.h"
#include "backend/safe/safeversion.h"

#include <span>
#include <vector>

namespace countersign {

/// MultiSend runs its entries as the Safe; MultiSendCallOnly reverts on an entry that is a delegatecall.
enum class MultiSendKind { Full, CallOnly };

struct MultiSendLibrary {
    MultiSendKind kind = MultiSendKind::Full;
    SafeVersion version = SafeVersion::v141(); ///< of the library, not of the Safe
};

struct MultiSendTransaction {
    SafeOperation operation = SafeOperation::Call;
    Address to = {};
    Uint256 value = {};
    Bytes data = {};
    /// Whom the entry reaches: libraries from 1.5.0 on take the zero address for the Safe itself. Not encoded.
    Address effectiveTo = {};

    friend bool operator==(const MultiSendTransaction &, const MultiSendTransaction &) = default;
};

struct MultiSendLimits {
    qsizetype maxBytes = 8 * 1024 * 1024;
    qsizetype maxTransactions = 16'384;
};

/// Reads multiSend(bytes) calldata, or the packed bytes alone. The library walks its bytes carelessly (up to 32 at the end
/// are ignored, a truncated entry reads on into memory), so anything but an exact sequence of whole entries is refused: Error
/// Invalid with detail "multisend.<what> at byte <n>", n counted in the packed bytes; Exhausted beyond the limits. For
/// CallOnly an entry that is a delegatecall is Error Rejected, since the batch would revert.
Result<std::vector<MultiSendTransaction>> decodeMultiSend(QByteArrayView data, const MultiSendLibrary &library, const Address &safe,
                                                          const MultiSendLimits &limits = {});

/// operation(1) to(20) value(32) length(32) data, one entry after the other.
Bytes packMultiSend(std::span<const MultiSendTransaction> transactions);
/// Calldata of multiSend(bytes).
Bytes encodeMultiSend(std::span<const MultiSendTransaction> transactions);

} // namespace countersign
