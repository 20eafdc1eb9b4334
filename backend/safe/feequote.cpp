#include "backend/safe/feequote.h"

#include "backend/evm/chainclient.h"
#include "backend/types/nativeamount.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

const Uint256 mostPriorityFee = 1'000'000'000'000; // 1,000 gwei; what is above it a node invents

QString gwei(const Uint256 &wei)
{
    return decimalAmount(wei, 9) + u" gwei"_s;
}

std::unexpected<Error> overflow()
{
    return fail(ErrorKind::Corrupt, u"The node's fees are more than can be counted: nothing was signed"_s);
}

std::optional<Uint256> eighthMore(const Uint256 &fee)
{
    return fee.checkedAdd(fee.shiftedRight(3));
}

std::optional<Uint256> sum(const std::optional<Uint256> &a, const Uint256 &b)
{
    return a ? a->checkedAdd(b) : std::nullopt;
}

// The most that a unit of gas may cost so that both caps hold; absent without caps.
std::optional<Uint256> mostPerGas(const FeeCaps &caps, quint64 gasLimit)
{
    std::optional<Uint256> most = caps.maxFeePerGas;
    if (caps.maxTotalFee && gasLimit > 0) {
        const Uint256 share = caps.maxTotalFee->divmod(Uint256(gasLimit)).value_or(std::pair<Uint256, Uint256>()).first;
        most = most ? std::min(*most, share) : share;
    }
    return most;
}

std::unexpected<Error> aboveCaps(const FeeMarket &market, const Uint256 &needed, const FeeCaps &caps, quint64 gasLimit)
{
    const QString now = market.isLegacy
        ? u"Gas costs %1 now"_s.arg(gwei(market.suggestion.maxFeePerGas))
        : u"The base fee is %1 now"_s.arg(gwei(market.suggestion.baseFeePerGas));
    const bool isPerGas = caps.maxFeePerGas && *caps.maxFeePerGas < needed;
    const QString cap = isPerGas
        ? u"the cap is %1 a unit of gas"_s.arg(gwei(*caps.maxFeePerGas))
        : u"the cap is %1 for the whole, which has %2 gas"_s.arg(nativeAmount(caps.maxTotalFee.value_or(Uint256()))).arg(gasLimit);
    return fail(ErrorKind::Exhausted,
        u"%1, and %2 a unit of gas is needed; %3. Wait until fees fall, or raise the cap"_s.arg(now, gwei(needed), cap),
        u"fee.cap"_s);
}

} // namespace

void FeeQuote::applyTo(EvmTransaction &transaction) const
{
    transaction.type = isLegacy ? TransactionType::Legacy : TransactionType::FeeMarket;
    transaction.gasPrice = isLegacy ? maxFeePerGas : Uint256();
    transaction.maxFeePerGas = isLegacy ? Uint256() : maxFeePerGas;
    transaction.maxPriorityFeePerGas = isLegacy ? Uint256() : maxPriorityFeePerGas;
    transaction.gasLimit = gasLimit;
}

QCoro::Task<Result<FeeMarket>> readFeeMarket(ChainClient &chain, std::stop_token stop)
{
    const BlockRef latest = BlockRef::latest();
    const auto head = co_await chain.getBlock(latest, stop);
    if (!head)
        co_return std::unexpected(head.error());
    if (head->baseFeePerGas) {
        const auto suggestion = co_await chain.feeSuggestion(stop);
        if (!suggestion)
            co_return std::unexpected(suggestion.error());
        co_return FeeMarket{false, *suggestion};
    }
    const auto price = co_await chain.gasPrice(stop);
    if (!price)
        co_return std::unexpected(price.error());
    co_return FeeMarket{true, FeeSuggestion{.baseFeePerGas = {}, .maxPriorityFeePerGas = {}, .maxFeePerGas = *price}};
}

