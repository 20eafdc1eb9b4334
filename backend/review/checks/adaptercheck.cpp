#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

class AdapterCheck final : public ReviewCheck {
public:
    AdapterCheck()
        : ReviewCheck({19, "adapter"_L1, u"What a vault may call",
            u"An adapter moves what the vault owns. Its code must be a known build, made for this very vault, and the place "
            u"that it takes is shown.",
            u"A contract of the attacker's that the vault trusts as one of its own."})
    {
    }

    void lookAtCall(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report) const override
    {
        const bool registers = call.read.name == "registerAdapter"_L1;
        if (!registers && call.read.name != "removeAdapter"_L1)
            return;
        const Address &vault = call.node->to;
        const Hash32 id = call.read.hashArgument(u"adapterId").value_or(Hash32());
        const std::optional<Address> adapter = call.read.addressArgument(u"adapter");
        lookAtPlace(desk, vault, id, adapter, report);
        if (adapter)
            lookAtAdapter(desk, vault, *adapter, report);
    }

private:
    static void lookAtPlace(const ReviewDesk &desk, const Address &vault, const Hash32 &id,
        const std::optional<Address> &adapter, const CheckReport &report)
    {
        const auto &all = desk.context.adapters;
        const auto found = std::ranges::find_if(
            all, [&](const AdapterFacts &facts) { return facts.vault == vault && facts.adapterId == id; });
        if (found == all.end()) {
            if (!desk.tree.createdAt(vault))
                report.notRun(u"What the vault has registered under that id is on the chain"_s);
            return;
        }
        if (!adapter && found->adapter.isZero())
            report.block("adapter.absent"_L1, u"The vault has no adapter of that id: there is nothing to remove"_s, id.toString());
        else if (adapter && found->adapter == *adapter)
            report.block("adapter.registered"_L1, u"The vault has this adapter already"_s, adapter->toString());
        else if (adapter && !found->adapter.isZero())
            report.warn("adapter.replaces"_L1,
                u"It takes the place of %1: intents of that id go to the new one from then on"_s.arg(found->adapter.toString()),
                id.toString());
    }

    static void lookAtAdapter(const ReviewDesk &desk, const Address &vault, const Address &adapter, const CheckReport &report)
    {
        if (adapter == vault || adapter.isZero()) {
            report.block("adapter.invalid"_L1, u"That address cannot be an adapter"_s, adapter.toString());
            return;
        }
        if (const ReviewedCreation *created = desk.tree.createdAt(adapter))
            return lookAtCreated(*created, vault, report);
        const ContractFacts *facts = desk.context.contract(adapter);
        if (!facts && !desk.context.isOnline) {
            report.notRun(u"The adapter's code is on the chain"_s);
            return;
        }
        if (!facts) {
            report.block("adapter.unread"_L1, u"The adapter's code is on the chain, and was not read"_s, adapter.toString());
            return;
        }
        const ArtifactStore *builds = desk.context.artifacts;
        const ContractArtifact *artifact = builds ? builds->ofRuntime(facts->code) : nullptr;
        if (const ContractArtifact *claimed = builds && !artifact ? builds->claimedForRuntime(facts->code) : nullptr)
            return refuseClaim(*claimed, report);
        if (!artifact || !artifact->abi().function(u"execute")) {
            report.block("adapter.unknown"_L1, u"The adapter's code is no known build of an adapter"_s,
                u"%1, code %2"_s.arg(adapter.toString(), facts->codeHash.toString()));
            return;
        }
        report.info("adapter.build"_L1, u"The adapter is the build %1"_s.arg(artifact->contractName()), facts->codeHash.toString());
        const auto values = artifact->immutablesIn(facts->code);
        for (const CodeImmutable &immutable : artifact->immutables()) {
            if (immutable.name != "vault"_L1 || !values)
                continue;
            const Bytes word = values->value(immutable.id);
            compareVault(Address::fromBytes(word.last(std::min(word.size(), Address::size))).value_or(Address()), vault, report);
            return;
        }
        report.warn("adapter.vault"_L1, u"The adapter's code does not say which vault it serves"_s, adapter.toString());
    }

    static void refuseClaim(const ContractArtifact &artifact, const CheckReport &report)
    {
        report.block("adapter.claimed"_L1,
            u"That the adapter is %1 is its proposer's word alone, and the vault would trust it with what it owns"_s.arg(
                artifact.contractName()));
    }

    static void lookAtCreated(const ReviewedCreation &created, const Address &vault, const CheckReport &report)
    {
        if (created.isClaimed())
            return refuseClaim(*created.match->artifact, report);
        if (!created.isBuild() || !created.match->artifact->abi().function(u"execute")) {
            report.block("adapter.unknown"_L1, u"The adapter that this transaction creates is no known build of an adapter"_s);
            return;
        }
        const auto &inputs = created.match->artifact->abi().constructorInputs();
        const auto &values = created.match->verdict.constructorArguments;
        for (size_t i = 0; i < inputs.size() && i < values.size(); ++i) {
            const auto *address = values[i].get<Address>();
            if (address && inputs[i].name.startsWith("vault"_L1))
                return compareVault(*address, vault, report);
        }
        report.warn("adapter.vault"_L1, u"The adapter's arguments do not say which vault it serves"_s);
    }

    static void compareVault(const Address &served, const Address &vault, const CheckReport &report)
    {
        if (served == vault)
            report.info("adapter.vault"_L1, u"The adapter was made for this vault"_s, vault.toString());
        else
            report.block("adapter.vault"_L1, u"The adapter was made for another vault"_s,
                u"%1 instead of %2"_s.arg(served.toString(), vault.toString()));
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeAdapterCheck()
{
    return std::make_unique<AdapterCheck>();
}

} // namespace countersign
