#include "backend/safe/safecalls.h"
#include "backend/safe/safesimulation.h"
#include "backend/safe/safesimulationaccessor.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <array>

namespace countersign {

namespace {

/// What the node's answer to one way of asking came to.
struct Outcome {
    bool succeeded = false; ///< did not revert
    Bytes returned;
    QString reason;
    quint64 gasUsed = 0;
};

/// A trace, or why there is none.
template <class T> struct Traced {
    std::optional<T> value;
    QString refusal;
    bool isMissing = false; ///< the node does not know the method at all
};

QString traceMethod()
{
    return u"debug_traceCall"_s;
}

QString simulateMethod()
{
    return u"eth_simulateV1"_s;
}

constexpr int methodNotFound = -32601;

bool isUnsupported(const Error &error)
{
    constexpr std::array codes{methodNotFound, -32602, -32004}; // also: invalid params; EIP-1474: method not supported
    const auto code = jsonRpcErrorCode(error);
    return code && std::ranges::find(codes, *code) != codes.end();
}

// Tracing is a favour: many nodes refuse it, each with words and codes of its own. That is said, and done without; but
// an answer that is none is not taken for a refusal.
bool isRefusal(const Error &error)
{
    return error.kind != ErrorKind::Cancelled && error.kind != ErrorKind::Corrupt;
}

QString burntNonce()
{
    return u"The Safe would execute it, but its call fails and the nonce is used up"_s;
}

// A Safe that does not see the approvals that we put there: the node ignored them.
bool missesApprovals(const Outcome &outcome)
{
    return !outcome.succeeded && outcome.reason.startsWith(u"GS025");
}

Outcome outcomeOf(const SimulatedCall &call)
{
    return {call.succeeded, call.returned, call.reason, call.gasUsed};
}

Outcome outcomeOf(const CallTrace &trace, const JsonAbi *errors)
{
    const CallFrame &root = trace.root();
    Outcome outcome{trace.succeeded(), root.output, {}, root.gasUsed};
    if (!outcome.succeeded)
        outcome.reason = root.output.isEmpty() ? root.error : safeRevertReason(root.output, errors);
    return outcome;
}

// The Safe's own answer: without a revert the call may have failed all the same.
Result<Outcome> judged(Outcome outcome)
{
    if (!outcome.succeeded)
        return outcome;
    const auto executed = executionAnswer(outcome.returned);
    if (!executed)
        return std::unexpected(executed.error());
    outcome.succeeded = *executed;
    outcome.reason = *executed ? QString() : burntNonce();
    return outcome;
}

QCoro::Task<Result<Traced<CallTrace>>> askCalls(
    JsonRpcClient &rpc, SimulationPlan plan, BlockNumber block, std::stop_token stop)
{
    const QJsonArray parameters = callTraceParams(plan, block);
    const QString method = traceMethod();
    const auto answer = co_await rpc.call(method, parameters, stop);
    Traced<CallTrace> traced;
    if (!answer) {
        if (!isRefusal(answer.error()))
            co_return std::unexpected(answer.error());
        traced.refusal = answer.error().message;
        traced.isMissing = jsonRpcErrorCode(answer.error()) == methodNotFound;
        co_return traced;
    }
    auto trace = callTraceFromJson(*answer);
    if (!trace)
        co_return std::unexpected(trace.error());
    const CallFrame &root = trace->root();
    if (root.kind != CallKind::Call || root.to != plan.call.to || root.input != plan.call.data)
        co_return fail(ErrorKind::Corrupt, u"The call trace is of another call than the one that was asked for"_s);
    traced.value = *std::move(trace);
    co_return traced;
}

QCoro::Task<Result<Traced<StateDiff>>> askDifference(
    JsonRpcClient &rpc, SimulationPlan plan, BlockNumber block, std::stop_token stop)
{
    const QJsonArray parameters = traceParams(plan, block);
    const QString method = traceMethod();
    const auto answer = co_await rpc.call(method, parameters, stop);
    Traced<StateDiff> traced;
    if (!answer) {
        if (!isRefusal(answer.error()))
            co_return std::unexpected(answer.error());
        traced.refusal = answer.error().message;
        co_return traced;
    }
    auto difference = stateDiffFromJson(*answer);
    if (!difference)
        co_return std::unexpected(difference.error());
    const Address sender = plan.call.from.value_or(Address());
    difference->nonces.removeIf([&sender](const NonceChange &change) { return change.account == sender; });
    difference->balances.removeIf([&sender](const BalanceChange &change) { return change.account == sender; });
    // Whatever a Safe executes, it counts. Nothing at all is what a node says that ignored the overrides.
    if (*difference == StateDiff()) {
        traced.refusal = u"its difference of state leaves out that the Safe executed anything"_s;
        co_return traced;
    }
    traced.value = *std::move(difference);
    co_return traced;
}

/// What eth_call says of the plan; empty when the node does not apply the overrides.
QCoro::Task<Result<std::optional<Outcome>>> askCall(ChainClient &chain, SimulationPlan plan, SafeState state,
    Hash32 safeTxHash, const JsonAbi *errors, std::stop_token stop)
{
    const BlockRef block = BlockRef::at(state.blockHash);
    const auto called = co_await chain.call(plan.call, block, plan.overrides, stop);
    if (called)
        co_return Outcome{true, *called, {}, 0};
    if (isUnsupported(called.error()))
        co_return std::optional<Outcome>();
    const auto data = revertDataOf(called.error());
    if (!data)
        co_return std::unexpected(called.error());
    Outcome outcome{false, {}, safeRevertReason(*data, errors), 0};
    if (!missesApprovals(outcome) || state.owners.empty())
        co_return outcome;
    // The refusal may be an inner Safe's. Whether ours saw the approvals, it says itself.
    const AbiFunction &reader = *safeAbi().function(u"approvedHashes");
    const Address approver = *std::ranges::min_element(state.owners);
    CallRequest probe;
    probe.to = state.safe;
    probe.data = reader.encodeCall({AbiValue(approver), AbiValue(safeTxHash)}).value_or(Bytes());
    const auto seen = co_await chain.call(probe, block, plan.overrides, stop);
    if (!seen)
        co_return std::unexpected(seen.error());
    const auto values = reader.decodeOutput(*seen);
    if (!values)
        co_return std::unexpected(
            fail(ErrorKind::Corrupt, u"The Safe's approvals cannot be read"_s, values.error().message).error());
    if (values->front().get<Uint256>()->isZero())
        co_return std::optional<Outcome>();
    co_return outcome;
}

void take(SafeSimulation &simulation, Outcome outcome)
{
    simulation.succeeded = outcome.succeeded;
    simulation.reason = std::move(outcome.reason);
    simulation.gasUsed = outcome.gasUsed;
}

void takeTrace(SafeSimulation &simulation, CallTrace trace)
{
    simulation.logs = trace.logs;
    simulation.hasLogs = true;
    simulation.transfers = etherTransfers(trace);
    simulation.hasTransfers = true;
    simulation.trace = std::move(trace);
}

QString withoutCalls(const QString &refusal)
{
    return u"The node gives no trace of the calls (%1): delegatecalls, created contracts and self-destructs cannot be seen"_s
        .arg(refusal);
}

QString withoutDifference(const QString &refusal)
{
    return u"The node gives no difference of state (%1): changes of storage, balances and code cannot be seen"_s.arg(
        refusal);
}

QString withoutAnswers()
{
    return u"The node has no eth_simulateV1: the state afterwards cannot be asked"_s;
}

QString withoutLogs()
{
    return u"The node only says whether it succeeds: events and transfers cannot be seen"_s;
}

SafeSimulation innerOnly(const InnerCallOutcome &inner, const JsonAbi *errors)
{
    SafeSimulation simulation;
    simulation.innerCallOnly = true;
    simulation.succeeded = inner.succeeded;
    simulation.reason = inner.succeeded ? QString() : safeRevertReason(inner.returned, errors);
    simulation.gasUsed = inner.gasUsed;
    simulation.returned = inner.returned;
    simulation.method = u"SimulateTxAccessor"_s;
    simulation.limits = {
        u"Only the call that the Safe would make was tried: its signatures, threshold, nonce, guard and refund were not"_s,
        u"Calls, events, transfers and changes of state cannot be seen"_s, withoutAnswers()};
    return simulation;
}

} // namespace

QCoro::Task<Result<SafeSimulation>> simulateSafe(JsonRpcClient &rpc, ChainClient &chain, SafeState state,
    SafeTransaction transaction, Hash32 safeTxHash, QList<CallRequest> questions, const JsonAbi *errors,
    std::stop_token stop)
{
    const SimulationPlan plan = planSimulation(state, transaction, safeTxHash);
    SafeSimulation simulation;
    QStringList methods;
    auto calls = co_await askCalls(rpc, plan, state.blockNumber, stop);
    if (!calls)
        co_return std::unexpected(calls.error());
    std::optional<Outcome> traced;
    if (calls->value) {
        auto outcome = judged(outcomeOf(*calls->value, errors));
        if (!outcome)
            co_return std::unexpected(outcome.error());
        traced = *std::move(outcome);
    }

    std::optional<Outcome> simulated;
    const QJsonArray parameters = simulateParams(plan, questions, state.blockNumber);
    const QString method = simulateMethod();
    const auto answer = co_await rpc.call(method, parameters, stop);
    if (answer) {
        auto answered = simulatedCalls(*answer, questions.size() + 1, errors);
        if (!answered)
            co_return std::unexpected(answered.error());
        SimulatedCall execution = answered->takeFirst();
        auto outcome = judged(outcomeOf(execution));
        if (!outcome)
            co_return std::unexpected(outcome.error());
        simulated = *std::move(outcome);
        simulation.answers = *std::move(answered);
        simulation.logs = std::move(execution.logs);
        simulation.transfers = std::move(execution.transfers);
        simulation.hasLogs = true;
        simulation.hasTransfers = true;
    } else if (!isUnsupported(answer.error())) {
        co_return std::unexpected(answer.error());
    }

    if (traced && missesApprovals(*traced) && !(simulated && missesApprovals(*simulated))) {
        calls->value.reset();
        calls->refusal = u"it ignores what the simulation overrides"_s;
        traced.reset();
    }
    if (!traced && !simulated) {
        const auto called = co_await askCall(chain, plan, state, safeTxHash, errors, stop);
        if (!called)
            co_return std::unexpected(called.error());
        if (!*called) {
            const auto inner = co_await simulateThroughAccessor(chain, state, transaction, stop);
            if (!inner)
                co_return std::unexpected(inner.error());
            co_return innerOnly(*inner, errors);
        }
        auto outcome = judged(**called);
        if (!outcome)
            co_return std::unexpected(outcome.error());
        take(simulation, *std::move(outcome));
        simulation.limits.append(withoutLogs());
    }
    simulation.assumesPredecessors = plan.assumesPredecessors;
    if (traced)
        methods.append(traceMethod());
    if (simulated) {
        methods.append(simulateMethod());
        take(simulation, *simulated);
    } else {
        if (traced)
            take(simulation, *traced);
        else
            methods.append(u"eth_call"_s);
        if (!questions.isEmpty())
            simulation.limits.append(withoutAnswers());
    }
    if (traced && simulated && traced->succeeded != simulated->succeeded) {
        // The one is asked in the block, the other in the one behind it.
        const QString refused = traced->succeeded ? simulated->reason : traced->reason;
        simulation.succeeded = false;
        simulation.reason
            = u"Two ways of simulating disagree, so the outcome depends on the block; one says: %1"_s.arg(refused);
    }
    if (calls->value)
        takeTrace(simulation, *std::move(calls->value));
    else
        simulation.limits.append(withoutCalls(calls->refusal));
    if (simulation.succeeded && calls->isMissing) {
        simulation.limits.append(withoutDifference(calls->refusal));
    } else if (simulation.succeeded) {
        auto difference = co_await askDifference(rpc, plan, state.blockNumber, stop);
        if (!difference)
            co_return std::unexpected(difference.error());
        if (difference->value) {
            simulation.difference = *std::move(difference->value);
            simulation.changes = simulation.difference->storage;
            simulation.hasChanges = true;
            if (!methods.contains(traceMethod()))
                methods.append(traceMethod());
        } else {
            simulation.limits.append(withoutDifference(difference->refusal));
        }
    }
    simulation.method = methods.join(u", "_s);
    co_return simulation;
}

} // namespace countersign
