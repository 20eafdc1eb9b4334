#pragma once

#include "backend/evm/accountproof.h"
#include "backend/evm/calltrace.h"
#include "backend/evm/chaintypes.h"
#include "backend/evm/proxycode.h"
#include "backend/evm/sealedheader.h"
#include "backend/types/error.h"

#include <QCoroTask>

#include <stop_token>

namespace countersign {

class JsonRpcClient;

/// One node of an Ethereum-family chain, asked through JSON-RPC. Every answer is checked for shape before it is believed.
/// Errors: those of JsonRpcClient; Invalid or Corrupt when the answer breaks the format; Rejected when the node or the
/// EVM refused (see revertDataOf). The client must outlive the tasks that it starts, unless their token is stopped.
class ChainClient final {
public:
    /// `rpc` outlives this object.
    explicit ChainClient(JsonRpcClient &rpc) : m_rpc(rpc) {}

    QCoro::Task<Result<ChainId>> chainId(std::stop_token stop = {});
    QCoro::Task<Result<BlockNumber>> blockNumber(std::stop_token stop = {});
    /// NotFound when the node has no such block.
    QCoro::Task<Result<BlockHeader>> getBlock(BlockRef block, std::stop_token stop = {});
    /// The whole header; Corrupt when the block's hash is not the hash of it.
    QCoro::Task<Result<SealedHeader>> getSealedHeader(BlockRef block, std::stop_token stop = {});
    /// Headers of a range of heights in order, in one batch; all or an error.
    QCoro::Task<Result<std::vector<BlockHeader>>> getBlocks(BlockNumber from, BlockNumber to, std::stop_token stop = {});

    /// Return data of a call that changes nothing.
    QCoro::Task<Result<Bytes>> call(CallRequest request, BlockRef block = BlockRef::latest(), StateOverrides overrides = {},
                                    std::stop_token stop = {});
    /// Several calls against one block in one batch; the outcome of each in order.
    QCoro::Task<Result<std::vector<Result<Bytes>>>> callMany(std::vector<CallRequest> requests, BlockRef block,
                                                             std::stop_token stop = {});
    QCoro::Task<Result<quint64>> estimateGas(CallRequest request, std::stop_token stop = {});

    QCoro::Task<Result<Nonce>> getTransactionCount(Address account, BlockRef block = BlockRef::latest(), std::stop_token stop = {});
    QCoro::Task<Result<Uint256>> getBalance(Address account, BlockRef block = BlockRef::latest(), std::stop_token stop = {});
    QCoro::Task<Result<Bytes>> getCode(Address account, BlockRef block = BlockRef::latest(), std::stop_token stop = {});
    QCoro::Task<Result<Hash32>> getStorageAt(Address account, Hash32 slot, BlockRef block = BlockRef::latest(),
                                             std::stop_token stop = {});

    /// The account and storage words that the state root of `header` proves (eth_getProof); the header is bound to its
    /// hash by getSealedHeader. Nothing that is not proven is believed. Corrupt when a proof does not hold.
    QCoro::Task<Result<ProvenAccount>> getProof(Address account, std::vector<Hash32> slotsAsked, SealedHeader header,
                                                std::stop_token stop = {});
    /// The same below a block that is looked up first.
    QCoro::Task<Result<ProvenAccount>> getProof(Address account, std::vector<Hash32> slotsAsked, BlockRef block,
                                                std::stop_token stop = {});
    /// The account's code, bound by its hash to the state root of `header`; empty when the account has none.
    QCoro::Task<Result<Bytes>> getProvenCode(Address account, SealedHeader header, std::stop_token stop = {});

    /// Where the account passes calls on to, from its code and the slots of all known proxies; empty when it is none. The
    /// implementation behind a beacon is asked from the beacon (implementation()).
    QCoro::Task<Result<std::optional<ProxyFinding>>> findProxy(Address account, BlockRef block = BlockRef::latest(), std::stop_token stop = {});

    /// Empty while the transaction is not mined, or not known.
    QCoro::Task<Result<std::optional<TransactionReceipt>>> getTransactionReceipt(Hash32 hash, std::stop_token stop = {});
    /// Hash as the node tells it; Corrupt when it is not the hash of what was sent.
    QCoro::Task<Result<Hash32>> sendRawTransaction(Bytes raw, std::stop_token stop = {});
    /// In chain order, each once, and none that the filter does not want: Corrupt otherwise.
    QCoro::Task<Result<std::vector<EvmLog>>> getLogs(LogFilter filter, std::stop_token stop = {});
    /// From what the last blocks paid (eth_feeHistory), else from what the node suggests.
    QCoro::Task<Result<FeeSuggestion>> feeSuggestion(std::stop_token stop = {});
    /// What the node would pay for a unit of gas: for chains without a base fee.
    QCoro::Task<Result<Uint256>> gasPrice(std::stop_token stop = {});
    /// Whether the node has the transaction, mined or waiting; a node forgets those that pay too little.
    QCoro::Task<Result<bool>> knowsTransaction(Hash32 hash, std::stop_token stop = {});
    /// Every call of a mined transaction, as debug_traceTransaction tells; many nodes do not offer it.
    QCoro::Task<Result<CallTrace>> traceTransaction(Hash32 hash, std::stop_token stop = {});

private:
    JsonRpcClient &m_rpc;
};

/// The revert data that a node gave with a refused call or estimate; empty optional when the error is no revert.
std::optional<Bytes> revertDataOf(const Error &error);

} // namespace countersign
