#include "backend/policy/policyamount.h"
#include "backend/policy/policychecks.h"
#include "backend/types/strings.h"

#include <QMap>

#include <algorithm>
#include <functional>

namespace countersign {

namespace {

using namespace std::chrono_literals;
using AmountText = std::function<QString(const Uint256 &)>;

Uint256 sum(const Uint256 &a, const Uint256 &b)
{
    return a.checkedAdd(b).value_or(Uint256::max());
}

/// What left in the window that ends now; what lies ahead of our clock counts, rather than being lost.
Uint256 spentSince(const PolicyQuestion &question, const std::optional<Address> &asset, Timestamp from)
{
    Uint256 total;
    for (const PolicySpending &spending : *question.spent) {
        if (spending.chain == question.chainId && spending.asset == asset && spending.at > from)
            total = sum(total, spending.amount);
    }
    return total;
}

void checkWindow(const PolicyDesk &desk, const std::optional<Address> &asset, const QString &name, const Uint256 &now,
    const std::optional<Uint256> &limit, std::chrono::hours window, const AmountText &text)
{
    if (!limit)
        return;
    if (!desk.question.spent || !desk.question.now) {
        desk.missing(u"how much %1 left in the last %2"_s.arg(name, durationText(window)));
        return;
    }
    const Uint256 before = spentSince(desk.question, asset, *desk.question.now - window);
    if (sum(before, now) > *limit)
        desk.block(u"policy.limit.window"_s,
            u"With this, more %1 would leave in %2 than the policy allows"_s.arg(name, durationText(window)),
            u"%1 before, %2 now, %3 allowed"_s.arg(text(before), text(now), text(*limit)));
}

void checkAmounts(const PolicyDesk &desk, const std::optional<Address> &asset, const QString &name,
    const Uint256 &amount, const AmountLimits &limits, const AmountText &text)
{
    if (amount.isZero())
        return;
    if (limits.perTransaction && amount > *limits.perTransaction)
        desk.block(u"policy.limit.transaction"_s, u"More %1 would leave than the policy allows at once"_s.arg(name),
            u"%1 of %2 allowed"_s.arg(text(amount), text(*limits.perTransaction)));
    checkWindow(desk, asset, name, amount, limits.per24h, 24h, text);
    checkWindow(desk, asset, name, amount, limits.per7d, 7 * 24h, text);
}

void checkNative(const PolicyDesk &desk, const ChainLimits &limits)
{
    Uint256 total;
    for (const PolicyCall &call : desk.question.calls) {
        // A delegatecall carries no value of its own, and a Safe that pays itself loses nothing.
        if (call.operation == SafeOperation::Call && call.to != call.safe)
            total = sum(total, call.value);
    }
    checkAmounts(desk, std::nullopt, u"native value"_s, total, limits.native, nativeAmount);
}

void checkTokens(const PolicyDesk &desk, const ChainLimits &limits)
{
    QMap<Address, Uint256> totals;
    for (const PolicyCall &call : desk.question.calls) {
        const bool moves = call.kind == ActionKind::TokenTransfer || call.kind == ActionKind::Allowance;
        if (moves && !call.token)
            desk.missing(u"which token %1 moves, and how much of it,"_s.arg(describeKind(call.kind)));
        // An allowance counts as if it were taken: from then on only the spender decides.
        if (call.token && call.token->to != call.safe)
            totals[call.token->asset] = sum(totals.value(call.token->asset), call.token->amount);
    }
    for (auto it = totals.cbegin(); it != totals.cend(); ++it) {
        const auto token = std::ranges::find(limits.tokens, it.key(), &TokenLimits::asset);
        if (token != limits.tokens.end()) {
            const int decimals = token->decimals;
            checkAmounts(desk, it.key(), token->name, it.value(), token->limits,
                [decimals](const Uint256 &amount) { return decimalAmount(amount, decimals); });
        } else if (limits.otherTokens != PolicySeverity::Info && !it.value().isZero()) {
            desk.find(u"policy.limit.token"_s, limits.otherTokens,
                u"The policy has no limits for the token that moves"_s, it.key().toString());
        }
    }
}

void checkFee(const PolicyDesk &desk, const ChainLimits &limits)
{
    if (!limits.maxFee)
        return;
    const auto &fee = desk.question.fee;
    if (!fee)
        desk.missing(u"what the Safe pays for its execution"_s);
    else if (!fee->asset.isZero() && !fee->most.isZero())
        desk.block(u"policy.fee"_s, u"The execution would be paid in a token, which the policy has no limit for"_s,
            fee->asset.toString());
    else if (fee->most > *limits.maxFee)
        desk.block(u"policy.fee"_s, u"The Safe would pay more for its execution than the policy allows"_s,
            u"up to %1 of %2 allowed"_s.arg(nativeAmount(fee->most), nativeAmount(*limits.maxFee)));
}

} // namespace

void checkLimits(const PolicyDesk &desk)
{
    const ChainLimits *limits = desk.policy.limitsOf(desk.question.chainId);
    if (!limits)
        return;
    checkNative(desk, *limits);
    checkTokens(desk, *limits);
    checkFee(desk, *limits);
}

} // namespace countersign
