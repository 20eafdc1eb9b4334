#include "backend/review/effects.h"

#include "backend/proposals/proposaldrafts.h"
#include "backend/review/knowncalls.h"
#include "backend/safe/safestatediff.h"
#include "backend/safe/safestorage.h"
#include "backend/types/strings.h"

#include <QHash>

#include <algorithm>

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

std::optional<Named> nameOf(const ReviewDesk &desk, const StorageChange &change)
{
    if (change.contract == desk.subject.safe && change.slot == slotNumber(SafeStorage::nonce))
        return Named{u"Nonce of the Safe"_s, u"Safe.nonce"_s, false, true};
    for (const RegistryFacts &registry : desk.context.registries) {
        if (change.contract != registry.registry)
            continue;
        if (change.slot == mappingSlot(registry.partyId, slotNumber(RegistryLayout::cantonPartyToKey)))
            return Named{u"Canton key of %1"_s.arg(desk.book.describeParty(registry.partyId)),
                registryKeyVariable(registry.partyId), true, false};
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

bool upgradesSomething(const ReviewDesk &desk)
{
    const auto &calls = desk.tree.calls();
    return std::ranges::any_of(calls, [](const ReviewedCall &call) {
        return call.read.name.startsWith("upgrade"_L1) || call.read.name == "setImplementation"_L1
            || call.read.name == "changeAdmin"_L1 || call.read.name == "changeProxyAdmin"_L1 || call.creation
            || call.node->proxy;
    });
}

// Whether one of the calls changes the Safe's settings, by itself or through a library that does.
bool changesTheSafe(const ReviewDesk &desk)
{
    for (const ReviewedCall &call : desk.tree.calls()) {
        if (call.node->management || (call.node->to == desk.subject.safe && !call.node->data.isEmpty()))
            return true;
    }
    return false;
}

// By what the known builds keep where; a proxy keeps what its implementation says.
StorageLayouts layoutsOf(const ReviewDesk &desk)
{
    StorageLayouts layouts;
    const ArtifactStore *artifacts = desk.context.artifacts;
    if (!artifacts)
        return layouts;
    const auto add = [&layouts, artifacts](const Address &address, const ContractArtifact *artifact) {
        if (const auto layout = artifact ? artifacts->layoutOf(*artifact) : nullptr)
            layouts.insert(address, layout);
    };
    const ContractFactsByAddress &contracts = desk.context.contracts;
    for (auto it = contracts.cbegin(); it != contracts.cend(); ++it) {
        add(it.key(), artifacts->ofRuntime(it->code));
        const Address *implementation = it->implementation();
        if (const ContractFacts *behind = implementation ? desk.context.contract(*implementation) : nullptr)
            add(it.key(), artifacts->ofRuntime(behind->code));
    }
    for (const ReviewedCall &call : desk.tree.calls()) {
        if (call.creation && call.creation->address && call.creation->isKnownBuild())
            add(*call.creation->address, call.creation->match->artifact);
    }
    return layouts;
}

QString ownerOfVariables(const ReviewDesk &desk, const Address &contract)
{
    if (contract == desk.subject.safe)
        return u"the Safe"_s;
    const ReviewedCreation *created = desk.tree.createdAt(contract);
    if (created && created->isBuild())
        return (created->isClaimed() ? u"the new contract, which its proposer calls %1"_s : u"the new %1"_s)
            .arg(created->match->artifact->contractName());
    return desk.book.describe(contract);
}

void addEffect(const ReviewDesk &desk, const NamedChange &change, const StorageChange &words, const CheckReport &report)
{
    const EffectSlot place{change.contract, change.slot, words.after};
    if (const auto named = nameOf(desk, words)) {
        desk.review.effects.append(
            {named->name, named->variable, text(words.before, *named), text(words.after, *named), {}, place});
        return;
    }
    const QString owner = ownerOfVariables(desk, change.contract);
    const QString name = u"%1 of %2"_s.arg(change.variable, owner);
    const QString variable = u"%1.%2"_s.arg(change.contract.toString(), change.variable);
    desk.review.effects.append({name, variable, change.before, change.after, {}, place});
    if (change.role == SlotRole::Unknown && change.contract != desk.subject.safe)
        report.warn("effect.unnamed"_L1, u"The transaction changes a variable that this program cannot name"_s, name);
    if (change.role == SlotRole::Proxy && !upgradesSomething(desk))
        report.block("effect.proxy"_L1,
            u"The transaction would replace the code behind %1, which its calls do not say"_s.arg(owner), change.after);
}

void fillFromChanges(const ReviewDesk &desk, const SimulationFacts &simulation, const CheckReport &report)
{
    StorageKeys keys = safeStorageKeys(desk.context.safe, desk.transaction());
    if (simulation.trace)
        keys.addTrace(*simulation.trace);
    for (const RegistryFacts &registry : desk.context.registries)
        keys.add(registry.partyId);
    const QList<NamedChange> named = nameSafeChanges(desk.context.safe, simulation.changes, layoutsOf(desk), keys);
    QHash<std::pair<Address, Hash32>, StorageChange> words;
    for (const StorageChange &change : simulation.changes)
        words.insert({change.contract, change.slot}, change);
    for (const NamedChange &change : named)
        addEffect(desk, change, words.value({change.contract, change.slot}), report);
    if (changesTheSafe(desk))
        return;
    const QList<NamedChange> ofTheSafe = safeSelfChanges(named, desk.subject.safe);
    for (const NamedChange &change : ofTheSafe)
        report.block("effect.safe"_L1, u"The transaction would change the Safe itself, which its calls do not say"_s,
            u"%1: %2, afterwards %3"_s.arg(change.variable, change.before, change.after));
}

// The key is asked for in the simulation too: two ways that must agree.
void fillRegistryKey(const ReviewDesk &desk, const RegistryFacts &registry, const CheckReport &report)
{
    const QString variable = registryKeyVariable(registry.partyId);
    const auto &simulation = desk.context.simulation;
    const bool simulated = simulation && simulation->succeeded && simulation->keyAfter && desk.context.registries.size() == 1;
    for (Effect &effect : desk.review.effects) {
        if (effect.variable != variable)
            continue;
        if (simulated && effect.after != keyText(*simulation->keyAfter)) {
            report.block("effect.contradiction"_L1, u"Two ways of simulating give different keys afterwards"_s,
                u"%1 and %2"_s.arg(effect.after, keyText(*simulation->keyAfter)));
        }
        if (effect.before != keyText(registry.key))
            report.block("effect.contradiction"_L1, u"The simulation began with another key than the registry holds"_s,
                effect.before);
        return;
    }
    Effect effect{u"Canton key of %1"_s.arg(desk.book.describeParty(registry.partyId)), variable, keyText(registry.key),
        simulated ? keyText(*simulation->keyAfter) : QString(), {}};
    if (simulated)
        effect.place = EffectSlot{registry.registry, mappingSlot(registry.partyId, slotNumber(RegistryLayout::cantonPartyToKey)),
            Hash32::fromDigest(Bytes(Hash32::size - Address::size, '\0') + simulation->keyAfter->bytes())};
    desk.review.effects.prepend(effect);
}

void compareWithPromises(const ReviewDesk &desk, const Proposal &proposal, const CheckReport &report)
{
    for (const PromisedEffect &promise : proposal.promises) {
        bool found = false;
        for (Effect &effect : desk.review.effects) {
            if (effect.variable != promise.name)
                continue;
            found = true;
            effect.promised = promise.after;
            if (!effect.isAsPromised()) {
                report.block("effect.broken"_L1,
                    u"%1 would be %2, but the proposer promised %3"_s.arg(
                        effect.name, effect.after.isEmpty() ? u"unknown"_s : effect.after, promise.after),
                    promise.name);
            } else if (promise.before != effect.before) {
                report.block("effect.stale"_L1,
                    u"%1 is %2 now; when it was proposed it was %3"_s.arg(effect.name, effect.before, promise.before),
                    promise.name);
            }
        }
        if (!found)
            report.block("effect.missing"_L1,
                u"The proposer promised a change of %1, which the transaction does not make"_s.arg(promise.name));
    }
    if (proposal.promises.isEmpty())
        report.info("effect.unpromised"_L1,
            u"The proposer promised nothing; compare the simulated effect with what you expect"_s);
}

} // namespace

void fillEffects(const ReviewDesk &desk, const CheckReport &report)
{
    const auto &simulation = desk.context.simulation;
    if (simulation && simulation->succeeded) {
        if (simulation->hasChanges)
            fillFromChanges(desk, *simulation, report);
        else
            report.warn("simulation.nodiff"_L1,
                u"The endpoint gives no difference of state: only the named variables are compared"_s, simulation->method);
    }
    for (const RegistryFacts &registry : desk.context.registries)
        fillRegistryKey(desk, registry, report);
    if (desk.subject.envelope)
        compareWithPromises(desk, *desk.subject.envelope, report);
}

} // namespace countersign
