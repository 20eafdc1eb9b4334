#include "backend/proposals/execution/reverification.h"

#include "backend/evm/chainclient.h"
#include "backend/proposals/execution/deploymentverifier.h"
#include "backend/safe/safeexecution.h"
#include "backend/types/strings.h"

#include <memory>

namespace countersign {

QCoro::Task<Result<ExecutionReport>> verifyExecutionAgain(
    ChainSettings settings, ExchangeItem item, Hash32 transaction, std::stop_token stop)
{
    const auto rpc = std::make_shared<JsonRpcClient>(settings.rpc.first());
    ChainClient chain(*rpc);
    const auto found = co_await chain.getTransactionReceipt(transaction, stop);
    if (!found)
        co_return std::unexpected(found.error());
    if (!*found)
        co_return fail(ErrorKind::NotFound,
            u"The node of %1 does not know transaction %2"_s.arg(settings.name, transaction.toString()));
    const TransactionReceipt receipt = **found;
    if (const auto checked = checkReceipt(receipt, item.proposal.safe, item.id()); !checked)
        co_return std::unexpected(checked.error());
    const auto head = co_await chain.blockNumber(stop);
    if (!head)
        co_return std::unexpected(head.error());
    if (head->value() < receipt.blockNumber.value() + settings.confirmations)
        co_return fail(ErrorKind::Unavailable,
            u"The execution in block %1 is not final yet: %2 blocks upon it are wanted"_s.arg(receipt.blockNumber.value()).arg(settings.confirmations));
    const BlockRef block = BlockRef::latest();
    const auto deployments = co_await verifyDeployments(*rpc, item, receipt, block, ArtifactStore::ours(), stop);
    if (!deployments)
        co_return std::unexpected(deployments.error());
    ExecutionReport report;
    report.safeTxHash = item.id();
    report.transactionHash = receipt.transactionHash;
    report.blockNumber = receipt.blockNumber;
    report.blockHash = receipt.blockHash;
    report.gasUsed = receipt.gasUsed;
    report.submitter = receipt.from;
    report.isFinal = true;
    report.deployments = *deployments;
    co_return report;
}

} // namespace countersign
