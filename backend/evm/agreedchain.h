#pragma once

#include "backend/evm/chainclient.h"

namespace countersign {

/// Two nodes, best of two operators, that are asked the same: an answer counts only when both give it. Questions are
/// bound to a height or a hash, because two heads differ by nature.
/// Errors: Conflict naming both nodes when they contradict each other; else the error of a node, with its name. A revert
/// with the same data from both is an answer, and stays the error that it is.
class AgreedChain final {
public:
    struct Endpoint {
        QString name;
        ChainClient &client; // outlives this object
    };

    AgreedChain(Endpoint first, Endpoint second)
        : m_first(std::move(first))
        , m_second(std::move(second))
    {
    }

    QCoro::Task<Result<ChainId>> chainId(std::stop_token stop = {});
    /// The whole header at a height: its hash and its state root, each bound to the other.
    QCoro::Task<Result<SealedHeader>> getSealedHeader(BlockNumber number, std::stop_token stop = {});
    QCoro::Task<Result<Bytes>> call(CallRequest request, BlockRef block, std::stop_token stop = {});
    QCoro::Task<Result<Bytes>> getCode(Address account, BlockRef block, std::stop_token stop = {});
    QCoro::Task<Result<Hash32>> getStorageAt(Address account, Hash32 slot, BlockRef block, std::stop_token stop = {});

private:
    Endpoint m_first;
    Endpoint m_second;
};

} // namespace countersign
