#include "backend/review/executionreading.h"

#include "backend/evm/jsonquantity.h"
#include "backend/safe/safecalls.h"
#include "backend/safe/safehash.h"
#include "backend/safe/safetrust.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QHash>
#include <QJsonObject>

#include <algorithm>

namespace countersign {

namespace {

constexpr int mostPieces = 40; // of ten thousand: a week of blocks every two seconds
constexpr qsizetype mostExecutions = 200;

const Hash32 &successTopic()
{
    static const Hash32 topic = keccak256("ExecutionSuccess(bytes32,uint256)");
    return topic;
}

const Hash32 &failureTopic()
{
    static const Hash32 topic = keccak256("ExecutionFailure(bytes32,uint256)");
    return topic;
}

/// Events of a Safe, oldest first.
struct Events {
    std::vector<EvmLog> logs;
    BlockNumber from; ///< first block that was searched
};

bool mayBeTooLong(const Error &error)
{
    return error.kind == ErrorKind::Rejected || error.kind == ErrorKind::Exhausted || error.kind == ErrorKind::Invalid;
}

QCoro::Task<Result<Events>> readEvents(
    std::shared_ptr<ReviewEndpoint> endpoint, SafeState state, Timestamp since, quint64 piece, std::stop_token stop)
{
    LogFilter filter;
    filter.addresses = {state.safe};
    filter.topics.push_back({successTopic(), failureTopic()});
    filter.toBlock = state.blockNumber;
    auto logs = co_await endpoint->chain.getLogs(filter, stop);
    if (logs)
        co_return Events{*std::move(logs), BlockNumber(0)};
    if (!mayBeTooLong(logs.error()))
        co_return std::unexpected(logs.error());
    Events events;
    for (int asked = 0; asked < mostPieces; ++asked) {
        filter.fromBlock = BlockNumber(filter.toBlock.value() - std::min(filter.toBlock.value(), piece - 1));
        logs = co_await endpoint->chain.getLogs(filter, stop);
        if (!logs)
            co_return std::unexpected(logs.error());
        logs->insert(logs->end(), events.logs.begin(), events.logs.end());
        events.logs = *std::move(logs);
        events.from = filter.fromBlock;
        if (events.from == BlockNumber(0))
            break;
        const BlockRef first = BlockRef::at(events.from);
        const auto header = co_await endpoint->chain.getBlock(first, stop);
        if (!header)
            co_return std::unexpected(header.error());
        if (header->timestamp < since)
            break;
        filter.toBlock = BlockNumber(events.from.value() - 1);
    }
    co_return events;
}

std::optional<Hash32> hashOf(const EvmLog &log)
{
    if (log.topics.size() > 1) // 1.4.0 and later index it
        return log.topics[1];
    const auto hash = Hash32::fromBytes(log.data.first(std::min<qsizetype>(log.data.size(), Hash32::size)));
    return hash ? std::optional(*hash) : std::nullopt;
}

Hash32 hashIn(const SafeState &state, SafeVersion version, const SafeTransaction &transaction)
{
    return safeHashes(version, state.chainId, state.safe, transaction).safeTxHash;
}

// What the calldata of the transaction says, when it was a plain execTransaction of this Safe.
QCoro::Task<std::optional<SafeTransaction>> readCalldata(
    std::shared_ptr<ReviewEndpoint> endpoint, Address safe, Hash32 transaction, std::stop_token stop)
{
    const JsonRpcResult answer
        = co_await endpoint->rpc.call(u"eth_getTransactionByHash"_s, {transaction.toString()}, stop);
    if (!answer || !answer->isObject())
        co_return std::nullopt;
    const QJsonObject object = answer->toObject();
    const auto to = addressFromJson(object.value("to"_L1));
    const auto data = dataFromJson(object.value("input"_L1));
    if (!to || !data || *to != safe)
        co_return std::nullopt;
    const auto decoded = decodeExecTransaction(*data);
    co_return decoded ? std::optional(decoded->transaction) : std::nullopt;
}

} // namespace

QCoro::Task<Result<PastExecutions>> readPastExecutions(std::shared_ptr<ReviewEndpoint> endpoint, SafeState state,
    Timestamp since, QList<ExchangeItem> known, std::stop_token stop, quint64 piece)
{
    const auto events = co_await readEvents(endpoint, state, since, piece, stop);
    if (!events)
        co_return std::unexpected(events.error());
    PastExecutions past;
    const auto version = SafeVersion::parse(judgeSafe(state).version).value_or(SafeVersion::v141());
    QHash<Hash32, SafeTransaction> byHash;
    for (const ExchangeItem &item : known) {
        if (item.proposal.chainId == state.chainId && item.proposal.safe == state.safe)
            byHash.insert(hashIn(state, version, item.proposal.transaction), item.proposal.transaction);
    }
    if (events->from == BlockNumber(0) && Uint256(events->logs.size()) != state.nonce)
        past.gap = u"the node shows %1 executions, the Safe's nonce says %2"_s.arg(
            QString::number(events->logs.size()), state.nonce.toDecimal());
    bool reachesBack = events->from == BlockNumber(0);
    if (!reachesBack) {
        const BlockRef first = BlockRef::at(events->from);
        const auto header = co_await endpoint->chain.getBlock(first, stop);
        reachesBack = header && header->timestamp < since;
    }
    if (!reachesBack)
        past.gap = u"the node shows no events before block %1"_s.arg(events->from.value());
    Uint256 after = state.nonce; // one above the nonce of the event that is looked at: backwards from the last
    QHash<BlockNumber, Timestamp> times;
    for (auto log = events->logs.rbegin(); log != events->logs.rend(); ++log) {
        if (!times.contains(log->blockNumber)) {
            const BlockRef block = BlockRef::at(log->blockNumber);
            const auto header = co_await endpoint->chain.getBlock(block, stop);
            if (!header)
                co_return std::unexpected(header.error());
            times.insert(log->blockNumber, header->timestamp);
        }
        if (times.value(log->blockNumber) < since)
            break;
        if (past.executed.size() == mostExecutions || after.isZero()) {
            past.gap = u"there are more than %1 executions"_s.arg(past.executed.size());
            break;
        }
        after = *after.checkedSub(Uint256(1));
        PastExecution execution;
        execution.at = times.value(log->blockNumber);
        execution.succeeded = log->topics.front() == successTopic();
        execution.safeTxHash = hashOf(*log).value_or(Hash32());
        if (const auto found = byHash.constFind(execution.safeTxHash); found != byHash.cend()) {
            execution.transaction = *found;
        } else {
            const Hash32 sent = log->transactionHash;
            auto read = co_await readCalldata(endpoint, state.safe, sent, stop);
            if (read) {
                read->nonce = after;
                if (hashIn(state, version, *read) == execution.safeTxHash)
                    execution.transaction = read;
            }
        }
        if (execution.transaction && execution.transaction->nonce != after)
            past.gap = u"the execution with nonce %1 is not among the events that the node shows"_s.arg(after.toDecimal());
        else if (!execution.transaction)
            past.gap = u"what was executed with nonce %1 is not known here"_s.arg(after.toDecimal());
        past.executed.prepend(execution);
    }
    co_return past;
}

} // namespace countersign
