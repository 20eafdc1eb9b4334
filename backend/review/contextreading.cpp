#include "backend/review/contextreading.h"

#include "backend/evm/abifunction.h"
#include "backend/review/knowncalls.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/safe/safesimulation.h"
#include "backend/safe/safestatereader.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

// The functions that a review reads; our own text, which the tests of this file call.
const AbiFunction &reader(const char *declaration)
{
    static QHash<QByteArray, AbiFunction> parsed;
    const QByteArray key(declaration);
    auto found = parsed.find(key);
    if (found == parsed.end())
        found = parsed.insert(key, *AbiFunction::parse(QString::fromLatin1(declaration)));
    return *found;
}

CallRequest question(const Address &to, const AbiFunction &function, std::initializer_list<AbiValue> arguments = {})
{
    CallRequest request;
    request.to = to;
    request.data = function.encodeCall(arguments).value_or(Bytes());
    return request;
}

const AbiFunction &ownerReader()
{
    return reader("function owner() view returns (address)");
}
const AbiFunction &keyReader()
{
    return reader("function cantonPartyToKey(bytes32) view returns (address)");
}
const AbiFunction &signerReader()
{
    return reader("function cantonSigner() view returns (address)");
}
const AbiFunction &authorisedReader()
{
    return reader("function authorizedParties(bytes32) view returns (bool)");
}
const AbiFunction &hashReader()
{
    return reader(
        "function getTransactionHash(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,uint256) view "
        "returns (bytes32)");
}

template <class T> std::optional<T> single(const AbiFunction &function, const Result<Bytes> &returned)
{
    if (!returned)
        return std::nullopt;
    const auto values = function.decodeOutput(*returned);
    const T *value = values && values->size() == 1 ? values->front().get<T>() : nullptr;
    return value ? std::optional<T>(*value) : std::nullopt;
}

} // namespace

QCoro::Task<std::optional<Hash32>> readContractHash(
    ChainClient &chain, SafeState state, SafeTransaction transaction, std::stop_token stop)
{
    const CallRequest request = question(state.safe, hashReader(),
        {AbiValue(transaction.to), AbiValue(transaction.value), AbiValue(transaction.data),
            AbiValue(Uint256(static_cast<quint64>(transaction.operation))), AbiValue(transaction.safeTxGas),
            AbiValue(transaction.baseGas), AbiValue(transaction.gasPrice), AbiValue(transaction.gasToken),
            AbiValue(transaction.refundReceiver), AbiValue(transaction.nonce)});
    const BlockRef block = BlockRef::at(state.blockHash);
    const StateOverrides none;
    const auto returned = co_await chain.call(request, block, none, stop);
    const auto bytes = single<Bytes>(hashReader(), returned);
    if (!bytes || bytes->size() != Hash32::size)
        co_return std::nullopt;
    co_return Hash32::fromDigest(*bytes);
}

QCoro::Task<Result<RegistryFacts>> readRegistry(ChainClient &chain, SafeState state, Address registry, Hash32 partyId,
    QVector<VaultSettings> vaults, std::stop_token stop)
{
    std::vector<CallRequest> requests{
        question(registry, ownerReader()), question(registry, keyReader(), {AbiValue(partyId)})};
    for (const VaultSettings &vault : vaults) {
        requests.push_back(question(vault.address, signerReader()));
        requests.push_back(question(vault.address, authorisedReader(), {AbiValue(partyId)}));
    }
    const BlockRef block = BlockRef::at(state.blockHash);
    const auto answers = co_await chain.callMany(requests, block, stop);
    if (!answers)
        co_return std::unexpected(answers.error());
    // A node that did not answer one of the questions has not said that the answer is no.
    for (const Result<Bytes> &answer : *answers) {
        if (!answer && answer.error().kind != ErrorKind::Rejected)
            co_return std::unexpected(answer.error());
    }
    RegistryFacts facts;
    facts.registry = registry;
    facts.partyId = partyId;
    const auto owner = single<Address>(ownerReader(), answers->at(0));
    const auto key = single<Address>(keyReader(), answers->at(1));
    if (!owner || !key)
        co_return fail(ErrorKind::Corrupt,
            u"What stands at the registry's address does not answer like a key registry"_s, registry.toString());
    facts.owner = *owner;
    facts.key = *key;
    size_t at = 2;
    for (const VaultSettings &vault : vaults) {
        const auto signer = single<Address>(signerReader(), answers->at(at));
        const auto serves = single<bool>(authorisedReader(), answers->at(at + 1));
        facts.vaults.append({vault.name, vault.address, signer == registry, serves.value_or(false)});
        at += 2;
    }
    co_return facts;
}

