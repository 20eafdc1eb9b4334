#include "backend/review/checks/allchecks.h"
#include "backend/safe/safecontracts.h"
#include "backend/safe/safeprojection.h"
#include "backend/safe/safetrust.h"
#include "backend/types/strings.h"

#include <QStringList>

#include <map>

namespace countersign {

namespace {

const Address &sentinel()
{
    static const Address one = *Address::fromBytes(Bytes(19, '\0') + Bytes(1, '\1'));
    return one;
}

QString listed(const std::vector<Address> &addresses, const AddressBook &book)
{
    QStringList texts;
    for (const Address &address : addresses)
        texts.append(book.describe(address));
    return texts.join(u", "_s);
}

SafeVersion versionOf(const SafeState &state)
{
    const auto proven = SafeVersion::parse(judgeSafe(state).version);
    return proven ? *proven : SafeVersion::parse(state.version).value_or(SafeVersion::v141());
}

// The threshold that a call asks for, when it names one.
std::optional<Uint256> thresholdIn(const SafeManagementCall &call)
{
    if (const auto *add = std::get_if<AddOwner>(&call))
        return add->threshold;
    if (const auto *remove = std::get_if<RemoveOwner>(&call))
        return remove->threshold;
    if (const auto *change = std::get_if<ChangeThreshold>(&call))
        return change->threshold;
    if (const auto *setup = std::get_if<SafeSetup>(&call))
        return setup->threshold;
    return std::nullopt;
}

std::optional<Address> newOwnerIn(const SafeManagementCall &call)
{
    if (const auto *add = std::get_if<AddOwner>(&call))
        return add->owner;
    if (const auto *swap = std::get_if<SwapOwner>(&call))
        return swap->newOwner;
    return std::nullopt;
}

class AdministrationCheck final : public ReviewCheck {
public:
    AdministrationCheck()
        : ReviewCheck({16, "administration"_L1, u"What becomes of the Safe itself",
            u"Owners, threshold, modules, guards, handler and code of the Safe are followed through all calls, as the "
            u"contract would, and shown before and after. Settings that nobody could undo are refused.",
            u"A threshold lowered inside a batch; modules and handlers that act without signatures; Safes that own each "
            u"other and can then never sign again."})
    {
    }

    void lookAtTransaction(const ReviewDesk &desk, const CheckReport &report) const override
    {
        std::map<Address, SafeProjection> projections;
        for (const ReviewedCall &call : desk.tree.calls()) {
            const CheckReport here = report.at(call.where);
            if (call.node->proxy)
                lookAtNewSafe(*call.node->proxy, here);
            if (call.node->management && isEffective(call))
                lookAt(desk, call, projections, here);
        }
    }

private:
    static Address safeOf(const ReviewedCall &call) { return call.isDelegate() ? call.node->runsAs : call.node->to; }

    // A Safe's settings change only when it calls itself; otherwise the call is refused, or is none of a Safe.
    static bool isEffective(const ReviewedCall &call)
    {
        return call.isDelegate() || call.node->to == call.node->runsAs
            || std::holds_alternative<ApproveHash>(*call.node->management);
    }

    static void lookAt(const ReviewDesk &desk, const ReviewedCall &call, std::map<Address, SafeProjection> &projections,
        const CheckReport &report)
    {
        const SafeManagementCall &management = *call.node->management;
        const Address safe = safeOf(call);
        report.warn("safe.administration"_L1,
            (safe == desk.subject.safe ? u"This changes the Safe itself: "_s : u"This changes the Safe %1: "_s.arg(safe.toString()))
                + explainManagementCall(management),
            call.read.decoded.signature);
        lookAtCallAlone(desk, management, report);

        const SafeState *state = desk.safeOf(safe);
        if (!state) {
            report.notRun(u"Whether the Safe accepts the change, and what its settings are afterwards, is on the chain"_s);
            return;
        }
        const auto projection = projections.try_emplace(safe, *state, versionOf(*state)).first;
        const QString before = settingsText(projection->second, desk.book);
        const auto applied = projection->second.apply(management);
        if (!applied) {
            report.block("safe.refused"_L1,
                u"The Safe would refuse this change: %1"_s.arg(applied.error().message), applied.error().detail);
            return;
        }
        const QString after = settingsText(projection->second, desk.book);
        if (after != before)
            report.info("safe.settings"_L1, u"Afterwards: %1"_s.arg(after), u"Before: %1"_s.arg(before));
        lookAtOutcome(projection->second, management, report);
        if (const auto owner = newOwnerIn(management))
            lookAtContractOwner(desk, *owner, safe, report);
    }

