#include "backend/review/contextreading.h"

#include "backend/evm/abifunction.h"
#include "backend/proposals/claimconfirmation.h"
#include "backend/review/codereading.h"
#include "backend/review/contextcomparison.h"
#include "backend/review/contextpast.h"
#include "backend/review/contractreading.h"
#include "backend/review/knowncalls.h"
#include "backend/review/reviewtree.h"
#include "backend/safe/safehash.h"
#include "backend/safe/safesimulation.h"
#include "backend/safe/safestatereader.h"
#include "backend/safe/safetrust.h"
#include "backend/types/strings.h"

#include <QDir>
#include <QFileInfo>

namespace countersign {

namespace {

constexpr qsizetype maxAccounts = 2'000;
constexpr qsizetype maxOtherSafes = 32;
constexpr qsizetype maxRegistries = 64;
constexpr qsizetype maxAdapters = 256;

std::unexpected<Error> cancelled()
{
    return fail(ErrorKind::Cancelled, u"The review was cancelled"_s);
}

// Nothing can be reviewed while the chain cannot be asked; anything else that goes wrong is a finding.
bool isSilence(const Error &error)
{
    return error.kind == ErrorKind::Unavailable || error.kind == ErrorKind::Timeout
        || error.kind == ErrorKind::Unauthenticated || error.kind == ErrorKind::Cancelled;
}

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

const AbiFunction &adapterReader()
{
    return reader("function adapters(bytes32) view returns (address)");
}

template <class T> std::optional<T> single(const AbiFunction &function, const Result<Bytes> &returned)
{
    if (!returned)
        return std::nullopt;
    const auto values = function.decodeOutput(*returned);
    const T *value = values && values->size() == 1 ? values->front().get<T>() : nullptr;
    return value ? std::optional<T>(*value) : std::nullopt;
}

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
    SimulationFacts facts;
    static_cast<SafeSimulation &>(facts) = *simulated;
    if (registry && !simulated->answers.isEmpty() && simulated->answers.last().succeeded)
        facts.keyAfter = single<Address>(keyReader(), simulated->answers.last().returned);
    co_return facts;
}


// What the calls of the subject need, besides accounts.
struct Wanted {
    QList<std::pair<Address, Hash32>> registries; // with the party
    QList<std::pair<Address, Hash32>> adapters; // vault and adapter id
};

Wanted wantedBy(const ReviewTree &tree, const AddressBook &book)
{
    Wanted wanted;
    for (const ReviewedCall &call : tree.calls()) {
        const Address &to = call.node->to;
        if (const auto party = call.read.hashArgument(u"partyId"); party && book.role(to) == ContractRole::Registry) {
            if (!wanted.registries.contains(std::pair(to, *party)) && wanted.registries.size() < maxRegistries)
                wanted.registries.append({to, *party});
        }
        if (call.read.name != "registerAdapter"_L1 && call.read.name != "removeAdapter"_L1)
            continue;
        const std::pair place(to, call.read.hashArgument(u"adapterId").value_or(Hash32()));
        if (!wanted.adapters.contains(place) && wanted.adapters.size() < maxAdapters)
            wanted.adapters.append(place);
    }
    return wanted;
}

QList<Address> accountsOf(const ReviewSubject &subject, const ReviewContext &context, const AddressBook &book)
{
    const ReviewTree tree(subject, context, book);
    QList<Address> accounts = tree.accounts();
    for (const Address &owner : context.safe.owners) {
        if (!accounts.contains(owner))
            accounts.append(owner);
    }
    if (!accounts.contains(subject.safe))
        accounts.append(subject.safe);
    for (const ContractFacts &facts : context.contracts) {
        const Address *implementation = facts.implementation();
        if (implementation && !accounts.contains(*implementation))
            accounts.append(*implementation);
    }
    if (accounts.size() > maxAccounts)
        accounts.resize(maxAccounts);
    return accounts;
}

// Until nothing new appears: what an account is decides how its calls are read, and a proxy names another account.
QCoro::Task<Result<void>> readAccounts(
    ReviewEndpoint &endpoint, const ReviewSubject &subject, ReviewContext &context, const AddressBook &book, std::stop_token stop)
{
    constexpr int maxRounds = 4;
    const BlockNumber height = context.safe.blockNumber;
    std::optional<BlockNumber> freshSince;
    if (height.value() > ReviewContext::freshBlocks)
        freshSince = BlockNumber(height.value() - ReviewContext::freshBlocks);
    for (int round = 0; round < maxRounds; ++round) {
        QList<Address> missing;
        const QList<Address> accounts = accountsOf(subject, context, book);
        for (const Address &account : accounts) {
            if (!context.contracts.contains(account))
                missing.append(account);
        }
        if (missing.isEmpty())
            break;
        const BlockRef block = BlockRef::at(context.safe.blockHash);
        auto facts = co_await readContracts(endpoint.rpc, missing, block, freshSince, stop);
        if (stop.stop_requested())
            co_return cancelled();
        if (!facts)
            co_return std::unexpected(facts.error());
        context.contracts.insert(*facts);
    }
    co_return {};
}

QCoro::Task<Result<void>> readOtherSafes(ReviewEndpoint &endpoint, ReviewContext &context, std::stop_token stop)
{
    QList<Address> safes;
    for (auto it = context.contracts.cbegin(); it != context.contracts.cend(); ++it) {
        if (it->proxy && it->proxy->kind == ProxyKind::Safe && it.key() != context.safe.safe)
            safes.append(it.key());
    }
    if (safes.size() > maxOtherSafes)
        safes.resize(maxOtherSafes);
    for (const Address &safe : std::as_const(safes)) {
        const BlockRef block = BlockRef::at(context.safe.blockHash);
        auto state = co_await readSafeState(endpoint.chain, safe, block, stop);
        if (stop.stop_requested())
            co_return cancelled();
        if (!state && isSilence(state.error()))
            co_return std::unexpected(state.error());
        if (state)
            context.otherSafes.insert(safe, *std::move(state));
    }
    co_return {};
}

QCoro::Task<Result<void>> readOurContracts(
    ReviewEndpoint &endpoint, const ReviewSubject &subject, ReviewContext &context, const AddressBook &book, std::stop_token stop)
{
    const Wanted wanted = wantedBy(ReviewTree(subject, context, book), book);
    const ChainSettings *chain = context.environment ? context.environment->chain(subject.chainId) : nullptr;
    const QVector<VaultSettings> vaults = chain ? chain->vaults : QVector<VaultSettings>();
    for (const std::pair<Address, Hash32> &place : std::as_const(wanted.registries)) {
        auto registry = co_await readRegistry(endpoint.chain, context.safe, place.first, place.second, vaults, stop);
        if (stop.stop_requested())
            co_return cancelled();
        if (!registry && isSilence(registry.error()))
            co_return std::unexpected(registry.error());
        if (registry)
            context.registries.append(*std::move(registry));
    }
    std::vector<CallRequest> requests;
    for (const std::pair<Address, Hash32> &place : std::as_const(wanted.adapters))
        requests.push_back(question(place.first, adapterReader(), {AbiValue(place.second)}));
    if (requests.empty())
        co_return {};
    const BlockRef block = BlockRef::at(context.safe.blockHash);
    const auto answers = co_await endpoint.chain.callMany(requests, block, stop);
    if (stop.stop_requested())
        co_return cancelled();
    if (!answers)
        co_return std::unexpected(answers.error());
    for (size_t i = 0; i < answers->size(); ++i) {
        const auto &place = wanted.adapters.at(static_cast<qsizetype>(i));
        if (const auto adapter = single<Address>(adapterReader(), answers->at(i)))
            context.adapters.append({place.first, place.second, *adapter});
    }
    co_return {};
}

// Which chain the node serves, and the Safe: what decides at which block everything else is read.
QCoro::Task<Result<ReviewContext>> readSafe(
    std::shared_ptr<ReviewEndpoint> endpoint, ReviewSubject subject, ReviewContext context, BlockRef block, std::stop_token stop)
{
    auto asked = endpoint->chain.chainId(stop);
    const Address safeAddress = subject.safe;
    auto safe = co_await readSafeState(endpoint->chain, safeAddress, block, stop);
    const auto chainId = co_await asked;
    if (stop.stop_requested())
        co_return cancelled();
    if (!chainId)
        co_return fail(chainId.error().kind, u"%1 cannot be asked: %2"_s.arg(endpoint->name(), chainId.error().message),
            chainId.error().detail);
    context.rpcChainId = *chainId;
    context.endpoint = endpoint->name();
    if (!safe && isSilence(safe.error()))
        co_return std::unexpected(safe.error());
    if (safe)
        context.safe = *std::move(safe);
    else
        context.simulationError = safe.error();
    co_return context;
}

QCoro::Task<Result<ReviewContext>> readAllAccounts(
    std::shared_ptr<ReviewEndpoint> endpoint, ReviewSubject subject, ReviewContext context, std::stop_token stop)
{
    const ChainSettings *settings = context.environment ? context.environment->chain(subject.chainId) : nullptr;
    const AddressBook book(context.environment, settings, context.policy.get());
    if (const auto read = co_await readAccounts(*endpoint, subject, context, book, stop); !read)
        co_return std::unexpected(read.error());
    if (const auto read = co_await readOtherSafes(*endpoint, context, stop); !read)
        co_return std::unexpected(read.error());
    const QList claims{ClaimSubject{safeTxHash(context.safe.chainId, context.safe.safe, subject.transaction),
        subject.transaction, subject.signatures}};
    const SafeState state = context.safe;
    auto confirmed = co_await confirmClaims(endpoint->chain, state, claims, stop);
    if (stop.stop_requested())
        co_return cancelled();
    context.confirmed = confirmed.value(claims.constFirst().safeTxHash);
    if (const auto read = co_await readOurContracts(*endpoint, subject, context, book, stop); !read)
        co_return std::unexpected(read.error());
    const CodeQuestions questions = codeQuestions(ReviewTree(subject, context, book), context);
    const BlockRef block = BlockRef::at(context.safe.blockHash);
    auto code = co_await readCode(endpoint->chain, questions, block, stop);
    if (stop.stop_requested())
        co_return cancelled();
    if (!code)
        co_return std::unexpected(code.error());
    context.opcodes = std::move(code->opcodes);
    context.initialised = std::move(code->initialised);
    co_return context;
}

// The registry whose key the simulation asks for as well, when the transaction is about exactly one.
std::optional<RegistryFacts> registryAskedFor(const ReviewSubject &subject, const ReviewContext &context)
{
    const ChainSettings *settings = context.environment ? context.environment->chain(subject.chainId) : nullptr;
    const AddressBook book(context.environment, settings, context.policy.get());
    const Wanted wanted = wantedBy(ReviewTree(subject, context, book), book);
    if (wanted.registries.size() != 1)
        return std::nullopt;
    RegistryFacts registry;
    registry.registry = wanted.registries.first().first;
    registry.partyId = wanted.registries.first().second;
    return registry;
}

// Everything else, at the block that context.safe names. The three questions do not hang on each other and are asked at
// once; all are waited for, since they work with the endpoint that this frame keeps alive.
QCoro::Task<Result<ReviewContext>> readRest(
    std::shared_ptr<ReviewEndpoint> endpoint, ReviewSubject subject, ReviewContext context, std::stop_token stop)
{
    if (context.safe.safe != subject.safe)
        co_return context;
    const SafeState state = context.safe;
    const SafeTransaction transaction = subject.transaction;
    const auto version = SafeVersion::parse(judgeSafe(state).version);
    const Hash32 hash = safeHashes(version.value_or(SafeVersion::v141()), subject.chainId, subject.safe, transaction).safeTxHash;
    const auto registry = registryAskedFor(subject, context);
    auto hashing = readContractHash(endpoint->chain, state, transaction, stop);
    auto simulating = readSimulation(endpoint->rpc, endpoint->chain, state, transaction, hash, registry, stop);
    auto accounts = co_await readAllAccounts(endpoint, subject, context, stop);
    const auto contractHash = co_await hashing;
    auto simulation = co_await simulating;
    if (stop.stop_requested())
        co_return cancelled();
    if (!accounts)
        co_return accounts;
    accounts->contractHash = contractHash;
    if (simulation)
        accounts->simulation = *std::move(simulation);
    else
        accounts->simulationError = simulation.error();
    co_return accounts;
}

/// The second node's own view of the block that the first one named, or why there is none.
struct SecondView {
    SecondOpinion opinion;
    std::optional<ReviewContext> context;
};

QCoro::Task<SecondView> readSecondView(
    std::shared_ptr<ReviewEndpoint> endpoint, ReviewSubject subject, ReviewContext start, SafeState first, std::stop_token stop)
{
    SecondView view{{endpoint->name(), {}, {}}, {}};
    const BlockRef height = BlockRef::at(first.blockNumber);
    const auto block = co_await endpoint->chain.getBlock(height, stop);
    if (!block) {
        view.opinion.error = block.error();
        co_return view;
    }
    if (block->hash != first.blockHash) {
        view.opinion.disagreements.append(u"hash of block %1: %2 and %3"_s.arg(first.blockNumber.value())
                                              .arg(first.blockHash.toString(), block->hash.toString()));
        co_return view;
    }
    const BlockRef at = BlockRef::at(first.blockHash);
    auto safe = co_await readSafe(endpoint, subject, start, at, stop);
    if (!safe) {
        view.opinion.error = safe.error();
        co_return view;
    }
    const ReviewContext found = *safe;
    auto rest = co_await readRest(endpoint, subject, found, stop);
    if (!rest)
        view.opinion.error = rest.error();
    else
        view.context = *std::move(rest);
    co_return view;
}

SecondOpinion compared(const ReviewSubject &subject, const ReviewContext &first, SecondView second)
{
    SecondOpinion opinion = std::move(second.opinion);
    if (!second.context)
        return opinion;
    if (second.context->safe.safe != subject.safe && second.context->rpcChainId == first.rpcChainId)
        opinion.error = second.context->simulationError;
    else
        opinion.disagreements = differences(first, *second.context);
    if (!opinion.error && opinion.disagreements.isEmpty() && first.simulation && !second.context->simulation)
        opinion.error = second.context->simulationError;
    return opinion;
}

} // namespace