Result<FeeQuote> quoteFee(const FeeMarket &market, quint64 gasEstimate, const Uint256 &value, const FeeCaps &caps)
{
    const FeeSuggestion &now = market.suggestion;
    if (std::max(now.maxPriorityFeePerGas, market.isLegacy ? now.maxFeePerGas : Uint256()) > mostPriorityFee && !caps.maxFeePerGas)
        return fail(ErrorKind::Rejected,
            u"The node asks for %1 a unit of gas above the base fee, more than %2: nothing was signed"_s.arg(
                gwei(market.isLegacy ? now.maxFeePerGas : now.maxPriorityFeePerGas), gwei(mostPriorityFee)));
    FeeQuote quote;
    quote.isLegacy = market.isLegacy;
    quote.baseFeePerGas = now.baseFeePerGas;
    quote.maxPriorityFeePerGas = now.maxPriorityFeePerGas;
    quote.gasEstimate = gasEstimate;
    // The Safe keeps 1/64 of the gas back at each call, which an estimate can miss.
    quote.gasLimit = gasEstimate + gasEstimate / 4;
    quote.value = value;
    const auto needed = market.isLegacy ? std::optional(now.maxFeePerGas) : sum(eighthMore(now.baseFeePerGas), now.maxPriorityFeePerGas);
    if (!needed)
        return overflow();
    const auto most = mostPerGas(caps, quote.gasLimit);
    if (most && *most < *needed)
        return aboveCaps(market, *needed, caps, quote.gasLimit);
    quote.maxFeePerGas = std::max(now.maxFeePerGas, *needed);
    if (most)
        quote.maxFeePerGas = std::min(quote.maxFeePerGas, *most);
    const auto worst = quote.maxFeePerGas.checkedMul(Uint256(quote.gasLimit));
    const auto usual = market.isLegacy ? std::optional(now.maxFeePerGas) : now.baseFeePerGas.checkedAdd(now.maxPriorityFeePerGas);
    const auto worstCase = sum(worst, value);
    const auto expected = sum(usual ? usual->checkedMul(Uint256(gasEstimate)) : std::nullopt, value);
    if (!worstCase || !expected)
        return overflow();
    quote.worstCase = *worstCase;
    quote.expected = *expected;
    return quote;
}

QCoro::Task<Result<FeeQuote>> quoteFee(ChainClient &chain, CallRequest request, FeeCaps caps, std::stop_token stop)
{
    const auto market = co_await readFeeMarket(chain, stop);
    if (!market)
        co_return std::unexpected(market.error());
    const auto gas = co_await chain.estimateGas(request, stop);
    if (!gas)
        co_return std::unexpected(gas.error());
    auto quote = quoteFee(*market, *gas, request.value, caps);
    if (!quote)
        co_return quote;
    const Address submitter = request.from.value_or(Address());
    const BlockRef latest = BlockRef::latest();
    const auto balance = co_await chain.getBalance(submitter, latest, stop);
    if (!balance)
        co_return std::unexpected(balance.error());
    quote->balance = *balance;
    co_return quote;
}

Result<void> requireBalance(const FeeQuote &quote, const Address &submitter)
{
    if (quote.canPay())
        return {};
    return fail(ErrorKind::Exhausted,
        u"%1 cannot pay for the execution: it has %2 and may need %3"_s.arg(
            submitter.toString(), nativeAmount(quote.balance), nativeAmount(quote.worstCase)));
}

Result<EvmTransaction> withHigherFee(const EvmTransaction &sent, const FeeMarket &market, const FeeCaps &caps)
{
    const auto raised = [](const Uint256 &before, const Uint256 &now) -> std::optional<Uint256> {
        const auto more = sum(eighthMore(before), Uint256(1)); // an eighth, rounded up
        return more ? std::optional(std::max(*more, now)) : std::nullopt;
    };
    const FeeSuggestion &now = market.suggestion;
    const quint64 gasLimit = sent.gasLimit.toU64().value_or(0);
    const auto most = mostPerGas(caps, gasLimit);
    EvmTransaction replacement = sent;
    const auto least = raised(sent.feeCap(), Uint256());
    auto fee = raised(sent.feeCap(), now.maxFeePerGas);
    const auto priority = raised(sent.maxPriorityFeePerGas, now.maxPriorityFeePerGas);
    if (!least || !fee || !priority)
        return overflow();
    const Uint256 needed = sent.hasFeeMarket() ? std::max(*least, *priority) : *least;
    if (most && *most < needed)
        return aboveCaps(market, needed, caps, gasLimit);
    fee = std::max(*fee, needed);
    if (most)
        fee = std::min(*fee, *most);
    if (sent.hasFeeMarket()) {
        replacement.maxFeePerGas = *fee;
        replacement.maxPriorityFeePerGas = *priority;
    } else {
        replacement.gasPrice = *fee;
    }
    return replacement;
}

} // namespace countersign
