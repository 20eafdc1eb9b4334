#include "backend/review/sentence.h"

#include "backend/types/strings.h"

#include <QStringList>

namespace countersign {

namespace {

QString registrySentence(
    const ReadCall &call, const AddressBook &book, const ReviewContext &context, const QString &chainName)
{
    const QString party = book.describeParty(call.hashArgument(u"partyId").value_or(Hash32()));
    const RegistryFacts *facts = context.registry(call.decoded.to, call.hashArgument(u"partyId").value_or(Hash32()));
    const QString key = facts && !facts->key.isZero() ? u" (%1)"_s.arg(facts->key.toString()) : QString();
    if (call.name == "revokeKey"_L1)
        return u"Revoke the Canton signing key of %1%2 in the key registry on %3"_s.arg(party, key, chainName);
    if (call.name == "registerKey"_L1) {
        const QString next = call.addressArgument(u"publicKey").value_or(Address()).toString();
        return key.isEmpty()
            ? u"Register %1 as the Canton signing key of %2 in the key registry on %3"_s.arg(next, party, chainName)
            : u"Replace the Canton signing key of %1%2 by %3 in the key registry on %4"_s.arg(
                  party, key, next, chainName);
    }
    return {};
}

QString vaultSentence(const ReadCall &call, const AddressBook &book, const QString &vault)
{
    const auto address
        = [&call, &book](QStringView name) { return book.describe(call.addressArgument(name).value_or(Address())); };
    const auto hash = [&call](QStringView name) { return call.hashArgument(name).value_or(Hash32()).toString(); };
    if (call.name == "pause"_L1)
        return u"Pause %1: no intent is executed until it is unpaused"_s.arg(vault);
    if (call.name == "unpause"_L1)
        return u"Let %1 execute intents again"_s.arg(vault);
    if (call.name == "registerAdapter"_L1)
        return u"Let %1 use the adapter %2 under the name %3"_s.arg(vault, address(u"adapter"), hash(u"adapterId"));
    if (call.name == "removeAdapter"_L1)
        return u"Remove the adapter %1 from %2"_s.arg(hash(u"adapterId"), vault);
    if (call.name == "setEmergencyContact"_L1)
        return u"Make %1 the emergency contact of %2, who may pause it"_s.arg(address(u"newContact"), vault);
    if (call.name == "setCantonSigner"_L1)
        return u"Let %1 believe the signatures of %2"_s.arg(vault, address(u"newSigner"));
    if (call.name == "setPartyAuthorized"_L1) {
        const QString party = book.describeParty(call.hashArgument(u"partyId").value_or(Hash32()));
        return call.boolArgument(u"authorized").value_or(false)
            ? u"Let %1 execute the intents of %2"_s.arg(vault, party)
            : u"Refuse the intents of %2 on %1"_s.arg(vault, party);
    }
    return {};
}

QString ownershipSentence(const ReadCall &call, const AddressBook &book, const QString &target)
{
    if (call.name == "transferOwnership"_L1)
        return u"Offer the ownership of %1 to %2"_s.arg(
            target, book.describe(call.addressArgument(u"newOwner").value_or(Address())));
    if (call.name == "acceptOwnership"_L1)
        return u"Make the Safe the owner of %1"_s.arg(target);
    if (call.name == "renounceOwnership"_L1)
        return u"Leave %1 without an owner for ever"_s.arg(target);
    return {};
}

QString argumentsText(const ReadCall &call)
{
    QStringList texts;
    for (const DecodedArgument &argument : call.decoded.arguments)
        texts.append(u"%1 %2"_s.arg(argument.name, argument.known.isEmpty() ? argument.value : argument.known));
    return texts.join(u", "_s);
}

QString creationSentence(const ReviewedCreation &creation, const QString &chainName)
{
    QString what = u"a contract that is no known build"_s;
    if (creation.isBuild())
        what = creation.isClaimed() ? u"what its proposer calls %1"_s.arg(creation.match->artifact->contractName())
                                    : creation.match->artifact->contractName();
    return u"Deploy %1 on %2%3"_s.arg(
        what, chainName, creation.address ? u" at %1"_s.arg(creation.address->toString()) : QString());
}

QString callSentence(const ReviewedCall &reviewed, const SafeTransaction &transaction, const AddressBook &book,
    const ReviewContext &context, const QString &chainName)
{
    const ReadCall &call = reviewed.read;
    const SafeCallNode &node = *reviewed.node;
    const QString target = book.describe(node.to);
    const QString on = u" on %1"_s.arg(chainName);
    if (reviewed.creation)
        return creationSentence(*reviewed.creation, chainName);
    if (node.management && (node.to == node.runsAs || (reviewed.isDelegate() && node.knownLibrary)))
        return u"Change the Safe itself on %1: %2"_s.arg(chainName, explainManagementCall(*node.management));
    if (call.decoded.isDelegate)
        return u"Run the code of %1 as the Safe itself on %2: it may change everything the Safe is and owns"_s.arg(
            target, chainName);
    switch (call.reading) {
    case CallReading::Empty:
        if (node.value.isZero())
            return reviewed.parent < 0
                ? u"Use up nonce %1 without doing anything on %2"_s.arg(transaction.nonce.toDecimal(), chainName)
                : u"Do nothing"_s;
        return u"Send %1 wei to %2"_s.arg(node.value.toDecimal(), target) + on;
    case CallReading::Known: {
        const ContractRole role = book.role(node.to);
        if (role == ContractRole::Registry) {
            if (const QString text = registrySentence(call, book, context, chainName); !text.isEmpty())
                return text;
        }
        const QString name = book.name(node.to).isEmpty() ? target : book.name(node.to);
        if (const QString text = vaultSentence(call, book, name); !text.isEmpty())
            return text + on;
        if (const QString text = ownershipSentence(call, book, name); !text.isEmpty())
            return text + on;
        if (role == ContractRole::Safe)
            return u"Change the Safe itself on %1: %2(%3)"_s.arg(chainName, call.name, argumentsText(call));
        return u"Call %1(%2) of %3"_s.arg(call.name, argumentsText(call), target) + on;
    }
    case CallReading::Claimed:
        return u"Call what its proposer calls %1(%2) of %3"_s.arg(call.name, argumentsText(call), target) + on;
    case CallReading::Guessed:
        return u"Call what is probably %1(%2) of %3"_s.arg(call.name, argumentsText(call), target) + on;
    case CallReading::Dirty:
        return u"Call %1 of %2 with arguments that are not what they seem"_s.arg(call.decoded.function, target) + on;
    case CallReading::Unknown:
        break;
    }
    return u"Call something unknown (%1) of %2"_s.arg(toHex(node.data.left(Selector::size)), target) + on;
}

} // namespace

QString reviewSentence(const ReviewTree &tree, const SafeTransaction &transaction, const AddressBook &book,
    const ReviewContext &context, const QString &chainName)
{
    const ReviewedCall &outer = tree.outer();
    if (outer.node->kind == SafeCallKind::Malformed)
        return u"Make calls that cannot be read on %1: %2"_s.arg(chainName, outer.node->problem);
    if (outer.node->kind != SafeCallKind::Batch)
        return callSentence(outer, transaction, book, context, chainName);
    constexpr qsizetype shown = 3;
    QStringList sentences;
    qsizetype count = 0;
    for (const ReviewedCall &call : tree.calls()) {
        if (call.parent != 0)
            continue;
        if (++count <= shown)
            sentences.append(callSentence(call, transaction, book, context, chainName));
    }
    QString text = u"Make %1 calls as one: %2"_s.arg(count).arg(sentences.join(u"; "_s));
    if (count > shown)
        text += u"; and %1 more"_s.arg(count - shown);
    return text;
}

} // namespace countersign
