#include "backend/review/reviewreader.h"

#include "backend/evm/chainclient.h"
#include "backend/review/addressbook.h"
#include "backend/review/calldecoder.h"
#include "backend/review/contextreading.h"
#include "backend/review/reviewsafetransaction.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/safe/safestatereader.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <utility>

namespace countersign {

struct ReviewReader::Endpoints {
    struct Endpoint {
        explicit Endpoint(const QUrl &url)
            : rpc(url)
            , chain(rpc)
        {
        }
        JsonRpcClient rpc;
        ChainClient chain;
    };

    explicit Endpoints(const ChainSettings &chain)
        : settings(chain)
        , first(chain.rpc.at(0))
    {
        if (chain.rpc.size() > 1)
            second = std::make_unique<Endpoint>(chain.rpc.at(1));
    }

    ChainSettings settings;
    Endpoint first;
    std::unique_ptr<Endpoint> second;
};

namespace {

// Hosted nodes carry the customer's key in the path; what is shown here is recorded for ever.
constexpr QUrl::FormattingOptions hostOnly
    = QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment;

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

// The party whose key the transaction is about, when its target is the registry of the chain.
std::optional<Hash32> partyOf(
    const SafeTransaction &transaction, const Environment &environment, const ChainSettings &chain)
{
    const AddressBook book(&environment, &chain);
    if (book.role(transaction.to) != ContractRole::Registry)
        return std::nullopt;
    return readCall(transaction, book).hashArgument(u"partyId");
}

} // namespace

ReviewReader::ReviewReader(const Environment &environment, const Clock &clock)
    : m_environment(environment)
    , m_clock(clock)
{
    for (const ChainSettings &chain : environment.chains) {
        if (!chain.rpc.isEmpty())
            m_endpoints.push_back(std::make_shared<Endpoints>(chain));
    }
}

ReviewReader::~ReviewReader() = default;

std::shared_ptr<ReviewReader::Endpoints> ReviewReader::endpoints(ChainId chain) const
{
    for (const auto &endpoints : m_endpoints) {
        if (endpoints->settings.chainId == chain)
            return endpoints;
    }
    return nullptr;
}

QCoro::Task<Result<ReviewContext>> ReviewReader::readContext(
    ExchangeItem item, QList<ExchangeItem> others, std::stop_token stop)
{
    const auto alive = m_scope.token();
    const auto endpoints = this->endpoints(item.proposal.chainId);
    if (!endpoints)
        co_return fail(ErrorKind::NotFound, u"This environment has no chain %1"_s.arg(item.proposal.chainId.value()));
    ChainClient &chain = endpoints->first.chain;
    const SafeTransaction transaction = item.proposal.transaction;
    ReviewContext context;
    context.environment = &m_environment;
    context.endpoint = endpoints->first.rpc.url().toString(hostOnly);
    context.others = std::move(others);
    context.now = m_clock.now();

    const auto chainId = co_await chain.chainId(alive);
    if (alive.stop_requested() || stop.stop_requested())
        co_return cancelled();
    if (!chainId)
        co_return fail(chainId.error().kind,
            u"%1 cannot be asked: %2"_s.arg(endpoints->settings.name, chainId.error().message), chainId.error().detail);
    context.rpcChainId = *chainId;

    const Address safeAddress = item.proposal.safe;
    const BlockRef latest = BlockRef::latest();
    const auto safe = co_await readSafeState(chain, safeAddress, latest, alive);
    if (alive.stop_requested() || stop.stop_requested())
        co_return cancelled();
    if (!safe && isSilence(safe.error()))
        co_return std::unexpected(safe.error());
    if (!safe) {
        context.simulationError = safe.error();
        co_return context;
    }
    context.safe = *safe;
    const SafeState &state = context.safe;
    const BlockRef block = BlockRef::at(state.blockHash);

    context.contractHash = co_await readContractHash(chain, state, transaction, alive);
    if (alive.stop_requested() || stop.stop_requested())
        co_return cancelled();
    const Address target = transaction.to;
    const auto code = co_await chain.getCode(target, block, alive);
    if (alive.stop_requested() || stop.stop_requested())
        co_return cancelled();
    if (!code)
        co_return std::unexpected(code.error());
    context.targetCodeSize = code->size();

    if (const auto party = partyOf(transaction, m_environment, endpoints->settings)) {
        const QVector<VaultSettings> vaults = endpoints->settings.vaults;
        const Hash32 partyId = *party;
        auto registry = co_await readRegistry(chain, state, target, partyId, vaults, alive);
        if (alive.stop_requested() || stop.stop_requested())
            co_return cancelled();
        if (!registry && isSilence(registry.error()))
            co_return std::unexpected(registry.error());
        if (registry)
            context.registry = *std::move(registry);
        if (m_intentCount)
            context.waitingIntents = m_intentCount(partyId);
    }

    const Hash32 hash = item.proposal.safeTxHash();
    const auto registryFacts = context.registry;
    auto simulation
        = co_await readSimulation(endpoints->first.rpc, chain, state, transaction, hash, registryFacts, alive);
    if (alive.stop_requested() || stop.stop_requested())
        co_return cancelled();
    if (simulation)
        context.simulation = *std::move(simulation);
    else
        context.simulationError = simulation.error();

    if (endpoints->second) {
        const QString name = endpoints->second->rpc.url().toString(hostOnly);
        auto opinion = co_await readSecondOpinion(endpoints->second->chain, name, context, target, alive);
        if (alive.stop_requested() || stop.stop_requested())
            co_return cancelled();
        // What the execution would do is the first endpoint's word just as the state is.
        if (!opinion.error && opinion.disagreements.isEmpty() && context.simulation) {
            const auto again = co_await readSimulation(endpoints->second->rpc, endpoints->second->chain, state,
                transaction, hash, registryFacts, alive);
            if (alive.stop_requested() || stop.stop_requested())
                co_return cancelled();
            const SimulationFacts &first = *context.simulation;
            if (!again)
                opinion.error = again.error();
            else if (again->succeeded != first.succeeded
                || (again->keyAfter && first.keyAfter && *again->keyAfter != *first.keyAfter)
                || (again->hasChanges && first.hasChanges && !std::ranges::is_permutation(again->changes, first.changes)))
                opinion.disagreements.append(u"outcome of the simulation"_s);
        }
        context.second = std::move(opinion);
    }
    co_return context;
}

QCoro::Task<Result<Review>> ReviewReader::review(ExchangeItem item, QList<ExchangeItem> others, std::stop_token stop)
{
    auto context = co_await readContext(item, std::move(others), stop);
    if (!context)
        co_return std::unexpected(context.error());
    co_return reviewSafeTransaction(item, *context);
}

} // namespace countersign
