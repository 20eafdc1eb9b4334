#pragma once

#include "backend/evm/chainclient.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/safe/safestate.h"

namespace countersign {

/// The node that --rpc names, asked one thing after the other. Runs the event loop until the answer is there: a command
/// has nothing else to do meanwhile.
class Node final {
public:
    explicit Node(const QString &url);

    /// Error Conflict when the node is on another chain than \a expected.
    Result<SafeState> safeState(ChainId expected, const Address &safe);
    /// Error NotFound when no code stands there.
    Result<Bytes> code(const Address &address);

private:
    JsonRpcClient m_rpc;
    ChainClient m_chain;
};

} // namespace countersign
