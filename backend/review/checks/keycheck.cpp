#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

#include <QStringList>

namespace countersign {

namespace {

class KeyCheck final : public ReviewCheck {
public:
    KeyCheck()
        : ReviewCheck({20, "key"_L1, u"Whose key speaks for a Canton party",
            u"A key that is registered may order everything that its party may; one that is revoked stops all intents of the "
            u"party, also those under way. Party, key and consequences are read from the registry and shown.",
            u"A key of the attacker's for a real party; a revocation that stops the wrong party, or nobody."})
    {
    }

    void lookAtCall(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report) const override
    {
        const bool revokes = call.read.name == "revokeKey"_L1;
        if (desk.book.role(call.node->to) != ContractRole::Registry || (!revokes && call.read.name != "registerKey"_L1))
            return;
        const Hash32 party = call.read.hashArgument(u"partyId").value_or(Hash32());
        const PartySettings *settings = desk.context.environment ? desk.context.environment->party(party) : nullptr;
        if (!settings)
            report.warn("party.unknown"_L1, u"This environment has no name for the party"_s, party.toString());
        else
            report.info("party.known"_L1, u"The party is %1"_s.arg(settings->name), party.toString());
        if (!revokes)
            lookAtNewKey(call, settings, report);
        const RegistryFacts *registry = desk.context.registry(call.node->to, party);
        if (!registry) {
            if (desk.context.isOnline)
                report.block("registry.unread"_L1, u"The key registry could not be read"_s);
            else
                report.notRun(u"The party's key and the registry's owner are on the chain"_s);
            return;
        }
        lookAtRegistry(desk, call, *registry, settings, report);
        if (revokes)
            lookAtConsequences(desk, *registry, report);
    }

private:
    static void lookAtNewKey(const ReviewedCall &call, const PartySettings *settings, const CheckReport &report)
    {
        const Address key = call.read.addressArgument(u"publicKey").value_or(Address());
        if (key.isZero())
            report.block("key.zero"_L1, u"The zero address is no key"_s);
        else if (settings && settings->key && *settings->key == key)
            report.info("key.expected"_L1, u"The key is the one that this environment names for %1"_s.arg(settings->name), key.toString());
        else
            report.block("key.unknown"_L1,
                u"The key is not the one that this environment names for the party: whoever holds it could order in its name"_s,
                settings && settings->key ? u"%1 instead of %2"_s.arg(key.toString(), settings->key->toString()) : key.toString());
    }

    static void lookAtRegistry(const ReviewDesk &desk, const ReviewedCall &call, const RegistryFacts &registry,
        const PartySettings *settings, const CheckReport &report)
    {
        if (registry.owner != call.node->runsAs) {
            report.block("registry.owner"_L1, u"The Safe does not own the key registry: the call would be refused"_s,
                registry.owner.toString());
        } else {
            report.info("registry.owner"_L1, u"The Safe owns the key registry"_s, registry.registry.toString());
        }
        if (call.read.name == "revokeKey"_L1 && registry.key.isZero())
            report.block("key.absent"_L1,
                u"%1 has no key in the registry: there is nothing to revoke"_s.arg(desk.book.describeParty(registry.partyId)),
                registry.partyId.toString());
        if (settings && settings->key && !registry.key.isZero() && *settings->key != registry.key) {
            report.warn("key.differs"_L1,
                u"The registry holds another key for %1 than this environment"_s.arg(settings->name),
                u"registry %1, environment %2"_s.arg(registry.key.toString(), settings->key->toString()));
        }
    }

    static void lookAtConsequences(const ReviewDesk &desk, const RegistryFacts &registry, const CheckReport &report)
    {
        QStringList vaults;
        for (const VaultFacts &vault : registry.vaults) {
            if (vault.usesRegistry && vault.servesParty)
                vaults.append(vault.name);
        }
        const QString name = desk.book.describeParty(registry.partyId);
        if (vaults.isEmpty()) {
            report.info("intents.none"_L1, u"No vault of this environment looks up the key of %1"_s.arg(name));
            return;
        }
        const QString waiting
            = desk.context.waitingIntents ? u"%1 on their way now"_s.arg(*desk.context.waitingIntents) : QString();
        report.info("intents.stop"_L1,
            u"From then on %1 refuses every intent of %2, also those signed before"_s.arg(vaults.join(u", "_s), name), waiting);
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeKeyCheck()
{
    return std::make_unique<KeyCheck>();
}

} // namespace countersign
