#pragma once

#include "app/practice/relayer/authorisedintent.h"
#include "app/practice/relayer/refusal.h"
#include "app/practice/support/practicekey.h"
#include "backend/evm/chainclient.h"
#include "backend/evm/transaction.h"
#include "backend/rpc/jsonrpcclient.h"

#include <QCoroTask>

#include <functional>
#include <optional>
#include <stop_token>

namespace countersign {

/// An execution of an intent that stands on the chain.
struct Execution {
    Hash32 transaction;
    BlockNumber block;
    Hash32 blockHash;
    quint64 gasUsed = 0;
};

/// What a dry run of an intent says.
struct Preflight {
    bool executed = false;
    std::optional<Refusal> refusal;
};

/// One chain as a relayer needs it: dry runs, sending with the relayer's own account, and looking up what became of it.
class VaultGateway final {
public:
    /// `key` and `abi` outlive the gateway.
    VaultGateway(const QUrl &rpc, ChainId chainId, const PracticeKey &key, const JsonAbi &abi);

    ChainClient &chain() { return m_chain; }

    /// Asks the vault whether it executed the intent, and runs it dry at the head.
    QCoro::Task<Result<Preflight>> preflight(AuthorisedIntent intent, std::stop_token stop);
    /// Signs and sends executeIntent. `mayStill` is asked right before the transaction leaves: Cancelled when it says no.
    QCoro::Task<Result<Hash32>> send(AuthorisedIntent intent, std::function<bool()> mayStill, std::stop_token stop);
    /// The vault's own event of the execution, with its receipt; empty when there is none on the chain.
    QCoro::Task<Result<std::optional<Execution>>> findExecution(AuthorisedIntent intent, std::stop_token stop);
    /// Receipts in the order of the hashes; empty for one that is not mined.
    QCoro::Task<Result<std::vector<std::optional<TransactionReceipt>>>> receipts(std::vector<Hash32> hashes, std::stop_token stop);

    /// The account's next number is read from the chain again: after a reorganisation, or when the chain disagrees.
    void forgetNonce() { m_nonce.reset(); }
    /// Fees are read again with the next transaction.
    void forgetFees() { m_fees.reset(); }

private:
    QCoro::Task<Result<Eip1559Transaction>> prepare(AuthorisedIntent intent, std::stop_token stop);

    const ChainId m_chainId;
    const PracticeKey &m_key;
    const JsonAbi &m_abi;
    JsonRpcClient m_rpc;
    ChainClient m_chain;
    std::optional<Nonce> m_nonce;
    std::optional<FeeSuggestion> m_fees;
};

} // namespace countersign
