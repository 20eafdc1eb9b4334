#pragma once

#include "backend/safe/safestate.h"
#include "backend/safe/safetransaction.h"
#include "tests/backend/evm/testchain.h"
#include "tests/backend/safe/testkey.h"

#include <initializer_list>
#include <map>
#include <span>
#include <vector>

namespace countersign::testing {

/// What one release of the Safe contracts consists of, as deployed on the chain of the test.
struct SafeContracts {
    QString version;
    Address singleton;
    Address singletonL2;
    Address factory;
    Address handler;
    Address multiSend;
    Address multiSendCallOnly;
    Address createCall;
    Address signMessageLib;
    Address simulateTxAccessor;
    Address guard; ///< DelegateCallTransactionGuard of the package's examples: refuses delegatecalls, save to `guardAllows`
    Address guardAllows;
    Bytes proxyCreationCode;
};

/// One entry of a MultiSend.
struct InnerCall {
    Address to;
    Bytes data = {};
    SafeOperation operation = SafeOperation::Call;
    Uint256 value = {};
};

/// A chain of this process's own on which Safe 1.3.0, 1.4.1 and 1.5.0 stand at their canonical addresses, made from the
/// npm artifacts. Safes are created through the factory; transactions are signed by keys of the test.
class SafeChain final {
public:
    SafeChain();

    static ChainId chainId() { return ChainId(31337); }
    /// One row a version, for initTestCase_data; the column is "version".
    static void addVersionRows();

    TestChain &chain() { return m_chain; }
    ChainClient &client() { return m_chain.client; }
    const SafeContracts &contracts(const QString &version) const { return m_contracts.at(version); }

    /// A new Safe with the version's handler. It answers to nobody but its owners.
    Address createSafe(const QString &version, const std::vector<Address> &owners, quint64 threshold, bool isL2 = false);
    /// A proxy that nobody has set up: it has no threshold.
    Address createBareProxy(const QString &version);
    SafeState state(const Address &safe);
    /// The transaction with the nonce that is next.
    SafeTransaction next(const Address &safe, const Address &to, const Bytes &data = {}, SafeOperation operation = SafeOperation::Call);
    static Hash32 hash(const Address &safe, const SafeTransaction &transaction);
    /// ECDSA signatures of these keys, in the contract's order.
    static Bytes sign(const Address &safe, const SafeTransaction &transaction, const std::vector<const TestKey *> &keys);

    TransactionReceipt execute(const Address &safe, const SafeTransaction &transaction, const Bytes &signatures);
    TransactionReceipt executeFrom(const TestKey &sender, const Address &to, const Bytes &data);
    /// Executed by these keys; ends the process when the chain refuses it, because the test has nothing to stand on then.
    TransactionReceipt require(const Address &safe, const SafeTransaction &transaction, const std::vector<const TestKey *> &keys);
    /// Why the Safe refuses it, as the contract says it ("GS026"); "no reason" for a revert without data, empty when it
    /// would execute.
    QString refusal(const Address &safe, const SafeTransaction &transaction, const Bytes &signatures,
                    const std::optional<Address> &sender = {});
    QString refusalOfCall(const Address &from, const Address &to, const Bytes &data);

    Hash32 storageAt(const Address &contract, quint64 slot);
    bool hasCode(const Address &address);
    /// Puts this runtime code on the chain.
    Address deployRuntime(const Bytes &runtime);
    /// The transaction that would deploy it.
    static Bytes creationOf(const Bytes &runtime, const Bytes &constructor = {});

private:
    void deploy(const QString &version);
    Address deployCanonical(const QString &version, const QString &path, const std::vector<AbiValue> &arguments = {});

    Anvil m_anvil;
    TestChain m_chain;
    std::map<QString, SafeContracts> m_contracts;
    quint64 m_saltNonce = 0;
};

/// Calldata of multiSend(bytes) for the packed entries.
Bytes multiSendOf(const Bytes &packed);
Bytes packed(std::span<const InnerCall> calls);
inline Bytes multiSendOf(std::span<const InnerCall> calls) { return multiSendOf(packed(calls)); }

/// Calldata of a function of the Safe and its libraries, by name.
Bytes safeCall(QStringView function, std::initializer_list<AbiValue> arguments = {});

// Contracts so small that their code is their source; each line of the .cpp says what it does.

/// Adds one to slot 0 on every call.
Bytes counterCode();
/// Notes who created it in slot 0.
Bytes creatorNotingConstructor();
/// An owner by EIP-1271, in both spellings: accepts every signature that is not empty.
Bytes acceptingOwnerCode();
/// Answers each selector with the data given, everything else with a revert.
Bytes answeringCode(const std::vector<std::pair<Bytes, Bytes>> &answers);

} // namespace countersign::testing
