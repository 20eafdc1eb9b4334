#include "backend/review/addressbook.h"

#include "backend/policy/policy.h"
#include "backend/types/strings.h"

namespace countersign {

AddressBook::AddressBook(const Environment *environment, const ChainSettings *chain, const Policy *policy)
{
    if (policy) {
        for (const PolicyContact &contact : policy->contacts) {
            if (!contact.chain || (chain && *contact.chain == chain->chainId))
                add(contact.address, contact.name);
        }
    }
    if (!environment)
        return;
    for (const PartySettings &party : environment->parties) {
        m_parties.insert(party.partyId, party.name);
        if (party.key)
            add(*party.key, u"Canton key of %1"_s.arg(party.name));
    }
    for (const HolderSettings &holder : environment->holders)
        add(holder.address, holder.name);
    if (!chain)
        return;
    // Contracts last: what an address does here matters more than whose it is.
    for (const VaultSettings &vault : chain->vaults)
        add(vault.address, u"vault %1"_s.arg(vault.name), ContractRole::Vault);
    if (chain->registry)
        add(*chain->registry, u"key registry"_s, ContractRole::Registry);
    if (chain->safe)
        add(*chain->safe, u"the Safe"_s, ContractRole::Safe);
}

void AddressBook::add(const Address &address, const QString &name, ContractRole role)
{
    m_names.insert(address, name);
    if (role != ContractRole::Unknown)
        m_roles.insert(address, role);
}

QString AddressBook::name(const Address &address) const
{
    return m_names.value(address);
}

QList<Address> AddressBook::named(QStringView name) const
{
    QList<Address> found;
    for (auto it = m_names.cbegin(); it != m_names.cend(); ++it) {
        if (name.compare(*it, Qt::CaseInsensitive) == 0)
            found.append(it.key());
    }
    return found;
}

ContractRole AddressBook::role(const Address &address) const
{
    return m_roles.value(address, ContractRole::Unknown);
}

QString AddressBook::describe(const Address &address) const
{
    const QString known = name(address);
    return known.isEmpty() ? address.toString() : u"%1 (%2)"_s.arg(known, address.toString());
}

QString AddressBook::partyName(const Hash32 &partyId) const
{
    return m_parties.value(partyId);
}

QString AddressBook::describeParty(const Hash32 &partyId) const
{
    const QString known = partyName(partyId);
    return known.isEmpty() ? u"the party %1"_s.arg(partyId.toString()) : known;
}

std::optional<AddressBook::LookAlike> AddressBook::lookAlike(const Address &address) const
{
    if (address.isZero() || contains(address))
        return std::nullopt;
    const QByteArrayView bytes = address.view();
    for (auto it = m_names.cbegin(); it != m_names.cend(); ++it) {
        const QByteArrayView known = it.key().view();
        if (bytes.first(2) == known.first(2) || bytes.last(2) == known.last(2))
            return LookAlike{it.key(), it.value()};
    }
    return std::nullopt;
}

} // namespace countersign
