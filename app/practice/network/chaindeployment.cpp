#include "app/practice/network/chaindeployment.h"

#include "app/practice/network/holdertokens.h"
#include "app/practice/support/chaining.h"
#include "backend/evm/artifact.h"
#include "backend/evm/create2.h"
#include "backend/evm/jsonquantity.h"
#include "backend/safe/safecalls.h"
#include "backend/safe/safehash.h"
#include "backend/safe/safesetup.h"
#include "backend/safe/safesignature.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QCoroTimer>

namespace countersign {

namespace {

constexpr int safeThreshold = 2;
constexpr quint64 callGas = 400'000;
constexpr quint64 contractGas = 4'000'000;
constexpr int mostBlocks = 20;
constexpr auto answerPause = std::chrono::milliseconds(40);
constexpr int mostAnswerTries = 150;

// Safe 1.4.1 stands at its canonical addresses when Safe's own factory deploys it with salt zero. A bare anvil has not
// this factory but Arachnid's, which is the same code at another address.
constexpr QStringView safeSingletonFactory = u"0x914d7Fec6aaC8cd542e72Bca78B30650d45643d7";
constexpr QStringView arachnidDeployer = u"0x4e59b44847b379578588920cA78FbF26c0B4956C";
constexpr QStringView canonicalSafeL2 = u"0x29fcB43b46531BcA003ddC8FCB67FFE91900C762";

Address singletonFactory()
{
    return Address::parse(safeSingletonFactory).value_or(Address());
}

Uint256 wholeEthers(quint64 count)
{
    return Uint256(1'000'000'000'000'000'000ULL).checkedMul(Uint256(count)).value_or(Uint256());
}

} // namespace

Hash32 treasuryAdapterId()
{
    return keccak256("treasury");
}

ChainDeployment::ChainDeployment(const QUrl &rpc, ChainId chainId, const ToolLocations &tools, HolderTokens &tokens,
                                 DeploymentRequest request)
    : m_rpc(rpc)
    , m_chain(m_rpc)
    , m_chainId(chainId)
    , m_tools(tools)
    , m_tokens(tokens)
    , m_request(std::move(request))
{
}

QCoro::Task<Result<DeployedChain>> ChainDeployment::run()
{
    const Result<void> answers = co_await waitUntilItAnswers();
    if (!answers)
        co_return std::unexpected(answers.error());
    if (const Result<void> planned = andThen(planSafe(), [this] { return planContracts(); }); !planned)
        co_return std::unexpected(planned.error());
    const Result<void> sent = co_await sendPlanned();
    if (!sent)
        co_return std::unexpected(sent.error());
    const Result<void> accepted = co_await acceptOwnerships();
    if (!accepted)
        co_return std::unexpected(accepted.error());
    const Result<void> funded = co_await fund();
    if (!funded)
        co_return std::unexpected(funded.error());
    const Result<void> mining = co_await startMining();
    if (!mining)
        co_return std::unexpected(mining.error());
    co_return m_result;
}

QCoro::Task<Result<void>> ChainDeployment::waitUntilItAnswers()
{
    JsonRpcResult accounts = fail(ErrorKind::Unavailable, u"anvil does not answer"_s);
    for (int tries = 0; tries < mostAnswerTries && !accounts; ++tries) {
        if (tries > 0)
            co_await QCoro::sleepFor(answerPause);
        accounts = co_await m_rpc.call(u"eth_accounts"_s);
    }
    if (!accounts)
        co_return std::unexpected(accounts.error());
    const Result<Address> deployer = addressFromJson(accounts->toArray().first());
    if (!deployer)
        co_return std::unexpected(deployer.error());
    m_deployer = *deployer;
    const Result<Nonce> nonce = co_await m_chain.getTransactionCount(m_deployer);
    if (!nonce)
        co_return std::unexpected(nonce.error());
    m_nonce = *nonce;
    co_return co_await installFactory();
}

QCoro::Task<Result<void>> ChainDeployment::installFactory()
{
    const JsonRpcResult code = co_await m_rpc.call(u"eth_getCode"_s, {arachnidDeployer.toString(), u"latest"_s});
    if (!code)
        co_return std::unexpected(code.error());
    const JsonRpcResult set = co_await m_rpc.call(u"anvil_setCode"_s, {singletonFactory().toLower(), *code});
    if (!set)
        co_return std::unexpected(set.error());
    co_return Result<void>();
}

Result<Address> ChainDeployment::planCreate2(const QString &artifact, quint64 gas)
{
    const auto loaded = ContractArtifact::loadFile(m_tools.safeArtifacts + u'/' + artifact);
    if (!loaded)
        return std::unexpected(loaded.error());
    const auto code = loaded->creationCode();
    if (!code)
        return std::unexpected(code.error());
    m_planned.append({loaded->contractName(), singletonFactory(), Hash32().bytes() + *code, gas});
    return create2Address(singletonFactory(), Hash32(), keccak256(*code));
}

Result<void> ChainDeployment::planSafe()
{
    const auto singleton = planCreate2(u"SafeL2.sol/SafeL2.json"_s, 7'000'000);
    const auto factory = planCreate2(u"proxies/SafeProxyFactory.sol/SafeProxyFactory.json"_s, 2'000'000);
    const auto handler = planCreate2(u"handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json"_s, 3'000'000);
    for (const auto &[artifact, gas] : {std::pair(u"Safe.sol/Safe.json"_s, 7'000'000U),
                                        std::pair(u"libraries/MultiSend.sol/MultiSend.json"_s, 1'000'000U),
                                        std::pair(u"libraries/MultiSendCallOnly.sol/MultiSendCallOnly.json"_s, 1'000'000U),
                                        std::pair(u"libraries/CreateCall.sol/CreateCall.json"_s, 1'500'000U),
                                        std::pair(u"libraries/SignMessageLib.sol/SignMessageLib.json"_s, 1'500'000U),
                                        std::pair(u"accessors/SimulateTxAccessor.sol/SimulateTxAccessor.json"_s, 1'500'000U)}) {
        if (const auto planned = planCreate2(artifact, gas); !planned)
            return std::unexpected(planned.error());
    }
    const auto proxy = andThen(ContractArtifact::loadFile(m_tools.safeArtifacts + u"/proxies/SafeProxy.sol/SafeProxy.json"_s),
                               &ContractArtifact::creationCode);
    if (!singleton || !factory || !handler)
        return std::unexpected(!singleton ? singleton.error() : !factory ? factory.error() : handler.error());
    if (!proxy)
        return std::unexpected(proxy.error());
    if (singleton->toString() != canonicalSafeL2)
        return fail(ErrorKind::Corrupt, u"Safe 1.4.1 would not stand at its canonical address"_s, singleton->toString());

    SafeSetup setup;
    for (const Holder &holder : m_tokens.holders())
        setup.owners.push_back(holder.address);
    setup.threshold = Uint256(safeThreshold);
    setup.fallbackHandler = *handler;
    const Bytes initializer = encodeSafeSetup(setup);
    m_result.safe = safeProxyAddress(*factory, *singleton, initializer, Uint256(), *proxy);
    m_planned.append({u"the Safe's proxy"_s, *factory, encodeCreateProxy(*singleton, initializer, Uint256()), 1'000'000});
    return {};
}

Result<Address> ChainDeployment::planCreate(const QString &artifact, std::initializer_list<AbiValue> arguments)
{
    const auto loaded = ContractArtifact::loadFile(m_tools.contractArtifacts + u'/' + artifact + u".json"_s);
    if (!loaded)
        return std::unexpected(loaded.error());
    const auto code = loaded->deploymentCode(std::span(arguments.begin(), arguments.size()));
    if (!code)
        return std::unexpected(code.error());
    const Nonce nonce(m_nonce.value() + static_cast<quint64>(m_planned.size()));
    m_planned.append({artifact, std::nullopt, *code, contractGas});
    return createAddress(m_deployer, nonce);
}

Result<void> ChainDeployment::planCall(const QString &what, const Address &to, QStringView function,
                                       std::initializer_list<AbiValue> arguments)
{
    const auto parsed = AbiFunction::parse(function);
    if (!parsed)
        return std::unexpected(parsed.error());
    const auto data = parsed->encodeCall(arguments);
    if (!data)
        return std::unexpected(data.error());
    m_planned.append({what, to, *data, callGas});
    return {};
}

Result<void> ChainDeployment::planContracts()
{
    const auto registry = planCreate(u"CantonKeyRegistry"_s, {});
    if (!registry)
        return std::unexpected(registry.error());
    m_result.registry = *registry;
    Result<void> ok;
    const auto then = [&](const QString &what, const Address &to, QStringView function, std::initializer_list<AbiValue> arguments) {
        if (ok)
            ok = planCall(what, to, function, arguments);
    };
    for (const PracticeParty &party : m_request.parties)
        then(u"key of %1"_s.arg(party.name), *registry, u"registerKey(bytes32,address)", {AbiValue(party.id), AbiValue(party.key)});

    const Uint256 limit = Uint256(treasuryLimit).checkedMul(Uint256(1'000'000)).value_or(Uint256());
    for (const QString &name : m_request.vaults) {
        const auto vault = planCreate(u"CantonDeFiVault"_s, {AbiValue(*registry), AbiValue(m_request.parties.first().id)});
        if (!vault)
            return std::unexpected(vault.error());
        const auto adapter = planCreate(u"TreasuryAdapter"_s, {AbiValue(*vault), AbiValue(limit)});
        if (!adapter)
            return std::unexpected(adapter.error());
        m_result.vaults.append({name, *vault, *adapter});
        for (const PracticeParty &party : m_request.parties.sliced(1))
            then(u"party %1"_s.arg(party.name), *vault, u"setPartyAuthorized(bytes32,bool)", {AbiValue(party.id), AbiValue(true)});
        then(u"adapter"_s, *vault, u"registerAdapter(bytes32,address)", {AbiValue(treasuryAdapterId()), AbiValue(*adapter)});
        then(u"emergency contact"_s, *vault, u"setEmergencyContact(address)", {AbiValue(m_tokens.holders().last().address)});
        then(u"hand-over of vault %1"_s.arg(name), *vault, u"transferOwnership(address)", {AbiValue(m_result.safe)});
    }
    then(u"hand-over of the registry"_s, *registry, u"transferOwnership(address)", {AbiValue(m_result.safe)});
    return ok;
}

QCoro::Task<Result<void>> ChainDeployment::sendPlanned()
{
    const QList<Call> planned = std::exchange(m_planned, {});
    QList<JsonRpcCall> calls;
    for (const Call &call : planned) {
        QJsonObject transaction{{u"from"_s, m_deployer.toLower()},
                                {u"data"_s, toHex(call.data)},
                                {u"gas"_s, quantityToJson(Uint256(call.gas))},
                                {u"nonce"_s, quantityToJson(Uint256(m_nonce.value()))}};
        if (call.to)
            transaction.insert(u"to"_s, call.to->toLower());
        m_nonce = Nonce(m_nonce.value() + 1);
        calls.append({u"eth_sendTransaction"_s, {transaction}});
    }
    const Result<QList<JsonRpcResult>> sent = co_await m_rpc.batch(calls);
    if (!sent)
        co_return std::unexpected(sent.error());
    QList<Hash32> hashes;
    for (qsizetype i = 0; i < sent->size(); ++i) {
        const auto hash = andThen(sent->at(i), hashFromJson);
        if (!hash)
            co_return fail(ErrorKind::Rejected, u"%1 was not accepted by the chain"_s.arg(planned.at(i).what), hash.error().message);
        hashes.append(*hash);
    }
    qsizetype done = 0;
    for (int blocks = 0; blocks < mostBlocks && done < hashes.size(); ++blocks) {
        const JsonRpcResult mined = co_await m_rpc.call(u"evm_mine"_s);
        if (!mined)
            co_return std::unexpected(mined.error());
        while (done < hashes.size()) {
            const auto receipt = co_await m_chain.getTransactionReceipt(hashes.at(done));
            if (!receipt)
                co_return std::unexpected(receipt.error());
            if (!*receipt)
                break;
            if (!(*receipt)->succeeded)
                co_return fail(ErrorKind::Rejected, u"%1 reverted on the chain"_s.arg(planned.at(done).what));
            ++done;
        }
    }
    if (done < hashes.size())
        co_return fail(ErrorKind::Timeout, u"%1 was not mined"_s.arg(planned.at(done).what));
    co_return Result<void>();
}

QCoro::Task<Result<void>> ChainDeployment::acceptOwnerships()
{
    QList<Address> contracts{m_result.registry};
    for (const DeployedVault &vault : std::as_const(m_result.vaults))
        contracts.append(vault.vault);
    const Bytes accept = Selector::ofSignature(u"acceptOwnership()").bytes();
    for (qsizetype i = 0; i < contracts.size(); ++i) {
        SafeTransaction transaction;
        transaction.to = contracts.at(i);
        transaction.data = accept;
        transaction.nonce = Uint256(static_cast<quint64>(i));
        const Hash32 hash = safeTxHash(m_chainId, m_result.safe, transaction);
        const auto signatures = co_await m_tokens.sign(hash, safeThreshold);
        if (!signatures)
            co_return std::unexpected(signatures.error());
        std::vector<SafeSignature> parts;
        for (const EvmSignature &signature : *signatures)
            parts.push_back(SafeSignature::ecdsa(signature));
        const auto blob = encodeSafeSignatures(parts, hash);
        if (!blob)
            co_return std::unexpected(blob.error());
        m_planned.append({u"the Safe's acceptance"_s, m_result.safe, encodeExecTransaction(transaction, *blob), callGas});
    }
    const Result<void> sent = co_await sendPlanned();
    if (!sent)
        co_return std::unexpected(sent.error());
    for (const Address &contract : contracts) {
        const Result<void> owned = co_await expectOwner(contract);
        if (!owned)
            co_return owned;
    }
    co_return Result<void>();
}

QCoro::Task<Result<void>> ChainDeployment::expectOwner(Address contract)
{
    const auto owner = AbiFunction::parse(u"owner() view returns (address)");
    if (!owner)
        co_return std::unexpected(owner.error());
    const CallRequest question{.from = {}, .to = contract, .data = owner->selector().bytes(), .value = {}, .gas = {}};
    const auto answer = co_await m_chain.call(question);
    if (!answer)
        co_return std::unexpected(answer.error());
    const auto values = owner->decodeOutput(*answer);
    if (!values || *values != std::vector<AbiValue>{AbiValue(m_result.safe)})
        co_return fail(ErrorKind::Conflict, u"%1 does not belong to the Safe"_s.arg(contract.toString()));
    co_return Result<void>();
}

QCoro::Task<Result<void>> ChainDeployment::fund()
{
    QList<JsonRpcCall> calls;
    for (const Address &account : std::as_const(m_request.fundedAccounts))
        calls.append({u"anvil_setBalance"_s, {account.toLower(), quantityToJson(wholeEthers(1000))}});
    const Result<QList<JsonRpcResult>> set = co_await m_rpc.batch(calls);
    if (!set)
        co_return std::unexpected(set.error());
    for (const JsonRpcResult &result : *set) {
        if (!result)
            co_return std::unexpected(result.error());
    }
    co_return Result<void>();
}

QCoro::Task<Result<void>> ChainDeployment::startMining()
{
    const JsonRpcResult interval = co_await m_rpc.call(u"evm_setIntervalMining"_s, {1});
    if (!interval)
        co_return std::unexpected(interval.error());
    co_return Result<void>();
}

} // namespace countersign
