#include "backend/review/tracefindings.h"

#include "backend/evm/tokenmovements.h"
#include "backend/safe/safecontracts.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

std::vector<std::pair<Address, Address>> knownProxies(const ReviewContext &context)
{
    std::vector<std::pair<Address, Address>> proxies{{context.safe.safe, context.safe.singleton}};
    for (auto it = context.contracts.cbegin(); it != context.contracts.cend(); ++it) {
        if (const Address *implementation = it->implementation())
            proxies.emplace_back(it.key(), *implementation);
    }
    for (const SafeState &safe : context.otherSafes)
        proxies.emplace_back(safe.safe, safe.singleton);
    return proxies;
}

// Code that runs on the Safe's own storage: the singleton's is no news, a library that a call names was judged there.
void lookAtDelegatecalls(const ReviewDesk &desk, const SafeSimulation &simulation, const CheckReport &report)
{
    const auto proxies = knownProxies(desk.context);
    for (const DelegatedCall &call : simulation.delegated(proxies)) {
        if (call.storage != desk.subject.safe || knownSafeContract(call.code, desk.subject.chainId))
            continue;
        report.block("effect.delegatecall"_L1, u"In the simulation foreign code runs as the Safe"_s, call.code.toString());
    }
}

void lookAtContracts(const ReviewDesk &desk, const SafeSimulation &simulation, const CheckReport &report)
{
    for (const CreatedContract &created : simulation.created()) {
        if (!desk.tree.createdAt(created.contract))
            report.warn("effect.created"_L1, u"A contract is created that no call announces"_s,
                u"%1 by %2, code %3"_s.arg(
                    created.contract.toString(), desk.book.describe(created.creator), created.codeHash.toString()));
    }
    for (const SelfDestruct &destroyed : selfDestructs(*simulation.trace))
        report.warn("effect.destroyed"_L1, u"A contract destroys itself"_s,
            u"%1, what it owns goes to %2"_s.arg(
                desk.book.describe(destroyed.contract), desk.book.describe(destroyed.beneficiary)));
}

void lookAtEther(const ReviewDesk &desk, const SafeSimulation &simulation, const CheckReport &report)
{
    const auto &calls = desk.tree.calls();
    for (const EtherTransfer &transfer : simulation.transfers) {
        if (transfer.from != desk.subject.safe)
            continue;
        const bool isSigned = std::ranges::any_of(calls, [&transfer](const ReviewedCall &call) {
            return call.node->to == transfer.to && call.node->value == transfer.amount;
        });
        if (!isSigned)
            report.warn("effect.ether"_L1, u"%1 wei leave the Safe by a call that was not signed"_s.arg(transfer.amount.toDecimal()),
                u"to %1"_s.arg(desk.book.describe(transfer.to)));
    }
}

void lookAtTokens(const ReviewDesk &desk, const SafeSimulation &simulation, const CheckReport &report)
{
    for (const TokenMovement &movement : tokenMovements(simulation.logs)) {
        if (movement.from == desk.subject.safe)
            report.warn("effect.tokens"_L1,
                u"%1 units of the token %2 leave the Safe"_s.arg(movement.amount.toDecimal(), desk.book.describe(movement.token)),
                u"to %1"_s.arg(desk.book.describe(movement.to)));
    }
    for (const AllowanceChange &change : allowanceChanges(simulation.logs)) {
        if (change.owner != desk.subject.safe || change.amount.isZero())
            continue;
        report.warn("effect.allowance"_L1,
            change.isUnlimited() ? u"%1 may take all of the Safe's tokens %2 afterwards"_s.arg(
                                       desk.book.describe(change.spender), desk.book.describe(change.token))
                                 : u"%1 may take %2 units of the Safe's tokens %3 afterwards"_s.arg(desk.book.describe(change.spender),
                                       change.amount.toDecimal(), desk.book.describe(change.token)),
            change.spender.toString());
    }
}

} // namespace

void lookAtTrace(const ReviewDesk &desk, const SafeSimulation &simulation, const CheckReport &report)
{
    for (const QString &limit : simulation.limits)
        report.notRun(limit);
    if (simulation.trace) {
        lookAtDelegatecalls(desk, simulation, report);
        lookAtContracts(desk, simulation, report);
    }
    lookAtEther(desk, simulation, report);
    lookAtTokens(desk, simulation, report);
}

} // namespace countersign
