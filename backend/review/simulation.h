#pragma once

#include "backend/evm/chaintypes.h"
#include "backend/review/reviewcontext.h"
#include "backend/safe/safestate.h"
#include "backend/safe/safetransaction.h"

#include <QJsonArray>
#include <QJsonValue>

#include <optional>

namespace countersign {

/// How an execution is simulated without a signature: `threshold` owners count as having approved the hash on chain.
/// Owners, threshold and guard stay as they are, so that a change of any of them shows (overriding the threshold would
/// hide it).
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
/// One for the plan's call and one a question. Error Corrupt when the answer has another shape.
Result<QList<SimulatedCall>> simulatedCalls(const QJsonValue &answer, qsizetype count);

/// Parameters of debug_traceCall with the prestate tracer in diff mode.
QJsonArray traceParams(const SimulationPlan &plan, BlockNumber block);
/// Storage that differs afterwards. A slot that is missing afterwards became zero. Error Corrupt when the answer has
/// another shape.
Result<QList<SimulationFacts::StorageChange>> storageChanges(const QJsonValue &trace);

/// Why a call was refused, in words.
QString revertReason(QByteArrayView data);

} // namespace countersign
