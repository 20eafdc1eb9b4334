#include "backend/proposals/execution/dependencies.h"

#include "backend/evm/chainclient.h"
#include "backend/proposals/execution/deploymentverifier.h"
#include "backend/proposals/safeoutcomes.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/safe/safestatereader.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <memory>

namespace countersign {

namespace {

std::unexpected<Error> waits(const ExchangeItem &item, const QString &why)
{
    return fail(ErrorKind::Rejected, u"It waits for “%1”, which %2"_s.arg(item.proposal.title, why), item.id().toString());
}

/// The receipt of the execution, and the block up to which it was looked at.
struct Executed {
    TransactionReceipt receipt;
    Hash32 seenAt;
};

// Error Rejected with what is still missing: "is not executed on Sepolia".
QCoro::Task<Result<Executed>> findExecuted(std::shared_ptr<JsonRpcClient> rpc, ChainSettings settings, ExchangeItem item, std::stop_token stop)
{
    ChainClient chain(*rpc);
    const Address safe = item.proposal.safe;
    const Hash32 id = item.id();
    const BlockRef latest = BlockRef::latest();
    const auto state = co_await readSafeState(chain, safe, latest, stop);
    if (!state)
        co_return std::unexpected(state.error());
    if (state->chainId != settings.chainId)
        co_return fail(ErrorKind::Conflict, u"%1 answers as chain %2"_s.arg(settings.name).arg(state->chainId.value()));
    const SafeState &known = *state;
    const QList<Hash32> asked{id};
    const auto outcomes = co_await readSafeOutcomes(chain, known, asked, stop);
    if (!outcomes)
        co_return std::unexpected(outcomes.error());
    const auto outcome = outcomes->found.constFind(id);
    if (outcome == outcomes->found.cend())
        co_return fail(ErrorKind::Rejected, u"is not executed on %1"_s.arg(settings.name));
    if (!outcome->succeeded)
        co_return fail(ErrorKind::Rejected, u"failed on %1"_s.arg(settings.name));
    if (known.blockNumber.value() < outcome->blockNumber.value() + settings.confirmations)
        co_return fail(ErrorKind::Rejected, u"is executed on %1, but not final yet"_s.arg(settings.name));
    const Hash32 transaction = outcome->transactionHash;
    const auto receipt = co_await chain.getTransactionReceipt(transaction, stop);
    if (!receipt)
        co_return std::unexpected(receipt.error());
    if (!*receipt)
        co_return fail(ErrorKind::Rejected, u"the node no longer shows as executed"_s);
    co_return Executed{**receipt, known.blockHash};
}

QCoro::Task<Result<QList<DeploymentVerification>>> readDeployments(
    ChainSettings settings, ExchangeItem item, const ArtifactStore &artifacts, std::stop_token stop)
{
    const auto rpc = std::make_shared<JsonRpcClient>(settings.rpc.first());
    const auto executed = co_await findExecuted(rpc, settings, item, stop);
    if (!executed)
        co_return std::unexpected(executed.error());
    const TransactionReceipt receipt = executed->receipt;
    const BlockRef now = BlockRef::at(executed->seenAt);
    co_return co_await verifyDeployments(*rpc, item, receipt, now, artifacts, stop);
}

QCoro::Task<Result<void>> requireDone(
    ChainSettings settings, ExchangeItem item, const ArtifactStore &artifacts, std::stop_token stop)
{
    const Hash32 id = item.id();
    const auto verifications = co_await readDeployments(settings, item, artifacts, stop);
    if (!verifications && verifications.error().kind == ErrorKind::Rejected)
        co_return waits(item, verifications.error().message);
    if (!verifications)
        co_return std::unexpected(verifications.error());
    for (const DeploymentVerification &deployment : *verifications) {
        const auto failed = std::ranges::find(deployment.steps, false, &VerificationStep::ok);
        if (failed != deployment.steps.end())
            co_return fail(ErrorKind::Conflict,
                u"“%1” created %2, which is not what it should be: “%3” does not hold (%4)"_s.arg(
                    item.proposal.title, deployment.address.toString(), failed->text, failed->evidence),
                id.toString());
    }
    co_return Result<void>{};
}

} // namespace

QCoro::Task<Result<void>> requireDependencies(Environment environment, Proposal proposal, QList<ExchangeItem> others,
    const ArtifactStore &artifacts, std::stop_token stop)
{
    for (const Hash32 &hash : std::as_const(proposal.dependsOn)) {
        const auto found = std::ranges::find_if(others, [&hash](const ExchangeItem &one) { return one.id() == hash; });
        if (found == others.end())
            co_return fail(ErrorKind::Rejected, u"It waits for %1, which is not in the exchange"_s.arg(hash.toString()));
        const ExchangeItem &item = *found;
        const ChainSettings *chain = environment.chain(item.proposal.chainId);
        if (!chain || chain->rpc.isEmpty())
            co_return waits(item, u"is for chain %1, which this environment does not have"_s.arg(item.proposal.chainId.value()));
        const ChainSettings settings = *chain;
        const auto done = co_await requireDone(settings, item, artifacts, stop);
        if (!done)
            co_return done;
        if (stop.stop_requested())
            co_return fail(ErrorKind::Cancelled, u"The execution was given up"_s);
    }
    co_return Result<void>{};
}

QCoro::Task<Result<QList<DeploymentVerification>>> executedDeployments(
    ChainSettings settings, ExchangeItem item, const ArtifactStore &artifacts, std::stop_token stop)
{
    const QString title = item.proposal.title;
    auto deployments = co_await readDeployments(std::move(settings), std::move(item), artifacts, stop);
    if (!deployments && deployments.error().kind == ErrorKind::Rejected)
        co_return fail(ErrorKind::Rejected, u"“%1” %2"_s.arg(title, deployments.error().message));
    co_return deployments;
}

} // namespace countersign
