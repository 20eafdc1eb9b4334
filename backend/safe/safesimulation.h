#pragma once

#include "backend/evm/chainclient.h"
#include "backend/evm/jsonabi.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/safe/safestate.h"
#include "backend/safe/safetransaction.h"

#include <QCoroTask>
#include <QJsonArray>
#include <QJsonValue>

namespace countersign {

/// How an execution is simulated without a signature: `threshold` owners count as having approved the hash on chain.
/// Owners, threshold and guard stay as they are, so that a change of any of them shows (overriding the threshold would
/// hide it) and the guard can say no.
struct SimulationPlan {
    CallRequest call; ///< execTransaction from an address that owns nothing
    StateOverrides overrides;
};
SimulationPlan planSimulation(const SafeState &safe, const SafeTransaction &transaction, const Hash32 &safeTxHash);

/// Parameters of eth_simulateV1: the plan's call, then the questions about the state afterwards.
QJsonArray simulateParams(const SimulationPlan &plan, const QList<CallRequest> &questions, BlockNumber block);
struct SimulatedCall {
    bool succeeded = false;
    Bytes returned;
    QString reason; ///< decoded, when it failed
    quint64 gasUsed = 0;
};
/// One for the plan's call and one a question. `errors` are those that a reason may be. Error Corrupt when the answer
/// has another shape.
Result<QList<SimulatedCall>> simulatedCalls(const QJsonValue &answer, qsizetype count, const JsonAbi *errors = nullptr);

struct StorageChange {
    Address contract;
    Hash32 slot;
    Hash32 before;
    Hash32 after;
    friend bool operator==(const StorageChange &, const StorageChange &) = default;
};
/// Parameters of debug_traceCall with the prestate tracer in diff mode.
QJsonArray traceParams(const SimulationPlan &plan, BlockNumber block);
/// Storage that differs afterwards. A slot that is missing afterwards became zero. Error Corrupt when the answer has
/// another shape.
Result<QList<StorageChange>> storageChanges(const QJsonValue &trace);

/// Why a call was refused, in words; the Safe's own codes are explained.
QString safeRevertReason(QByteArrayView data, const JsonAbi *errors = nullptr);

/// What execTransaction answered: whether the call that the Safe makes succeeded. A Safe that set gas aside answers false
/// instead of reverting, and the nonce is used up. Error Corrupt when it is no such answer.
Result<bool> executionAnswer(QByteArrayView returned);

/// What executing a transaction did in simulation.
struct SafeSimulation {
    bool succeeded = false; ///< the Safe accepted it, and its call succeeded
    QString reason; ///< why not, in words
    quint64 gasUsed = 0;
    QList<SimulatedCall> answers; ///< to the questions, in order; empty when the node has only eth_call
    QList<StorageChange> changes; ///< of all contracts, without the overridden slots
    bool hasChanges = false; ///< the node gave a state difference
    QString method; ///< "eth_simulateV1, debug_traceCall", "eth_call"
};
/// Asks the node: eth_simulateV1 where it is known, else eth_call with overrides, and debug_traceCall for the difference.
/// `state` names the block. Errors: those of the clients; a refusal by the Safe is no error. Clients and `errors` outlive
/// the task, unless the token is stopped.
QCoro::Task<Result<SafeSimulation>> simulateSafe(JsonRpcClient &rpc, ChainClient &chain, SafeState state,
    SafeTransaction transaction, Hash32 safeTxHash, QList<CallRequest> questions = {}, const JsonAbi *errors = nullptr,
    std::stop_token stop = {});

} // namespace countersign