    static QString settingsText(const SafeProjection &projection, const AddressBook &book)
    {
        QString text = u"%1 of %2 (%3)"_s.arg(projection.threshold().toDecimal(),
            QString::number(projection.owners().size()), listed(projection.owners(), book));
        if (!projection.modules().empty())
            text += u", modules "_s + listed(projection.modules(), book);
        if (!projection.guard().isZero())
            text += u", guard "_s + projection.guard().toString();
        if (!projection.moduleGuard().isZero())
            text += u", module guard "_s + projection.moduleGuard().toString();
        if (!projection.fallbackHandler().isZero())
            text += u", handler "_s + projection.fallbackHandler().toString();
        return text;
    }

    // What can be said without knowing the Safe.
    static void lookAtCallAlone(const ReviewDesk &desk, const SafeManagementCall &call, const CheckReport &report)
    {
        if (const auto threshold = thresholdIn(call); threshold && *threshold <= Uint256(1))
            report.block("safe.threshold.low"_L1, u"One signature would be enough from then on"_s, threshold->toDecimal());
        if (const auto owner = newOwnerIn(call)) {
            if (owner->isZero() || *owner == sentinel() || *owner == desk.subject.safe)
                report.block("safe.owner.invalid"_L1, u"That address can never sign"_s, owner->toString());
            else if (!desk.book.contains(*owner) && !desk.context.safe.isOwner(*owner))
                report.block("safe.owner.unknown"_L1,
                    u"An address that this environment does not know would own the Safe"_s, owner->toString());
        }
        if (const auto *module = std::get_if<EnableModule>(&call))
            lookAtModule(desk, module->module, report);
        if (const auto *guard = std::get_if<SetGuard>(&call))
            lookAtGuard(desk, guard->guard, report);
        if (const auto *guard = std::get_if<SetModuleGuard>(&call))
            lookAtGuard(desk, guard->guard, report);
        if (const auto *handler = std::get_if<SetFallbackHandler>(&call))
            lookAtHandler(desk, handler->handler, report);
        if (const auto *method = std::get_if<SetSafeMethod>(&call); method && method->method != Hash32())
            report.block("safe.code.unknown"_L1, u"A contract would answer calls in the Safe's name"_s, method->method.toString());
        if (const auto *verifier = std::get_if<SetDomainVerifier>(&call); verifier && !verifier->verifier.isZero())
            report.block("safe.code.unknown"_L1, u"A contract would say what the Safe has signed"_s,
                verifier->verifier.toString());
        if (const auto *message = std::get_if<SignMessage>(&call))
            report.block("safe.message"_L1,
                u"The Safe would sign a message on the chain, without end and without a limit: whoever takes it counts it as "
                u"all owners' signature"_s,
                toHex(message->message.left(64)));
        if (const auto *change = std::get_if<ChangeMasterCopy>(&call))
            lookAtSingleton(desk, change->singleton, report);
        if (const auto *migration = std::get_if<MigrateToL2>(&call))
            lookAtSingleton(desk, migration->singleton, report);
        if (std::holds_alternative<SafeSetup>(call))
            report.block("safe.setup"_L1, u"A Safe that stands is not set up again"_s);
    }

    static void lookAtModule(const ReviewDesk &desk, const Address &module, const CheckReport &report)
    {
        report.block("safe.module.new"_L1, u"A module would act for the Safe without any signature"_s,
            desk.book.describe(module));
    }

    static void lookAtGuard(const ReviewDesk &desk, const Address &guard, const CheckReport &report)
    {
        if (guard.isZero())
            report.warn("safe.guard.removed"_L1, u"The guard is taken away: what it forbade is allowed from then on"_s);
        else if (!desk.book.contains(guard))
            report.block("safe.code.unknown"_L1,
                u"Code that this environment does not know would answer for the Safe, or lock it"_s, guard.toString());
        else
            report.warn("safe.guard.new"_L1,
                u"A guard can refuse everything, its own removal too: try that removal in a simulation first"_s,
                guard.toString());
    }

