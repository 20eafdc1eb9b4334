#include "backend/review/checks/allchecks.h"
#include "backend/review/upgrades.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

bool hasInitializer(const ContractArtifact &artifact)
{
    return std::ranges::any_of(artifact.abi().functions(), [](const AbiFunction &function) {
        return function.name().startsWith("initialize"_L1) && function.mutability() != StateMutability::View
            && function.mutability() != StateMutability::Pure;
    });
}

std::optional<Uint256> versionOf(const ReviewContext &context, const Address &contract)
{
    const auto found = std::ranges::find(context.initialised, contract, &InitializerFacts::contract);
    return found == context.initialised.end() ? std::nullopt : std::optional(found->version);
}

class ProxiableCheck final : public ReviewCheck {
public:
    ProxiableCheck()
        : ReviewCheck({38, "proxiable"_L1, u"After the upgrade the proxy is still ours",
            u"Where the upgrade is a function of the implementation (EIP-1822, UUPS), code without it can never be replaced "
            u"again. Who administers and owns the proxy must be the same afterwards. An initializer that nobody has run belongs "
            u"to whoever runs it first.",
            u"Parity (November 2017): anybody could initialise the library behind all wallets, and somebody did; Wormhole and "
            u"others (2022) had to pay for implementations that were left open."})
    {
    }

    void lookAtCall(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report) const override
    {
        const auto upgrade = upgradeIn(call);
        if (!upgrade)
            return;
        if (!desk.context.isOnline) {
            report.notRun(u"The new code, and what it finds, are on the chain"_s);
            return;
        }
        const ContractFacts *proxy = desk.context.contract(upgrade->proxy);
        const Address *before = proxy ? proxy->implementation() : nullptr;
        const ContractFacts *old = before ? desk.context.contract(*before) : nullptr;
        const KnownCode now = codeAt(desk.tree, desk.context, upgrade->implementation);
        if (old && old->proxiableUuid)
            lookAtUuid(desk, *upgrade, now, report);
        lookAtInitializer(desk, *upgrade, now, report);
        const KnownCode known = before ? codeAt(desk.tree, desk.context, *before) : KnownCode();
        lookAtOwners(desk, *upgrade, known, report);
    }

private:
    // The proxy has no upgrade of its own: the code behind it must bring one, for the same slot.
    static void lookAtUuid(const ReviewDesk &desk, const Upgrade &upgrade, const KnownCode &now, const CheckReport &report)
    {
        const ContractFacts *facts = desk.context.contract(upgrade.implementation);
        if (facts && facts->hasCode()) {
            if (facts->proxiableUuid != ProxySlots::implementation())
                report.block("upgrade.uuid"_L1,
                    u"The new code cannot stand behind this proxy: it has no upgrade for the slot of EIP-1967, and the proxy could "
                    u"never be upgraded again"_s,
                    facts->proxiableUuid ? u"proxiableUUID() is %1"_s.arg(facts->proxiableUuid->toString())
                                         : u"%1 has no proxiableUUID()"_s.arg(upgrade.implementation.toString()));
            return;
        }
        if (now.artifact && !now.artifact->abi().function(u"proxiableUUID"))
            report.block("upgrade.uuid"_L1,
                u"The new code cannot stand behind this proxy: it has no upgrade of its own, and the proxy could never be upgraded again"_s,
                u"the build %1 has no proxiableUUID()"_s.arg(now.artifact->contractName()));
        else
            report.notRun(u"The new code is not there yet, so that its proxiableUUID() cannot be asked"_s);
    }

    static void lookAtInitializer(const ReviewDesk &desk, const Upgrade &upgrade, const KnownCode &now, const CheckReport &report)
    {
        if (!now.artifact || !hasInitializer(*now.artifact))
            return;
        const auto own = versionOf(desk.context, upgrade.implementation);
        const auto behind = versionOf(desk.context, upgrade.proxy);
        if (own && own->isZero())
            report.warn("upgrade.open"_L1,
                u"The initializer of the new code was never run or locked on the implementation itself: anyone may run it there"_s,
                upgrade.implementation.toString());
        if (behind && behind->isZero() && upgrade.then.isEmpty())
            report.warn("upgrade.open"_L1,
                u"The proxy was never initialised, and the upgrade does not do it: whoever does it first may own it"_s,
                upgrade.proxy.toString());
    }

    // By what the simulation wrote.
    static void lookAtOwners(const ReviewDesk &desk, const Upgrade &upgrade, const KnownCode &old, const CheckReport &report)
    {
        if (!desk.context.simulation || !desk.context.simulation->hasChanges)
            return;
        const QByteArrayView code = old.artifact ? QByteArrayView(old.artifact->runtimeCode()) : QByteArrayView(old.code);
        const auto owner = ownerPlace(old.layout.get(), code);
        for (const StorageChange &change : desk.context.simulation->changes) {
            if (change.contract != upgrade.proxy || change.before == change.after)
                continue;
            if (change.slot == ProxySlots::admin())
                report.block("upgrade.admin"_L1, u"The upgrade also replaces who administers the proxy"_s,
                    u"%1 becomes %2"_s.arg(change.before.toString(), change.after.toString()));
            else if (owner && change.slot == owner->slot && owner->in(change.before) != owner->in(change.after))
                report.block("upgrade.owner"_L1, u"The upgrade also replaces who owns the contract behind the proxy"_s,
                    u"%1 becomes %2"_s.arg(change.before.toString(), change.after.toString()));
        }
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeProxiableCheck()
{
    return std::make_unique<ProxiableCheck>();
}

} // namespace countersign
