#include "backend/proposals/compose/composer.h"

#include "backend/proposals/compose/actionplan.h"
#include "backend/proposals/compose/composereading.h"
#include "backend/proposals/compose/composerequestchecks.h"
#include "backend/proposals/compose/creations.h"
#include "backend/proposals/compose/noncechoice.h"
#include "backend/proposals/compose/promises.h"
#include "backend/proposals/compose/proposaldocuments.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

/// What one chain makes of a request.
struct Planned {
    ComposedProposal proposal;
    QList<ComposeProblem> problems;
    QList<Address> own; ///< contracts whose variables can be promised
};

std::unexpected<Error> cancelled()
{
    return fail(ErrorKind::Cancelled, u"Composing was cancelled"_s);
}

// Where the proposals that the request waits for create contracts on this chain.
QHash<Hash32, QList<Address>> createdBefore(
    const ComposeRequest &request, const ExchangeSnapshot &queue, const ComposeSite &site)
{
    QHash<Hash32, QList<Address>> created;
    for (const Hash32 &hash : request.dependsOn) {
        const ExchangeItem *item = queue.find(hash);
        if (!item || item->proposal.chainId != site.safe.chainId)
            continue;
        // By nonce the address is known only while nothing else creates before: such a proposal is the Safe's next.
        const bool isNext = item->proposal.safe == site.safe.safe && item->proposal.transaction.nonce == site.safe.nonce;
        const auto nonce = isNext ? std::optional(site.accountNonce()) : std::nullopt;
        const auto creations = creationsOf(item->proposal.transaction, item->proposal.safe, site.safe.chainId, nonce);
        for (const SafeCreation &creation : creations)
            created[hash].append(creation.address.value_or(Address()));
    }
    return created;
}

// Whether the request makes calls whose meaning only their writer knows.
bool makesForeignCalls(const ComposeRequest &request)
{
    return std::ranges::any_of(request.actions, [](const ComposeAction &action) {
        return std::holds_alternative<RawCallAction>(action) || std::holds_alternative<BuilderFileAction>(action);
    });
}

QList<Address> ownContracts(
    const ComposeSite &site, const ComposeRequest &request, const QList<PredictedCreation> &creations)
{
    QList<Address> own{site.safe.safe};
    if (site.chain->registry)
        own.append(*site.chain->registry);
    for (const VaultSettings &vault : site.chain->vaults)
        own.append(vault.address);
    for (const PredictedCreation &creation : creations)
        own.append(creation.address);
    // What the Safe owns may still be a token, whose balances everybody changes; our steps never touch those.
    if (makesForeignCalls(request))
        return own;
    for (auto it = site.contracts.cbegin(); it != site.contracts.cend(); ++it) {
        if (it->owner == site.safe.safe)
            own.append(it.key());
    }
    return own;
}

// \a known: the builds that everybody has. \a alive is the composer's: when it is gone, so may be the environment that the site points to.
QCoro::Task<Result<Planned>> planChain(std::shared_ptr<ReviewEndpoint> endpoint, ComposeSite start, ComposeRequest request,
    ExchangeSnapshot queue, Timestamp now, std::shared_ptr<const ArtifactStore> known, std::stop_token alive, std::stop_token stop)
{
    auto site = co_await readComposeSite(endpoint, start, stop);
    if (alive.stop_requested() || stop.stop_requested())
        co_return cancelled();
    if (!site)
        co_return std::unexpected(site.error());
    const NonceChoice choice = chooseNonce(request, queue, site->safe, now);
    site->isQueueCreating = choice.isQueueCreating;
    site->created = createdBefore(request, queue, *site);
    const QList<Address> named = ActionPlan(*site, request.actions).accounts();
    const ComposeSite found = *site;
    site = co_await readMore(endpoint, found, named, stop);
    if (alive.stop_requested() || stop.stop_requested())
        co_return cancelled();
    if (!site)
        co_return std::unexpected(site.error());

    const ActionPlan plan(*site, request.actions);
    Planned planned;
    planned.problems = choice.problems + plan.problems();
    planned.own = ownContracts(*site, request, plan.creations());
    ComposedProposal &proposal = planned.proposal;
    proposal.chainId = site->safe.chainId;
    proposal.creations = plan.creations();
    proposal.notes = plan.notes() + choice.notes;
    ProposalDraft &draft = proposal.draft;
    draft.chainId = site->safe.chainId;
    draft.safe = site->safe.safe;
    draft.transaction = plan.transaction();
    draft.transaction.nonce = choice.nonce;
    draft.safeVersion = site->version.toString();
    draft.createdAt = now;
    fillClaims(draft, request);
    planned.problems += attachDocuments(draft, proposal.documents, request, *known, queue);
    if (planned.problems.isEmpty())
        planned.problems = draftProblems(draft, request, queue);
    co_return planned;
}

