#include "backend/proposals/execution/submissionamendment.h"

#include "backend/proposals/execution/submissionsight.h"
#include "backend/safe/feequote.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

constexpr quint64 plainTransferGas = 21'000;

// The body of what is sent; its fees are those that are to be exceeded.
EvmTransaction bodyOf(const Submission &submission, SubmissionPurpose purpose, quint64 cancellationGas)
{
    const EvmTransaction &dearest = submission.dearest()->transaction;
    EvmTransaction body = submission.sent.first().transaction;
    body.maxFeePerGas = dearest.maxFeePerGas;
    body.maxPriorityFeePerGas = dearest.maxPriorityFeePerGas;
    body.gasPrice = dearest.gasPrice;
    if (purpose == SubmissionPurpose::Cancellation) {
        body.to = submission.from;
        body.value = {};
        body.data.clear();
        body.gasLimit = cancellationGas;
    }
    return body;
}

} // namespace

QCoro::Task<Result<EvmTransaction>> prepareAmendment(
    ChainClient &chain, Submission submission, SubmissionPurpose purpose, FeeCaps caps, std::stop_token stop)
{
    if (submission.sent.isEmpty())
        co_return fail(ErrorKind::Conflict, u"Nothing was sent that could be replaced"_s);
    const auto sight = co_await lookAtSubmission(chain, submission, stop);
    if (!sight)
        co_return std::unexpected(sight.error());
    const bool isFree = sight->kind == SubmissionSight::Kind::Waiting || sight->kind == SubmissionSight::Kind::Dropped;
    const bool isUseless = sight->kind == SubmissionSight::Kind::ExecutedByOther || sight->kind == SubmissionSight::Kind::SafeNonceUsed;
    if (!isFree && !(isUseless && purpose == SubmissionPurpose::Cancellation))
        co_return fail(ErrorKind::Conflict, u"It is in a block already: there is nothing to replace"_s);

    const Address from = submission.from;
    quint64 cancellationGas = plainTransferGas;
    if (purpose == SubmissionPurpose::Cancellation) {
        CallRequest request;
        request.from = from;
        request.to = from;
        // More than a plain transfer where the account has code of its own (EIP-7702), or the chain other prices.
        const auto estimate = co_await chain.estimateGas(request, stop);
        cancellationGas = std::max(plainTransferGas, estimate.value_or(plainTransferGas));
    }
    const auto market = co_await readFeeMarket(chain, stop);
    if (!market)
        co_return std::unexpected(market.error());
    const EvmTransaction body = bodyOf(submission, purpose, cancellationGas);
    const auto amended = withHigherFee(body, *market, caps);
    if (!amended)
        co_return amended;
    const BlockRef latest = BlockRef::latest();
    const auto balance = co_await chain.getBalance(from, latest, stop);
    if (!balance)
        co_return std::unexpected(balance.error());
    FeeQuote quote;
    quote.balance = *balance;
    const auto cost = amended->feeCap().checkedMul(amended->gasLimit);
    quote.worstCase = cost.value_or(Uint256::max());
    if (const auto paid = requireBalance(quote, from); !paid)
        co_return std::unexpected(paid.error());
    co_return amended;
}

} // namespace countersign
