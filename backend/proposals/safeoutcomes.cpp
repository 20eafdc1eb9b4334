#include "backend/proposals/safeoutcomes.h"

#include "backend/evm/chainclient.h"
#include "backend/safe/safeevents.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

constexpr quint64 nearBlocks = 9'999; // what nodes with a limit on ranges allow
constexpr int mostPieces = 10;

BlockNumber windowBelow(BlockNumber top)
{
    return BlockNumber(top.value() - std::min(top.value(), nearBlocks));
}

// Nodes refuse a long range in many ways: -32005 (Exhausted), -32602 and -32600 (Invalid), codes of their own
// (Rejected).
bool mayBeTooLong(const Error &error)
{
    return error.kind == ErrorKind::Rejected || error.kind == ErrorKind::Exhausted || error.kind == ErrorKind::Invalid;
}

} // namespace

QCoro::Task<Result<SafeOutcomes>> readSafeOutcomes(
    ChainClient &chain, SafeState state, QList<Hash32> hashes, std::stop_token stop)
{
    LogFilter filter;
    filter.addresses = {state.safe};
    filter.topics.push_back(
        {keccak256("ExecutionSuccess(bytes32,uint256)"), keccak256("ExecutionFailure(bytes32,uint256)")});
    if (!state.version.startsWith("1.3."_L1)) // which did not index the hash
        filter.topics.emplace_back(hashes.begin(), hashes.end());
    filter.toBlock = state.blockNumber;
    auto logs = co_await chain.getLogs(filter, stop);
    if (!logs && mayBeTooLong(logs.error())) {
        filter.fromBlock = windowBelow(filter.toBlock);
        logs = co_await chain.getLogs(filter, stop);
    }
    if (!logs)
        co_return std::unexpected(logs.error());
    SafeOutcomes outcomes;
    for (int piece = 0;; ++piece) {
        for (const EvmLog &log : *logs) {
            for (const Hash32 &hash : hashes) {
                if (const auto event = findSafeExecution({&log, 1}, state.safe, hash))
                    outcomes.found.insert(
                        hash, {event->outcome == SafeExecution::Success, log.transactionHash, log.blockNumber});
            }
        }
        outcomes.from = filter.fromBlock;
        if (filter.fromBlock == BlockNumber(0) || outcomes.found.size() == hashes.size() || piece == mostPieces)
            co_return outcomes;
        filter.toBlock = BlockNumber(filter.fromBlock.value() - 1);
        filter.fromBlock = windowBelow(filter.toBlock);
        logs = co_await chain.getLogs(filter, stop);
        if (!logs)
            co_return outcomes;
    }
}

} // namespace countersign