QString ReviewEndpoint::name() const
{
    constexpr QUrl::FormattingOptions hostOnly
        = QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment;
    return rpc.url().toString(hostOnly);
}

std::shared_ptr<const DescriptorStore> descriptorsFor(const Environment &environment)
{
    const QString folder = environment.file.isEmpty() ? QString() : QFileInfo(environment.file).dir().filePath(u"descriptors"_s);
    return std::make_shared<const DescriptorStore>(DescriptorStore::load(folder));
}

QCoro::Task<Result<ReviewContext>> readReviewContext(
    ReviewEndpoints endpoints, ReviewSubject subject, ReviewContext context, std::stop_token stop)
{
    const BlockRef latest = BlockRef::latest();
    const auto safe = co_await readSafe(endpoints.first, subject, context, latest, stop);
    if (!safe || stop.stop_requested())
        co_return safe;
    const ReviewContext &found = *safe;
    if (!endpoints.second || found.safe.safe != subject.safe) {
        auto alone = co_await readRest(endpoints.first, subject, found, stop);
        co_return co_await withPast(endpoints.first, subject, std::move(alone), stop);
    }
    // Both nodes at once: the second needs of the first only which block it speaks of.
    const SafeState state = found.safe;
    auto viewing = readSecondView(endpoints.second, subject, context, state, stop);
    auto first = co_await readRest(endpoints.first, subject, found, stop);
    auto view = co_await viewing;
    if (stop.stop_requested())
        co_return cancelled();
    if (first)
        first->second = compared(subject, *first, std::move(view));
    co_return co_await withPast(endpoints.first, subject, std::move(first), stop);
}

} // namespace countersign
