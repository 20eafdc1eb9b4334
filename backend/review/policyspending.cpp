#include "backend/review/policyspending.h"

#include "backend/policy/policy.h"
#include "backend/review/policyquestions.h"

#include <algorithm>

namespace countersign {

namespace {

using namespace std::chrono_literals;

bool leaves(const PolicyCall &call)
{
    return call.operation == SafeOperation::Call && call.to != call.safe && !call.value.isZero();
}

// The calls of a transaction of the same Safe that is not under review.
QList<PolicyCall> callsOf(const SafeTransaction &transaction, const ReviewDesk &desk)
{
    ReviewSubject subject;
    subject.chainId = desk.subject.chainId;
    subject.safe = desk.subject.safe;
    subject.transaction = transaction;
    const ReviewTree tree(subject, desk.context, desk.book);
    Review nothing;
    return policyCalls({subject, desk.context, desk.chain, desk.book, tree, desk.version, nothing});
}

void addSpending(QList<PolicySpending> &spending, const SafeTransaction &transaction, Timestamp at, const ReviewDesk &desk)
{
    for (const PolicyCall &call : callsOf(transaction, desk)) {
        if (leaves(call))
            spending.append({at, desk.subject.chainId, std::nullopt, call.value});
        if (call.token && call.token->to != call.safe)
            spending.append({at, desk.subject.chainId, call.token->asset, call.token->amount});
    }
}

bool canBeExecuted(const ExchangeItem &item, const SafeState &safe)
{
    const auto signatures = std::ranges::count_if(
        item.signatures, [&](const CollectedSignature &signature) { return safe.isOwner(signature.owner); });
    return item.proposal.transaction.nonce >= safe.nonce && Uint256(static_cast<quint64>(signatures)) >= safe.threshold;
}

std::chrono::hours longest(const AmountLimits &limits)
{
    return limits.per7d ? 7 * 24h : limits.per24h ? 24h : 0h;
}

} // namespace

std::optional<std::chrono::hours> pastAskedFor(const ReviewSubject &subject, const ReviewContext &context)
{
    const ChainLimits *limits = context.policy ? context.policy->limitsOf(subject.chainId) : nullptr;
    if (!limits)
        return std::nullopt;
    const ChainSettings *chain = context.environment ? context.environment->chain(subject.chainId) : nullptr;
    const AddressBook book(context.environment, chain, context.policy.get());
    const ReviewTree tree(subject, context, book);
    Review nothing;
    std::chrono::hours back{0};
    for (const PolicyCall &call :
        policyCalls({subject, context, chain, book, tree, subject.version.value_or(SafeVersion::v141()), nothing})) {
        if (leaves(call))
            back = std::max(back, longest(limits->native));
        const auto token = call.token ? std::ranges::find(limits->tokens, call.token->asset, &TokenLimits::asset)
                                      : limits->tokens.end();
        if (token != limits->tokens.end())
            back = std::max(back, longest(token->limits));
    }
    return back.count() > 0 ? std::optional(back) : std::nullopt;
}

std::optional<QList<PolicySpending>> policySpending(const ReviewDesk &desk)
{
    if (!desk.hasSafe() || !desk.context.executions || !desk.context.executions->gap.isEmpty())
        return std::nullopt;
    QList<PolicySpending> spending;
    for (const PastExecution &execution : desk.context.executions->executed) {
        if (execution.succeeded)
            addSpending(spending, *execution.transaction, execution.at, desk);
    }
    // What is about to be sent is held against what was; two that wait would otherwise shut each other out.
    if (desk.context.actor.stage == PolicyStage::Execute)
        return spending;
    for (const ExchangeItem &other : desk.context.others) {
        const Proposal &proposal = other.proposal;
        if (proposal.chainId == desk.subject.chainId && proposal.safe == desk.subject.safe
            && proposal.transaction.nonce != desk.transaction().nonce && canBeExecuted(other, desk.context.safe))
            addSpending(spending, proposal.transaction, desk.context.now, desk);
    }
    return spending;
}

qsizetype unreadSpending(const ReviewDesk &desk)
{
    qsizetype unread = 0;
    if (!desk.context.executions)
        return unread;
    for (const PastExecution &execution : desk.context.executions->executed) {
        if (execution.succeeded && execution.transaction)
            unread += std::ranges::count(
                callsOf(*execution.transaction, desk), ActionKind::Unreadable, &PolicyCall::kind);
    }
    return unread;
}

} // namespace countersign
