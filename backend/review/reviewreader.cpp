#include "backend/review/reviewreader.h"

#include "backend/review/reviewsafetransaction.h"
#include "backend/types/strings.h"

#include <QCoroFuture>

#include <algorithm>

namespace countersign {

ReviewReader::ReviewReader(const Environment &environment, const Clock &clock)
    : m_environment(environment)
    , m_clock(clock)
    , m_descriptors(descriptorsFor(environment))
{
    for (const ChainSettings &chain : environment.chains) {
        if (chain.rpc.isEmpty())
            continue;
        Chain &added = m_chains.emplace_back();
        added.id = chain.chainId;
        added.name = chain.name;
        added.endpoints.first = std::make_shared<ReviewEndpoint>(chain.rpc.at(0));
        if (chain.rpc.size() > 1)
            added.endpoints.second = std::make_shared<ReviewEndpoint>(chain.rpc.at(1));
    }
}

ReviewReader::~ReviewReader() = default;

void ReviewReader::setPolicy(Result<Policy> policy)
{
    m_policy.reset();
    m_policyError.reset();
    if (policy)
        m_policy = std::make_shared<const Policy>(*std::move(policy));
    else
        m_policyError = policy.error();
}

QCoro::Task<Result<Review>> ReviewReader::review(
    ExchangeItem item, QList<ExchangeItem> others, std::stop_token stop, ReviewActor actor)
{
    const std::shared_ptr<const ArtifactStore> ours;
    co_return co_await review(ReviewSubject::of(item), std::move(others), ours, stop, actor);
}

QCoro::Task<ReviewBuilds> ReviewReader::builds(ReviewSubject subject, QList<ExchangeItem> others,
    std::shared_ptr<const ArtifactStore> known, std::stop_token stop)
{
    const auto alive = m_scope.token();
    const DocumentSource documents = m_documents;
    ReviewBuilds builds;
    builds.store = known ? std::move(known)
                         : std::shared_ptr<const ArtifactStore>(std::shared_ptr<void>(), &ArtifactStore::ours());
    if (!documents)
        co_return builds;
    std::shared_ptr<ArtifactStore> extended;
    const QList<ClaimedFile> files = claimedFiles(subject.description(), subject.chainId, subject.safe, others);
    for (const ClaimedFile &file : files) {
        if (builds.store->hasClaim(file.attachment.contentHash))
            continue;
        const auto reading = documents(file.attachment.contentHash);
        const auto content = co_await reading;
        if (alive.stop_requested() || stop.stop_requested())
            co_return builds;
        if (!extended)
            extended = std::make_shared<ArtifactStore>(*builds.store);
        const Result<void> added = content ? addClaimedBuild(*extended, file, *content)
                                           : Result<void>(std::unexpected(content.error()));
        if (!added)
            builds.problems.append({file, added.error().message});
    }
    if (extended)
        builds.store = extended;
    co_return builds;
}

QCoro::Task<Result<Review>> ReviewReader::review(ReviewSubject subject, QList<ExchangeItem> others,
    std::shared_ptr<const ArtifactStore> artifacts, std::stop_token stop, ReviewActor actor)
{
    const auto alive = m_scope.token();
    const auto chain = std::ranges::find(m_chains, subject.chainId, &Chain::id);
    if (chain == m_chains.end())
        co_return fail(ErrorKind::NotFound, u"This environment has no chain %1"_s.arg(subject.chainId.value()));
    const ReviewBuilds known = co_await builds(subject, others, artifacts, stop);
    if (alive.stop_requested() || stop.stop_requested())
        co_return fail(ErrorKind::Cancelled, u"The review was cancelled"_s);
    ReviewContext start;
    start.environment = &m_environment;
    start.artifacts = known.store.get();
    start.claimProblems = known.problems;
    start.descriptors = m_descriptors;
    start.policy = m_policy;
    start.policyError = m_policyError;
    start.others = std::move(others);
    start.now = m_clock.now();
    start.actor = actor;
    const ReviewEndpoints endpoints = chain->endpoints;
    const QString name = chain->name;
    if (m_past) {
        auto past = co_await m_past(subject, actor);
        if (alive.stop_requested() || stop.stop_requested())
            co_return fail(ErrorKind::Cancelled, u"The review was cancelled"_s);
        start.past = std::move(past);
    }
    auto context = co_await readReviewContext(endpoints, subject, start, alive);
    if (alive.stop_requested() || stop.stop_requested())
        co_return fail(ErrorKind::Cancelled, u"The review was cancelled"_s);
    if (!context)
        co_return fail(context.error().kind, u"%1: %2"_s.arg(name, context.error().message), context.error().detail);
    if (m_intentCount && !context->registries.isEmpty())
        context->waitingIntents = m_intentCount(context->registries.first().partyId);
    co_return reviewSafeTransaction(subject, *context);
}

} // namespace countersign
