#pragma once

#include "backend/environment/environment.h"
#include "backend/evm/chainclient.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/types/error.h"
#include "backend/types/hash32.h"

#include <QCoroFuture>
#include <QCoroTask>
#include <QHash>

namespace countersign {

/// QCoro::waitFor() takes tasks.
template<class T>
QCoro::Task<T> awaited(QFuture<T> future)
{
    co_return co_await future;
}

/// Asks the chain and the ledger themselves what happened: the story's tests count on them, not on the console's own words.
class ChainWitness final {
public:
    explicit ChainWitness(const ChainSettings &chain);

    /// How often each intent (by its bytes32) was executed by the chain's vaults.
    Result<QHash<Hash32, int>> executions();
    /// Zero when the registry has no key for the party.
    Result<Address> registryKey(const Hash32 &partyId);
    Result<quint64> safeNonce();

private:
    Result<Bytes> read(const Address &to, const QByteArray &signature, const Bytes &arguments);

    const ChainSettings &m_chain;
    JsonRpcClient m_rpc;
    ChainClient m_client;
};

/// What the ledger's receipts say: intent id -> outcomes, more than one of which would be a doubled acknowledgement.
Result<QHash<QString, QStringList>> ledgerReceipts(const Environment &environment);

} // namespace countersign