QCoro::Task<Result<SimulationFacts>> readSimulation(JsonRpcClient &rpc, ChainClient &chain, SafeState state,
    SafeTransaction transaction, Hash32 safeTxHash, std::optional<RegistryFacts> registry, std::stop_token stop)
{
    QList<CallRequest> questions;
    if (registry)
        questions.append(question(registry->registry, keyReader(), {AbiValue(registry->partyId)}));
    const JsonAbi *errors = &knownErrors();
    const auto simulated = co_await simulateSafe(rpc, chain, state, transaction, safeTxHash, questions, errors, stop);
    if (!simulated)
        co_return std::unexpected(simulated.error());
    SimulationFacts facts{simulated->succeeded, simulated->reason, simulated->gasUsed, {}, simulated->changes,
        simulated->hasChanges, simulated->method};
    if (registry && !simulated->answers.isEmpty() && simulated->answers.last().succeeded)
        facts.keyAfter = single<Address>(keyReader(), simulated->answers.last().returned);
    co_return facts;
}

QCoro::Task<SecondOpinion> readSecondOpinion(
    ChainClient &chain, QString endpoint, ReviewContext context, Address target, std::stop_token stop)
{
    SecondOpinion opinion{endpoint, {}, {}};
    const auto differ = [&opinion](const QString &what, const QString &here, const QString &there) {
        if (here != there)
            opinion.disagreements.append(u"%1: %2 and %3"_s.arg(what, here, there));
    };
    const auto chainId = co_await chain.chainId(stop);
    if (!chainId) {
        opinion.error = chainId.error();
        co_return opinion;
    }
    differ(u"chain id"_s, context.rpcChainId ? QString::number(context.rpcChainId->value()) : QString(),
        QString::number(chainId->value()));
    const BlockRef height = BlockRef::at(context.safe.blockNumber);
    const auto block = co_await chain.getBlock(height, stop);
    if (!block) {
        opinion.error = block.error();
        co_return opinion;
    }
    differ(u"hash of block %1"_s.arg(context.safe.blockNumber.value()), context.safe.blockHash.toString(),
        block->hash.toString());
    if (!opinion.disagreements.isEmpty())
        co_return opinion;
    const BlockRef at = BlockRef::at(context.safe.blockHash);
    const Address safeAddress = context.safe.safe;
    const auto safe = co_await readSafeState(chain, safeAddress, at, stop);
    if (!safe) {
        opinion.error = safe.error();
        co_return opinion;
    }
    differ(u"nonce of the Safe"_s, context.safe.nonce.toDecimal(), safe->nonce.toDecimal());
    differ(u"threshold of the Safe"_s, context.safe.threshold.toDecimal(), safe->threshold.toDecimal());
    if (*safe != context.safe && opinion.disagreements.isEmpty())
        opinion.disagreements.append(u"state of the Safe: owners, code, guard, handler or modules differ"_s);
    const auto code = co_await chain.getCode(target, at, stop);
    if (!code) {
        opinion.error = code.error();
        co_return opinion;
    }
    differ(u"size of the target's code"_s, QString::number(context.targetCodeSize), QString::number(code->size()));
    if (context.registry) {
        const QVector<VaultSettings> none;
        const Hash32 party = context.registry->partyId;
        const auto registry = co_await readRegistry(chain, context.safe, context.registry->registry, party, none, stop);
        if (!registry) {
            opinion.error = registry.error();
            co_return opinion;
        }
        differ(u"key of the party"_s, context.registry->key.toString(), registry->key.toString());
        differ(u"owner of the registry"_s, context.registry->owner.toString(), registry->owner.toString());
    }
    co_return opinion;
}

} // namespace countersign
