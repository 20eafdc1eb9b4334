#include "backend/proposals/proposaldrafts.h"
#include "backend/review/knowncalls.h"
#include "backend/review/reviewchecks.h"
#include "backend/safe/safestorage.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

Address addressIn(const Hash32 &word)
{
    return Address::fromBytes(word.view().last(Address::size)).value_or(Address());
}

/// The name of a changed slot, and how its value reads.
struct Named {
    QString name;
    QString variable;
    bool isAddress = false;
    bool isNumber = false;
};

std::optional<Named> nameOf(const ReviewDesk &desk, const SimulationFacts::StorageChange &change)
{
    if (change.contract == desk.item.proposal.safe && change.slot == slotNumber(SafeStorage::nonce))
        return Named{u"Nonce of the Safe"_s, u"Safe.nonce"_s, false, true};
    const auto &registry = desk.context.registry;
    if (registry && change.contract == registry->registry) {
        if (change.slot == mappingSlot(registry->partyId, slotNumber(RegistryLayout::cantonPartyToKey)))
            return Named{u"Canton key of %1"_s.arg(desk.book.describeParty(registry->partyId)),
                registryKeyVariable(registry->partyId), true, false};
        if (change.slot == slotNumber(RegistryLayout::owner))
            return Named{u"Owner of the key registry"_s, u"CantonKeyRegistry.owner"_s, true, false};
        if (change.slot == slotNumber(RegistryLayout::pendingOwner))
            return Named{u"Next owner of the key registry"_s, u"CantonKeyRegistry.pendingOwner"_s, true, false};
    }
    return std::nullopt;
}

QString text(const Hash32 &word, const Named &named)
{
    if (named.isAddress)
        return keyText(addressIn(word));
    if (named.isNumber)
        return Uint256::fromBigEndian(word.view()).value_or(Uint256()).toDecimal();
    return word.toString();
}

void fillFromChanges(const ReviewDesk &desk, const SimulationFacts &simulation)
{
    const Address &safe = desk.item.proposal.safe;
    for (const auto &change : simulation.changes) {
        const auto named = nameOf(desk, change);
        if (named) {
            desk.review.effects.append(
                {named->name, named->variable, text(change.before, *named), text(change.after, *named), {}});
            continue;
        }
        const QString place = u"slot %1 of %2"_s.arg(change.slot.toString(), desk.book.describe(change.contract));
        desk.review.effects.append({place, place, change.before.toString(), change.after.toString(), {}});
        if (change.contract == safe && desk.transaction().to != safe)
            desk.block("effect.safe"_L1, u"The transaction would change the Safe itself, which its call does not say"_s,
                place);
        else
            desk.warn(
                "effect.unnamed"_L1, u"The transaction changes a variable that this program cannot name"_s, place);
    }
}

void fillRegistryKey(const ReviewDesk &desk)
{
    const auto &registry = desk.context.registry;
    if (!registry || !desk.call.hashArgument(u"partyId"))
        return;
    const QString variable = registryKeyVariable(registry->partyId);
    const auto &simulation = desk.context.simulation;
    const bool simulated = simulation && simulation->succeeded && simulation->keyAfter;
    for (Effect &effect : desk.review.effects) {
        if (effect.variable != variable)
            continue;
        if (simulated && effect.after != keyText(*simulation->keyAfter)) {
            desk.block("effect.contradiction"_L1, u"Two ways of simulating give different keys afterwards"_s,
                u"%1 and %2"_s.arg(effect.after, keyText(*simulation->keyAfter)));
        }
        if (effect.before != keyText(registry->key))
            desk.block("effect.contradiction"_L1, u"The simulation began with another key than the registry holds"_s,
                effect.before);
        return;
    }
    desk.review.effects.prepend({u"Canton key of %1"_s.arg(desk.book.describeParty(registry->partyId)), variable,
        keyText(registry->key), simulated ? keyText(*simulation->keyAfter) : QString(), {}});
}

void compareWithPromises(const ReviewDesk &desk)
{
    for (const PromisedEffect &promise : desk.item.proposal.promises) {
        bool found = false;
        for (Effect &effect : desk.review.effects) {
            if (effect.variable != promise.name)
                continue;
            found = true;
            effect.promised = promise.after;
            if (!effect.isAsPromised()) {
                desk.block("effect.broken"_L1,
                    u"%1 would be %2, but the proposer promised %3"_s.arg(
                        effect.name, effect.after.isEmpty() ? u"unknown"_s : effect.after, promise.after),
                    promise.name);
            } else if (promise.before != effect.before) {
                desk.block("effect.stale"_L1,
                    u"%1 is %2 now; when it was proposed it was %3"_s.arg(effect.name, effect.before, promise.before),
                    promise.name);
            }
        }
        if (!found)
            desk.block("effect.missing"_L1,
                u"The proposer promised a change of %1, which the transaction does not make"_s.arg(promise.name));
    }
    if (desk.item.proposal.promises.isEmpty())
        desk.info("effect.unpromised"_L1,
            u"The proposer promised nothing; compare the simulated effect with what you expect"_s);
}

} // namespace

void checkEffects(const ReviewDesk &desk)
{
    const auto &simulation = desk.context.simulation;
    if (!simulation) {
        desk.block("simulation.missing"_L1,
            u"The execution could not be simulated: %1"_s.arg(
                desk.context.simulationError ? desk.context.simulationError->message : u"nothing was tried"_s),
            desk.context.simulationError ? desk.context.simulationError->detail : QString());
    } else if (!simulation->succeeded) {
        desk.block("simulation.failed"_L1, u"The execution fails in simulation: %1"_s.arg(simulation->reason),
            simulation->method);
    } else {
        desk.info("simulation.succeeded"_L1,
            u"The execution succeeds in simulation at block %1"_s.arg(desk.context.safe.blockNumber.value()),
            simulation->method);
        if (desk.transaction().nonce > desk.context.safe.nonce)
            desk.warn("simulation.assumes"_L1,
                u"The simulation assumes that the transactions before this one change nothing that matters"_s);
        if (simulation->hasChanges)
            fillFromChanges(desk, *simulation);
        else
            desk.warn("simulation.nodiff"_L1,
                u"The endpoint gives no difference of state: only the named variables are compared"_s,
                simulation->method);
    }
    fillRegistryKey(desk);
    compareWithPromises(desk);
}

} // namespace countersign
