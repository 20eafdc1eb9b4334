#include "tests/backend/safe/safechain.h"

#include "backend/evm/create2.h"
#include "backend/evm/revert.h"
#include "backend/safe/safecalls.h"
#include "backend/safe/safehash.h"
#include "backend/safe/safemultisend.h"
#include "backend/safe/safesetup.h"
#include "backend/safe/safesignature.h"
#include "backend/safe/safestatereader.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"
#include "tests/backend/evm/values.h"

#include <QTest>

namespace countersign::testing {

namespace {

// Present on anvil; 1.3.0's canonical addresses come from it, those of later versions from Safe's own, which is the same
// code at another address.
const Address &arachnidDeployer()
{
    static const Address deployer = address(u"0x4e59b44847b379578588920cA78FbF26c0B4956C");
    return deployer;
}

const Address &safeSingletonFactory()
{
    static const Address deployer = address(u"0x914d7Fec6aaC8cd542e72Bca78B30650d45643d7");
    return deployer;
}

// Where each file of a release lies in its package.
struct Files {
    QStringView version;
    QStringView package;
    QStringView singleton;
    QStringView singletonL2;
    QStringView factory;
    QStringView proxy;
    QStringView signMessageLib;
};

constexpr Files releases[] = {
    {u"1.3.0", u"@gnosis.pm/safe-contracts", u"GnosisSafe.sol/GnosisSafe.json", u"GnosisSafeL2.sol/GnosisSafeL2.json",
     u"proxies/GnosisSafeProxyFactory.sol/GnosisSafeProxyFactory.json", u"proxies/GnosisSafeProxy.sol/GnosisSafeProxy.json",
     u"examples/libraries/SignMessage.sol/SignMessageLib.json"},
    {u"1.4.1", u"@safe-global/safe-contracts", u"Safe.sol/Safe.json", u"SafeL2.sol/SafeL2.json",
     u"proxies/SafeProxyFactory.sol/SafeProxyFactory.json", u"proxies/SafeProxy.sol/SafeProxy.json",
     u"libraries/SignMessageLib.sol/SignMessageLib.json"},
    {u"1.5.0", u"@safe-global/safe-smart-account", u"Safe.sol/Safe.json", u"SafeL2.sol/SafeL2.json",
     u"proxies/SafeProxyFactory.sol/SafeProxyFactory.json", u"proxies/SafeProxy.sol/SafeProxy.json",
     u"libraries/SignMessageLib.sol/SignMessageLib.json"},
};

const Files &filesOf(const QString &version)
{
    for (const Files &release : releases) {
        if (release.version == version)
            return release;
    }
    qFatal("no such release: %s", qPrintable(version));
}

ContractArtifact artifactOf(const QString &version, QStringView path)
{
    return TestChain::artifact(u"node_modules/%1/build/artifacts/contracts/%2"_s.arg(filesOf(version).package, path));
}

// Two bytes of a jump's target or of a length.
Bytes twoBytes(qsizetype number)
{
    return Uint256(static_cast<quint64>(number)).toBigEndian().last(2);
}

} // namespace

SafeChain::SafeChain()
    : m_chain(m_anvil.url())
{
    const QJsonValue deployerCode = m_chain.ask(u"eth_getCode"_s, {arachnidDeployer().toString(), u"latest"_s});
    m_chain.ask(u"anvil_setCode"_s, {safeSingletonFactory().toString(), deployerCode});
    for (const Files &release : releases)
        deploy(release.version.toString());
}

void SafeChain::addVersionRows()
{
    QTest::addColumn<QString>("version");
    for (const Files &release : releases)
        QTest::newRow(qPrintable(release.version.toString())) << release.version.toString();
}

Address SafeChain::deployCanonical(const QString &version, const QString &path, const std::vector<AbiValue> &arguments)
{
    const Bytes code = artifactOf(version, path).deploymentCode(arguments).value();
    const Address deployer = version == u"1.3.0" ? arachnidDeployer() : safeSingletonFactory();
    const Address predicted = create2Address(deployer, Hash32(), keccak256(code));
    const auto receipt = m_chain.execute(deployer, Hash32().bytes() + code);
    if (!receipt.succeeded || !hasCode(predicted))
        qFatal("%s %s was not deployed", qPrintable(version), qPrintable(path));
    return predicted;
}

void SafeChain::deploy(const QString &version)
{
    const Files &files = filesOf(version);
    SafeContracts contracts;
    contracts.version = version;
    contracts.singleton = deployCanonical(version, files.singleton.toString());
    contracts.singletonL2 = deployCanonical(version, files.singletonL2.toString());
    contracts.factory = deployCanonical(version, files.factory.toString());
    contracts.handler = deployCanonical(version, u"handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json"_s);
    contracts.multiSend = deployCanonical(version, u"libraries/MultiSend.sol/MultiSend.json"_s);
    contracts.multiSendCallOnly = deployCanonical(version, u"libraries/MultiSendCallOnly.sol/MultiSendCallOnly.json"_s);
    contracts.createCall = deployCanonical(version, u"libraries/CreateCall.sol/CreateCall.json"_s);
    contracts.signMessageLib = deployCanonical(version, files.signMessageLib.toString());
    contracts.simulateTxAccessor = deployCanonical(version, u"accessors/SimulateTxAccessor.sol/SimulateTxAccessor.json"_s);
    contracts.guardAllows = contracts.createCall;
    contracts.guard = deployCanonical(version, u"examples/guards/DelegateCallTransactionGuard.sol/DelegateCallTransactionGuard.json"_s,
                                      {AbiValue(contracts.guardAllows)});
    contracts.proxyCreationCode = artifactOf(version, files.proxy).creationCode().value();
    m_contracts.emplace(version, std::move(contracts));
}

Address SafeChain::createSafe(const QString &version, const std::vector<Address> &owners, quint64 threshold, bool isL2)
{
    const SafeContracts &release = contracts(version);
    const Address singleton = isL2 ? release.singletonL2 : release.singleton;
    const Bytes initializer = encodeSafeSetup({.owners = owners, .threshold = threshold, .fallbackHandler = release.handler});
    const Uint256 salt = ++m_saltNonce;
    const auto receipt = m_chain.execute(release.factory, encodeCreateProxy(singleton, initializer, salt));
    const Address safe = safeProxyAddress(release.factory, singleton, initializer, salt, release.proxyCreationCode);
    if (!receipt.succeeded || !hasCode(safe))
        qFatal("a Safe %s was not created", qPrintable(version));
    return safe;
}

Address SafeChain::createBareProxy(const QString &version)
{
    const SafeContracts &release = contracts(version);
    const Uint256 salt = ++m_saltNonce;
    m_chain.execute(release.factory, encodeCreateProxy(release.singleton, {}, salt));
    return safeProxyAddress(release.factory, release.singleton, {}, salt, release.proxyCreationCode);
}

SafeState SafeChain::state(const Address &safe)
{
    auto state = QCoro::waitFor(readSafeState(client(), safe));
    if (!state)
        qFatal("%s", qPrintable(state.error().message));
    return *std::move(state);
}

SafeTransaction SafeChain::next(const Address &safe, const Address &to, const Bytes &data, SafeOperation operation)
{
    constexpr quint64 nonceSlot = 5;
    return {.to = to, .data = data, .operation = operation, .nonce = Uint256::fromBigEndian(storageAt(safe, nonceSlot).view()).value()};
}

Hash32 SafeChain::hash(const Address &safe, const SafeTransaction &transaction)
{
    return safeTxHash(chainId(), safe, transaction);
}

Bytes SafeChain::sign(const Address &safe, const SafeTransaction &transaction, const std::vector<const TestKey *> &keys)
{
    const Hash32 digest = hash(safe, transaction);
    std::vector<SafeSignature> signatures;
    for (const TestKey *key : keys)
        signatures.push_back(SafeSignature::ecdsa(key->sign(digest)));
    return encodeSafeSignatures(std::move(signatures), digest).value();
}

TransactionReceipt SafeChain::execute(const Address &safe, const SafeTransaction &transaction, const Bytes &signatures)
{
    return m_chain.execute(safe, encodeExecTransaction(transaction, signatures));
}

TransactionReceipt SafeChain::executeFrom(const TestKey &sender, const Address &to, const Bytes &data)
{
    m_chain.ask(u"anvil_setBalance"_s, {sender.address().toString(), u"0x56bc75e2d63100000"_s});
    const auto fee = QCoro::waitFor(client().feeSuggestion()).value();
    const Eip1559Transaction transaction{.chainId = chainId(),
                                         .nonce = QCoro::waitFor(client().getTransactionCount(sender.address())).value(),
                                         .maxPriorityFeePerGas = fee.maxPriorityFeePerGas,
                                         .maxFeePerGas = fee.maxFeePerGas,
                                         .gasLimit = 3'000'000,
                                         .to = to,
                                         .data = data};
    const auto sent = QCoro::waitFor(client().sendRawTransaction(transaction.serialize(sender.sign(transaction.signingHash())))).value();
    m_chain.mine();
    return QCoro::waitFor(client().getTransactionReceipt(sent)).value().value();
}

TransactionReceipt SafeChain::require(const Address &safe, const SafeTransaction &transaction, const std::vector<const TestKey *> &keys)
{
    const Bytes signatures = sign(safe, transaction, keys);
    auto receipt = execute(safe, transaction, signatures);
    if (!receipt.succeeded)
        qFatal("the Safe refused a transaction of the test: %s", qPrintable(refusal(safe, transaction, signatures)));
    return receipt;
}

QString SafeChain::refusal(const Address &safe, const SafeTransaction &transaction, const Bytes &signatures, const std::optional<Address> &sender)
{
    return refusalOfCall(sender.value_or(m_chain.payer.address()), safe, encodeExecTransaction(transaction, signatures));
}

QString SafeChain::refusalOfCall(const Address &from, const Address &to, const Bytes &data)
{
    const auto answer = QCoro::waitFor(client().call({.from = from, .to = to, .data = data}));
    if (answer)
        return {};
    const auto revert = revertDataOf(answer.error());
    if (!revert)
        qFatal("no answer of the chain: %s", qPrintable(answer.error().message));
    return revert->isEmpty() ? u"no reason"_s : describeRevert(*revert).text;
}

Hash32 SafeChain::storageAt(const Address &contract, quint64 slot)
{
    return QCoro::waitFor(client().getStorageAt(contract, Hash32::fromDigest(Uint256(slot).toBigEndian()))).value();
}

bool SafeChain::hasCode(const Address &account)
{
    return !QCoro::waitFor(client().getCode(account)).value().isEmpty();
}

Address SafeChain::deployRuntime(const Bytes &runtime)
{
    return m_chain.deploy(creationOf(runtime));
}

Bytes SafeChain::creationOf(const Bytes &runtime, const Bytes &constructor)
{
    // PUSH2 length, DUP1, PUSH2 offset, PUSH0, CODECOPY, PUSH0, RETURN
    constexpr qsizetype size = 11;
    return constructor + hex(u"61") + twoBytes(runtime.size()) + hex(u"8061") + twoBytes(constructor.size() + size) + hex(u"5f395ff3") + runtime;
}

Bytes packed(std::span<const InnerCall> calls)
{
    std::vector<MultiSendTransaction> transactions;
    for (const InnerCall &inner : calls)
        transactions.push_back({.operation = inner.operation, .to = inner.to, .value = inner.value, .data = inner.data});
    return packMultiSend(transactions);
}

Bytes multiSendOf(const Bytes &packedCalls)
{
    return safeCall(u"multiSend", {AbiValue(packedCalls)});
}

Bytes safeCall(QStringView function, std::initializer_list<AbiValue> arguments)
{
    return safeAbi().function(function)->encodeCall(arguments).value();
}

Bytes counterCode()
{
    return hex(u"5f54"      // slot 0
               u"6001015f55" // plus one, into slot 0
               u"00");
}

Bytes creatorNotingConstructor()
{
    return hex(u"335f55"); // CALLER into slot 0
}

Bytes acceptingOwnerCode()
{
    return hex(u"602435600401351515" // 1 when the second argument, the signature, has a length
               u"5f3560e01c60e01b"   // the selector that was called: both spellings answer with their own
               u"025f5260205ff3");   // their product, as a word
}

Bytes answeringCode(const std::vector<std::pair<Bytes, Bytes>> &answers)
{
    // Selector on the stack; one comparison an answer (11 bytes), a revert, the answers' code (each 13 bytes), their data.
    constexpr qsizetype headSize = 5;
    constexpr qsizetype comparisonSize = 11;
    constexpr qsizetype revertSize = 3;
    constexpr qsizetype answerSize = 13;
    const auto count = static_cast<qsizetype>(answers.size());
    const qsizetype codeStart = headSize + count * comparisonSize + revertSize;
    qsizetype dataStart = codeStart + count * answerSize;
    Bytes head = hex(u"5f3560e01c");
    Bytes code;
    Bytes data;
    for (qsizetype i = 0; i < count; ++i) {
        const auto &[selector, answer] = answers[static_cast<size_t>(i)];
        head += hex(u"8063") + selector + hex(u"1461") + twoBytes(codeStart + i * answerSize) + hex(u"57"); // DUP1 PUSH4 EQ PUSH2 JUMPI
        // JUMPDEST PUSH2 length DUP1 PUSH2 offset PUSH0 CODECOPY PUSH0 RETURN STOP
        code += hex(u"5b61") + twoBytes(answer.size()) + hex(u"8061") + twoBytes(dataStart) + hex(u"5f395ff300");
        data += answer;
        dataStart += answer.size();
    }
    return head + hex(u"5f5ffd") + code + data;
}

} // namespace countersign::testing
