#pragma once

#include "backend/evm/calltrace.h"
#include "backend/evm/chainclient.h"
#include "backend/evm/jsonabi.h"
#include "backend/evm/statediff.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/safe/safestate.h"
#include "backend/safe/safetransaction.h"

#include <QCoroTask>
#include <QJsonArray>
#include <QJsonValue>
#include <QStringList>

#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace countersign {

/// How an execution is simulated without a signature: `threshold` owners count as having approved the hash on chain.
/// Owners, threshold and guard stay as they are, so that a change of any of them shows (overriding the threshold would
/// hide it) and the guard can say no.
struct SimulationPlan {
    CallRequest call; ///< execTransaction from an address that owns nothing
    StateOverrides overrides;
    bool assumesPredecessors
        = false; ///< the nonce is not the next one: the Safe's is set to it, all else stays as it is
};
SimulationPlan planSimulation(const SafeState &safe, const SafeTransaction &transaction, const Hash32 &safeTxHash);

/// Parameters of eth_simulateV1: the plan's call, then the questions about the state afterwards. Transfers of ether are
/// asked for as logs.
QJsonArray simulateParams(const SimulationPlan &plan, const QList<CallRequest> &questions, BlockNumber block);
struct SimulatedCall {
    bool succeeded = false;
    Bytes returned;
    QString reason; ///< decoded, when it failed
    quint64 gasUsed = 0;
    std::vector<EvmLog> logs = {}; ///< numbered in their order; they stand on no block
    std::vector<EtherTransfer> transfers = {};
};
/// One for the plan's call and one a question. `errors` are those that a reason may be. Error Corrupt when the answer
/// has another shape.
Result<QList<SimulatedCall>> simulatedCalls(const QJsonValue &answer, qsizetype count, const JsonAbi *errors = nullptr);

/// Parameters of debug_traceCall with the prestate tracer in diff mode, for stateDiffFromJson.
QJsonArray traceParams(const SimulationPlan &plan, BlockNumber block);
/// Parameters of debug_traceCall with the call tracer and its logs, for callTraceFromJson.
QJsonArray callTraceParams(const SimulationPlan &plan, BlockNumber block);
/// Storage that differs afterwards; stateDiffFromJson tells the rest as well.
Result<QList<StorageChange>> storageChanges(const QJsonValue &trace);

/// Why a call was refused, in words; the Safe's own codes are explained.
QString safeRevertReason(QByteArrayView data, const JsonAbi *errors = nullptr);

/// What execTransaction answered: whether the call that the Safe makes succeeded. A Safe that set gas aside answers
/// false instead of reverting, and the nonce is used up. Error Corrupt when it is no such answer.
Result<bool> executionAnswer(QByteArrayView returned);

/// What executing a transaction did in simulation. What could not be seen is absent or empty, and `limits` says so: an
/// empty list alone is no promise that nothing happens.
struct SafeSimulation {
    bool succeeded = false; ///< the Safe accepted it, and its call succeeded
    QString reason; ///< why not, in words
    quint64 gasUsed = 0;
    QList<SimulatedCall> answers; ///< to the questions, in order; empty when the node has no eth_simulateV1
    QList<StorageChange> changes; ///< of all contracts, without the overridden slots
    bool hasChanges = false; ///< the node gave a state difference
    QString method; ///< "debug_traceCall, eth_simulateV1", "eth_simulateV1", "eth_call", "SimulateTxAccessor"

    QStringList limits; ///< sentences: what this way of simulating could not see
    /// Earlier nonces are still open: it was simulated as if they had been executed and had changed nothing else.
    bool assumesPredecessors = false;
    /// Only the call that the Safe would make was tried. `succeeded` then says nothing of signatures, threshold, nonce,
    /// guard and refund, and must not be read as "would execute".
    bool innerCallOnly = false;
    std::optional<Bytes> returned; ///< by the call that the Safe makes; only where `innerCallOnly`
    std::optional<CallTrace> trace; ///< every call, also of an execution that failed
    /// Storage (as `changes`), balances, nonces and code of all accounts but the made-up sender; absent when it failed.
    std::optional<StateDiff> difference;
    bool hasLogs = false;
    std::vector<EvmLog> logs; ///< in order; none when it reverted
    bool hasTransfers = false;
    std::vector<EtherTransfer> transfers; ///< of ether, in order

    /// Contracts that it creates, with the hash of their code; empty also without a trace.
    std::vector<CreatedContract> created() const;
    /// Code that ran on somebody else's storage, without a proxy's own step to its implementation for the proxies given
    /// as (proxy, implementation): for a Safe (safe, singleton). Empty also without a trace.
    std::vector<DelegatedCall> delegated(std::span<const std::pair<Address, Address>> proxies) const;
};

/// Simulates with what the node knows, in this order: debug_traceCall (calls, logs, differences) together with
/// eth_simulateV1 (answers to the questions, and a second outcome: both must say that it succeeds); one of the two
/// alone; eth_call with overrides; where overrides are unknown or ignored, SimulateTxAccessor through the Safe, which
/// tries the inner call only. `state` names the block. Errors: those of the clients; Corrupt when the node's answer is
/// none, Exhausted when it is too large, Unavailable when nothing of the above is to be had. A refusal by the Safe is
/// no error. Clients and `errors` outlive the task, unless the token is stopped.
QCoro::Task<Result<SafeSimulation>> simulateSafe(JsonRpcClient &rpc, ChainClient &chain, SafeState state,
    SafeTransaction transaction, Hash32 safeTxHash, QList<CallRequest> questions = {}, const JsonAbi *errors = nullptr,
    std::stop_token stop = {});

} // namespace countersign
