#include "backend/review/reviewchecks.h"
#include "backend/types/strings.h"

#include <QSet>

namespace countersign {

namespace {

void checkReading(const ReviewDesk &desk)
{
    const ReadCall &call = desk.call;
    const QString selector = toHex(desk.transaction().data.left(Selector::size));
    const bool ours = desk.book.role(desk.transaction().to) != ContractRole::Unknown;
    switch (call.reading) {
    case CallReading::Empty:
        break;
    case CallReading::Known:
        desk.info("call.decoded"_L1,
            u"The call is %1; encoding it again gives the same bytes"_s.arg(call.decoded.signature), selector);
        break;
    case CallReading::Guessed:
        desk.warn("call.guess"_L1,
            u"The contract is not ours: that the call is %1 is a guess from its first four bytes"_s.arg(
                call.decoded.signature),
            selector);
        break;
    case CallReading::Dirty:
        desk.block("call.dirty"_L1,
            u"The arguments of %1 are not in their one canonical encoding: something is hidden in them"_s.arg(
                call.decoded.function),
            call.problem);
        break;
    case CallReading::Unknown:
        if (ours)
            desk.block("call.unknown"_L1,
                u"%1 has no function that a proposal may call by %2"_s.arg(
                    desk.book.describe(desk.transaction().to), selector),
                selector);
        else
            desk.warn("call.unknown"_L1, u"The call cannot be read: its function is not known"_s, selector);
        break;
    }
}

void checkLookAlikes(const ReviewDesk &desk)
{
    QList<Address> addresses = desk.call.addresses();
    addresses.append(desk.transaction().to);
    if (!desk.transaction().refundReceiver.isZero())
        addresses.append(desk.transaction().refundReceiver);
    QSet<Address> seen;
    for (const Address &address : std::as_const(addresses)) {
        if (seen.contains(address))
            continue;
        seen.insert(address);
        if (const auto alike = desk.book.lookAlike(address)) {
            desk.block("address.lookalike"_L1,
                u"%1 looks like %2, but is another address"_s.arg(address.toString(), alike->name),
                alike->known.toString());
        }
    }
}

void checkOwnership(const ReviewDesk &desk)
{
    static const QSet<QString> moves{u"transferOwnership"_s, u"renounceOwnership"_s, u"grantRole"_s, u"revokeRole"_s,
        u"changeAdmin"_s, u"upgradeTo"_s, u"upgradeToAndCall"_s};
    const ReadCall &call = desk.call;
    if (!moves.contains(call.name))
        return;
    desk.warn("ownership.moves"_L1, u"This changes who controls %1"_s.arg(desk.book.describe(desk.transaction().to)),
        call.decoded.signature);
    for (const Address &address : call.addresses()) {
        if (!desk.book.contains(address))
            desk.block("ownership.unknown"_L1, u"Control would go to an address that this environment does not know"_s,
                address.toString());
    }
    if (call.name == "renounceOwnership"_L1)
        desk.block(
            "ownership.lost"_L1, u"Nobody would own %1 any more"_s.arg(desk.book.describe(desk.transaction().to)));
}

void checkSafeAdministration(const ReviewDesk &desk)
{
    if (desk.book.role(desk.transaction().to) != ContractRole::Safe || desk.call.reading == CallReading::Empty)
        return;
    desk.warn("safe.administration"_L1, u"This changes the Safe itself"_s, desk.call.decoded.signature);
    for (const QStringView parameter : {QStringView(u"_threshold"), QStringView(u"threshold")}) {
        if (const auto threshold = desk.call.numberArgument(parameter); threshold && *threshold <= Uint256(1))
            desk.block(
                "safe.threshold.low"_L1, u"One signature would be enough from then on"_s, threshold->toDecimal());
    }
    for (const QStringView parameter : {QStringView(u"owner"), QStringView(u"newOwner")}) {
        const auto owner = desk.call.addressArgument(parameter);
        if (owner && !desk.book.contains(*owner) && !desk.context.safe.isOwner(*owner))
            desk.block("safe.owner.unknown"_L1, u"An address that this environment does not know would own the Safe"_s,
                owner->toString());
    }
    for (const QStringView parameter : {QStringView(u"guard"), QStringView(u"moduleGuard"), QStringView(u"handler")}) {
        const auto code = desk.call.addressArgument(parameter);
        if (code && !code->isZero() && !desk.book.contains(*code))
            desk.block("safe.code.unknown"_L1,
                u"Code that this environment does not know would answer for the Safe, or lock it"_s, code->toString());
    }
    if (desk.call.name == "enableModule"_L1)
        desk.block("safe.module.new"_L1, u"A module would act for the Safe without any signature"_s);
}

void checkRegistry(const ReviewDesk &desk)
{
    const bool revokes = desk.call.name == "revokeKey"_L1;
    if (desk.book.role(desk.transaction().to) != ContractRole::Registry
        || (!revokes && desk.call.name != "registerKey"_L1))
        return;
    const Hash32 party = desk.call.hashArgument(u"partyId").value_or(Hash32());
    const PartySettings *settings = desk.context.environment ? desk.context.environment->party(party) : nullptr;
    if (!settings)
        desk.warn("party.unknown"_L1, u"This environment has no name for the party"_s, party.toString());
    else
        desk.info("party.known"_L1, u"The party is %1"_s.arg(settings->name), party.toString());
    const auto &registry = desk.context.registry;
    if (!registry || registry->partyId != party || registry->registry != desk.transaction().to) {
        desk.block("registry.unread"_L1, u"The key registry could not be read"_s);
        return;
    }
    if (registry->owner != desk.item.proposal.safe) {
        desk.block("registry.owner"_L1, u"The Safe does not own the key registry: the call would be refused"_s,
            registry->owner.toString());
    } else {
        desk.info("registry.owner"_L1, u"The Safe owns the key registry"_s, registry->registry.toString());
    }
    if (revokes && registry->key.isZero())
        desk.block("key.absent"_L1,
            u"%1 has no key in the registry: there is nothing to revoke"_s.arg(desk.book.describeParty(party)),
            party.toString());
    if (settings && settings->key && !registry->key.isZero() && *settings->key != registry->key) {
        desk.warn("key.differs"_L1,
            u"The registry holds another key for %1 than this environment"_s.arg(settings->name),
            u"registry %1, environment %2"_s.arg(registry->key.toString(), settings->key->toString()));
    }
    if (!revokes)
        return;
    QStringList vaults;
    for (const VaultFacts &vault : registry->vaults) {
        if (vault.usesRegistry && vault.servesParty)
            vaults.append(vault.name);
    }
    const QString name = desk.book.describeParty(party);
    if (vaults.isEmpty()) {
        desk.info("intents.none"_L1, u"No vault of this environment looks up the key of %1"_s.arg(name));
    } else {
        const QString waiting
            = desk.context.waitingIntents ? u"%1 on their way now"_s.arg(*desk.context.waitingIntents) : QString();
        desk.info("intents.stop"_L1,
            u"From then on %1 refuses every intent of %2, also those signed before"_s.arg(vaults.join(u", "_s), name),
            waiting);
    }
}

} // namespace

void checkMeaning(const ReviewDesk &desk)
{
    checkReading(desk);
    checkLookAlikes(desk);
    checkOwnership(desk);
    checkSafeAdministration(desk);
    checkRegistry(desk);
}

} // namespace countersign