// A problem that all chains have is one of the request.
QList<ComposeProblem> joined(const QList<ComposeProblem> &problems, qsizetype chains)
{
    QList<ComposeProblem> all;
    for (const ComposeProblem &problem : problems) {
        const auto isSame = [&problem](const ComposeProblem &other) {
            return other.action == problem.action && other.field == problem.field && other.message == problem.message;
        };
        ComposeProblem one = problem;
        if (std::ranges::count_if(problems, isSame) >= chains)
            one.chain.reset();
        if (!all.contains(one))
            all.append(one);
    }
    return all;
}

ReviewSubject subjectOf(const ProposalDraft &draft)
{
    ReviewSubject subject;
    subject.chainId = draft.chainId;
    subject.safe = draft.safe;
    subject.transaction = draft.transaction;
    subject.draft = draft;
    return subject;
}

QList<ExchangeItem> othersOf(const ProposalDraft &draft, const ExchangeSnapshot &queue)
{
    const Hash32 hash = draft.safeTxHash();
    QList<ExchangeItem> others;
    for (const ExchangeItem &item : queue.items) {
        if (item.id() != hash)
            others.append(item);
    }
    return others;
}

} // namespace

Composer::Composer(const Environment &environment, ReviewReader &reader, const Clock &clock,
    std::shared_ptr<const ArtifactStore> artifacts)
    : m_environment(environment)
    , m_reader(reader)
    , m_clock(clock)
    , m_artifacts(artifacts ? std::move(artifacts)
                            : std::shared_ptr<const ArtifactStore>(std::shared_ptr<void>(), &ArtifactStore::ours()))
{
    for (const ChainSettings &chain : environment.chains) {
        if (!chain.rpc.isEmpty())
            m_chains.push_back({&chain, std::make_shared<ReviewEndpoint>(chain.rpc.first())});
    }
}

Composer::~Composer() = default;

QCoro::Task<Result<Composition>> Composer::compose(ComposeRequest request, ExchangeSnapshot queue, std::stop_token stop)
{
    const auto alive = m_scope.token();
    const Timestamp now = m_clock.now();
    Composition composition;
    QList<ComposeProblem> problems = requestProblems(request, queue, m_environment, now);
    const auto artifacts = withOwnBuilds(m_artifacts, request);

    // All chains at once. Every task is waited for: each works with an endpoint that it keeps alive itself.
    std::vector<QCoro::Task<Result<Planned>>> planning;
    QList<ChainId> chains;
    for (const ChainId id : std::as_const(request.chains)) {
        const auto chain = std::ranges::find_if(m_chains, [id](const Chain &one) { return one.settings->chainId == id; });
        if (chain == m_chains.end() || !chain->settings->safe || chains.contains(id))
            continue; // requestProblems has noted it
        ComposeSite site;
        site.environment = &m_environment;
        site.chain = chain->settings;
        site.artifacts = artifacts;
        chains.append(id);
        planning.push_back(planChain(chain->endpoint, site, request, queue, now, m_artifacts, alive, stop));
    }
    std::vector<Planned> plans;
    std::optional<Error> silence;
    QList<ComposeProblem> ofChains;
    for (size_t i = 0; i < planning.size(); ++i) {
        auto planned = co_await planning[i];
        if (planned) {
            ofChains += planned->problems;
            plans.push_back(*std::move(planned));
            continue;
        }
        problems.append({-1, u"chains"_s, planned.error().message, chains.at(static_cast<qsizetype>(i))});
        if (!silence)
            silence = planned.error();
    }
    if (alive.stop_requested() || stop.stop_requested())
        co_return cancelled();
    if (silence && plans.empty())
        co_return std::unexpected(*silence);
    composition.problems = problems + joined(ofChains, static_cast<qsizetype>(plans.size()));
    std::ranges::sort(composition.problems, {},
        [](const ComposeProblem &problem) { return std::pair(problem.action, problem.field); });
    if (!composition.problems.isEmpty())
        co_return composition;

    std::vector<QCoro::Task<Result<Review>>> reviewing;
    reviewing.reserve(plans.size());
    for (const Planned &plan : plans)
        reviewing.push_back(m_reader.review(subjectOf(plan.proposal.draft), othersOf(plan.proposal.draft, queue), artifacts, stop));
    for (size_t i = 0; i < plans.size(); ++i) {
        auto review = co_await reviewing[i];
        ComposedProposal &proposal = plans[i].proposal;
        if (review) {
            proposal.draft.promises = promisesFrom(*review, plans[i].own, proposal.notes);
            proposal.review = *std::move(review);
        } else {
            proposal.reviewError = review.error();
        }
        composition.proposals.append(std::move(proposal));
    }
    if (alive.stop_requested() || stop.stop_requested())
        co_return cancelled();
    co_return composition;
}

} // namespace countersign
