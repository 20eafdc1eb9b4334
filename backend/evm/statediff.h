#pragma once

#include "backend/types/address.h"
#include "backend/types/bytes.h"
#include "backend/types/error.h"
#include "backend/types/hash32.h"
#include "backend/types/uint256.h"

#include <QJsonValue>
#include <QList>

namespace countersign {

struct StorageChange {
    Address contract;
    Hash32 slot;
    Hash32 before;
    Hash32 after;
    friend bool operator==(const StorageChange &, const StorageChange &) = default;
};

struct BalanceChange {
    Address account;
    Uint256 before; ///< wei
    Uint256 after;
    friend bool operator==(const BalanceChange &, const BalanceChange &) = default;
};

struct NonceChange {
    Address account;
    quint64 before = 0;
    quint64 after = 0;
    friend bool operator==(const NonceChange &, const NonceChange &) = default;
};

/// Code that appears, goes, or becomes another: a creation, a self-destruct, an account of a key that delegates to a
/// contract (EIP-7702; proxyOfCode tells the target).
struct CodeChange {
    Address account;
    Bytes before; ///< empty: none
    Bytes after;
    friend bool operator==(const CodeChange &, const CodeChange &) = default;
};

/// What a traced call changed, each list in the order of the addresses (storage: and slots).
struct StateDiff {
    QList<StorageChange> storage;
    QList<BalanceChange> balances;
    QList<NonceChange> nonces;
    QList<CodeChange> codes;

    /// The code that stands at the account afterwards, when it changed; else null.
    const CodeChange *codeOf(const Address &account) const;
    friend bool operator==(const StateDiff &, const StateDiff &) = default;
};

/// Reads what debug_traceCall answers with the prestateTracer in diffMode (go-ethereum, "Built-in tracers"): {pre,
/// post}, where `pre` has what changed as it was and `post` only what differs. An account that is missing in `post` is
/// gone; a slot that is missing on one side is zero there. Error Corrupt when the answer has another shape, Exhausted
/// when it has more accounts or slots than any transaction has gas for.
Result<StateDiff> stateDiffFromJson(const QJsonValue &trace);

} // namespace countersign
