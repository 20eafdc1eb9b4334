#pragma once

#include "app/practice/network/toollocations.h"
#include "backend/evm/abivalue.h"
#include "backend/evm/chainclient.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/types/address.h"
#include "backend/types/hash32.h"
#include "backend/types/ids.h"

#include <QCoroTask>

#include <QList>
#include <QString>
#include <QUrl>

namespace countersign {

class HolderTokens;

/// A Canton party whose intents the vaults carry out, and the account of its signing key.
struct PracticeParty {
    QString name;
    Hash32 id; ///< keccak256 of the name
    Address key;
};

struct DeployedVault {
    QString name;
    Address vault;
    Address adapter;
};

/// What stands on one chain once it is ready.
struct DeployedChain {
    Address safe;
    Address registry;
    QList<DeployedVault> vaults;
};

struct DeploymentRequest {
    QList<PracticeParty> parties;
    QList<Address> fundedAccounts;
    QStringList vaults;
};

/// Identifier of the one adapter that every practice vault has.
Hash32 treasuryAdapterId();
/// The most that one intent may move through it, in whole assets.
inline constexpr quint64 treasuryLimit = 1'000'000;

/// Puts everything on a fresh anvil chain that does not mine by itself: Safe 1.4.1 at its canonical addresses, the Safe
/// of the holders (2 of 3), registry, vaults, adapters, keys and parties; hands registry and vaults to the Safe, whose
/// acceptance the holders' tokens sign; funds the accounts. Then the chain mines a block each second.
class ChainDeployment final {
public:
    /// `tokens` outlives the deployment.
    ChainDeployment(const QUrl &rpc, ChainId chainId, const ToolLocations &tools, HolderTokens &tokens, DeploymentRequest request);

    QCoro::Task<Result<DeployedChain>> run();

private:
    struct Call {
        QString what;
        std::optional<Address> to;
        Bytes data;
        quint64 gas = 0;
    };

    QCoro::Task<Result<void>> waitUntilItAnswers();
    QCoro::Task<Result<void>> installFactory();
    Result<void> planSafe();
    Result<void> planContracts();
    Result<Address> planCreate2(const QString &artifact, quint64 gas);
    Result<void> planCall(const QString &what, const Address &to, QStringView function, std::initializer_list<AbiValue> arguments);
    Result<Address> planCreate(const QString &artifact, std::initializer_list<AbiValue> arguments);
    QCoro::Task<Result<void>> sendPlanned();
    QCoro::Task<Result<void>> acceptOwnerships();
    QCoro::Task<Result<void>> fund();
    QCoro::Task<Result<void>> startMining();
    QCoro::Task<Result<void>> expectOwner(Address contract);

    JsonRpcClient m_rpc;
    ChainClient m_chain;
    ChainId m_chainId;
    ToolLocations m_tools;
    HolderTokens &m_tokens;
    DeploymentRequest m_request;
    Address m_deployer;
    Nonce m_nonce;
    QList<Call> m_planned;
    DeployedChain m_result;
};

} // namespace countersign
