#include "backend/review/contextpast.h"

#include "backend/review/contractreading.h"
#include "backend/review/executionreading.h"
#include "backend/review/policyspending.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

std::unexpected<Error> cancelled()
{
    return fail(ErrorKind::Cancelled, u"The review was cancelled"_s);
}

// The first block at which a holder looked before signing, as the signatures say.
std::optional<ReviewedBlock> firstReviewed(const ReviewSubject &subject, BlockNumber now)
{
    std::optional<ReviewedBlock> first;
    for (const CollectedSignature &signature : subject.signatures) {
        if (signature.reviewed && signature.reviewed->number < now && (!first || signature.reviewed->number < first->number))
            first = signature.reviewed;
    }
    return first;
}

// What stood behind the proxies when it was signed first.
QCoro::Task<Result<ReviewContext>> withReviewedProxies(
    std::shared_ptr<ReviewEndpoint> endpoint, ReviewSubject subject, ReviewContext context, std::stop_token stop)
{
    const auto reviewed = firstReviewed(subject, context.safe.blockNumber);
    QList<Address> proxies;
    for (auto it = context.contracts.cbegin(); it != context.contracts.cend(); ++it) {
        if (it->implementation())
            proxies.append(it.key());
    }
    if (!reviewed || proxies.isEmpty())
        co_return context;
    const BlockRef block = BlockRef::at(reviewed->hash);
    const auto facts = co_await readContracts(endpoint->rpc, proxies, block, std::nullopt, stop);
    if (stop.stop_requested())
        co_return cancelled();
    context.reviewedBlock = reviewed->number;
    if (facts)
        context.reviewedProxies = *facts;
    else
        context.reviewedError = facts.error();
    co_return context;
}

} // namespace

QCoro::Task<Result<ReviewContext>> withPast(std::shared_ptr<ReviewEndpoint> endpoint, ReviewSubject subject,
    Result<ReviewContext> context, std::stop_token stop)
{
    if (!context || context->safe.safe != subject.safe)
        co_return context;
    const ReviewContext found = *context;
    context = co_await withReviewedProxies(endpoint, subject, found, stop);
    if (!context)
        co_return context;
    const auto back = pastAskedFor(subject, *context);
    if (!back)
        co_return context;
    const SafeState state = context->safe;
    const Timestamp since = context->now - *back;
    const QList<ExchangeItem> known = context->others;
    auto executions = co_await readPastExecutions(endpoint, state, since, known, stop);
    if (stop.stop_requested())
        co_return cancelled();
    context->executions
        = executions ? *std::move(executions) : PastExecutions{{}, u"the node does not tell: %1"_s.arg(executions.error().message)};
    co_return context;
}

} // namespace countersign
