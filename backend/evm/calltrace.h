#pragma once

#include "backend/evm/log.h"
#include "backend/evm/selector.h"
#include "backend/evm/statediff.h"

#include <QJsonValue>
#include <QString>

#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace countersign {

enum class CallKind : quint8 { Call, CallCode, DelegateCall, StaticCall, Create, Create2, SelfDestruct };

/// "DELEGATECALL", as tracers write it.
QLatin1StringView callKindName(CallKind kind);

/// One call of a traced transaction.
struct CallFrame {
    CallKind kind = CallKind::Call;
    int depth = 0; ///< 0: the transaction's own
    qsizetype parent = -1; ///< place in CallTrace::frames; -1: none
    Address from; ///< as the node tells it
    std::optional<Address> to; ///< whose code ran; the created contract; who gets what a self-destruct leaves
    Address storage; ///< on whose storage the code worked: not `to` for a delegatecall
    Uint256 value; ///< wei that moved from `from` to `to`; zero where the kind moves none
    Bytes input; ///< calldata, or creation code
    Bytes output; ///< what it returned, revert data, or the code that was created
    quint64 gasUsed = 0;
    QString error; ///< as the node tells it, e.g. "execution reverted"; empty: it succeeded
    bool undone = false; ///< it failed, or a call around it did: it had no effect

    bool isCreation() const { return kind == CallKind::Create || kind == CallKind::Create2; }
    bool isDelegated() const { return kind == CallKind::DelegateCall || kind == CallKind::CallCode; }
    /// Absent for creations, self-destructs and calldata of fewer than four bytes.
    std::optional<Selector> selector() const;
};

/// All calls of a transaction in the order in which they began, a caller before what it calls.
struct CallTrace {
    static constexpr int maxDepth = 1024; ///< of the machine itself
    static constexpr qsizetype maxFrames = 50'000;
    static constexpr qsizetype maxLogs = 20'000;

    std::vector<CallFrame> frames; ///< never empty
    /// Those that took effect, numbered in their order; they stand on no block.
    std::vector<EvmLog> logs;
    /// False: the node did not tell where among the calls of a frame its logs were written; then they stand before
    /// them.
    bool logOrderKnown = true;

    const CallFrame &root() const { return frames.front(); }
    bool succeeded() const { return root().error.isEmpty(); }
    /// The innermost call that the transaction failed by, as a place in `frames`; absent when it succeeded.
    std::optional<qsizetype> failure() const;
};

/// Reads what debug_traceCall answers with the callTracer (go-ethereum, "Built-in tracers"), with or without logs.
/// Error Corrupt when the answer has another shape, Exhausted beyond the limits above.
Result<CallTrace> callTraceFromJson(const QJsonValue &trace);
/// A log as tracers and eth_simulateV1 write it: what it says, without a block. Error Corrupt.
Result<EvmLog> simulatedLogFromJson(const QJsonValue &value);

// What took effect, in order.

/// A contract that a transaction created.
struct CreatedContract {
    Address contract;
    Address creator;
    CallKind kind = CallKind::Create;
    Hash32 codeHash; ///< keccak256 of the code that stands there afterwards
    qsizetype codeSize = 0;
    bool destroyed = false; ///< within the same transaction; then code hash and size are those before
};
/// With the code of `diff` where there is one, else that which the creation returned.
std::vector<CreatedContract> createdContracts(const CallTrace &trace, const StateDiff *diff = nullptr);

struct SelfDestruct {
    Address contract;
    Address beneficiary;
    Uint256 amount;
};
std::vector<SelfDestruct> selfDestructs(const CallTrace &trace);

/// Foreign code that worked on an account's storage.
struct DelegatedCall {
    Address storage; ///< the account
    Address code; ///< where the code stands
    qsizetype frame = 0; ///< place in CallTrace::frames
};
/// Without those from a proxy to what it passes all calls on to, when \a proxies says so by (proxy, implementation).
std::vector<DelegatedCall> delegatedCalls(
    const CallTrace &trace, std::span<const std::pair<Address, Address>> proxies = {});

struct EtherTransfer {
    Address from;
    Address to;
    Uint256 amount; ///< wei
    friend bool operator==(const EtherTransfer &, const EtherTransfer &) = default;
};
std::vector<EtherTransfer> etherTransfers(const CallTrace &trace);

} // namespace countersign