    static void lookAtHandler(const ReviewDesk &desk, const Address &handler, const CheckReport &report)
    {
        if (handler.isZero())
            return;
        const auto known = knownSafeContract(handler, desk.subject.chainId);
        const ContractFacts *facts = desk.context.contract(handler);
        const bool isPublished = known
            && (known->deployment.contract == SafeContract::CompatibilityFallbackHandler
                || known->deployment.contract == SafeContract::TokenCallbackHandler
                || known->deployment.contract == SafeContract::DefaultCallbackHandler
                || known->deployment.contract == SafeContract::ExtensibleFallbackHandler)
            && (!facts || facts->codeHash == known->deployment.codeHash);
        if (!isPublished && !desk.book.contains(handler))
            report.block("safe.code.unknown"_L1,
                u"Code that this environment does not know would answer for the Safe, or lock it"_s, handler.toString());
    }

    static void lookAtSingleton(const ReviewDesk &desk, const Address &singleton, const CheckReport &report)
    {
        const auto known = knownSafeContract(singleton, desk.subject.chainId);
        const ContractFacts *facts = desk.context.contract(singleton);
        const bool isSafe = known
            && (known->deployment.contract == SafeContract::Safe || known->deployment.contract == SafeContract::SafeL2)
            && (!facts || facts->codeHash == known->deployment.codeHash);
        if (!isSafe)
            report.block("safe.singleton"_L1,
                u"The Safe's code would be replaced by code that is no published release"_s, singleton.toString());
    }

    static void lookAtOutcome(
        const SafeProjection &projection, const SafeManagementCall &call, const CheckReport &report)
    {
        const bool changesOwners = std::holds_alternative<AddOwner>(call) || std::holds_alternative<RemoveOwner>(call)
            || std::holds_alternative<ChangeThreshold>(call);
        if (changesOwners && projection.threshold() == Uint256(projection.owners().size()))
            report.warn("safe.threshold.all"_L1,
                u"Every owner would have to sign: one lost key locks the Safe for ever"_s, projection.threshold().toDecimal());
    }

    static void lookAtContractOwner(
        const ReviewDesk &desk, const Address &owner, const Address &safe, const CheckReport &report)
    {
        const ContractFacts *facts = desk.context.contract(owner);
        const SafeState *parent = desk.safeOf(owner);
        if (!facts || !facts->hasCode() || (facts->proxy && facts->proxy->kind == ProxyKind::Delegation))
            return;
        if (!parent) {
            report.block("safe.owner.contract"_L1,
                u"The new owner is a contract that is no Safe: that it can sign at all is not known"_s, owner.toString());
            return;
        }
        if (hangsOn(desk, *parent, safe, 0))
            report.block("safe.deadlock"_L1,
                u"The new owner is a Safe that this Safe owns in turn: each would wait for the other's signature"_s,
                owner.toString());
        else
            report.warn("safe.owner.safe"_L1, u"The new owner is a Safe: its owners sign for it"_s,
                u"%1 of %2"_s.arg(parent->threshold.toDecimal(), QString::number(parent->owners.size())));
    }

    // Whether `safe` is among the owners of `state`, directly or through other Safes.
    static bool hangsOn(const ReviewDesk &desk, const SafeState &state, const Address &safe, int depth)
    {
        constexpr int maxDepth = 4;
        if (state.isOwner(safe))
            return true;
        if (depth >= maxDepth)
            return false;
        for (const Address &owner : state.owners) {
            const SafeState *next = desk.safeOf(owner);
            if (next && hangsOn(desk, *next, safe, depth + 1))
                return true;
        }
        return false;
    }

    // A Safe that is created runs what its setup names as itself, before anybody has signed anything.
    static void lookAtNewSafe(const ProxyCreation &proxy, const CheckReport &report)
    {
        const auto call = decodeManagementCall(proxy.initializer);
        const auto *setup = call ? std::get_if<SafeSetup>(&*call) : nullptr;
        if (!setup) {
            report.block("safe.setup.unread"_L1, u"How the new Safe is set up cannot be read"_s,
                toHex(proxy.initializer.left(4)));
            return;
        }
        if (setup->threshold <= Uint256(1))
            report.block("safe.threshold.low"_L1, u"One signature would be enough for the new Safe"_s,
                setup->threshold.toDecimal());
        const auto inner = decodeManagementCall(setup->data);
        if (!setup->to.isZero() && !(inner && std::holds_alternative<SetupToL2>(*inner)))
            report.block("safe.setup.delegatecall"_L1,
                u"The new Safe would run foreign code as itself while it is set up"_s, setup->to.toString());
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeAdministrationCheck()
{
    return std::make_unique<AdministrationCheck>();
}

} // namespace countersign
