#pragma once

#include "backend/environment/environment.h"
#include "backend/safe/safestate.h"
#include "backend/types/address.h"

#include <QHash>
#include <QList>
#include <QString>

#include <optional>

namespace countersign {

struct Policy;

/// What part a contract plays for us on one chain: decides which interface its calls are read by.
enum class ContractRole { Unknown, Safe, Registry, Vault };

/// Names of addresses on one chain: from the environment and the contacts of the policy, never from a proposal or a
/// service.
class AddressBook final {
public:
    AddressBook(const Environment *environment, const ChainSettings *chain, const Policy *policy = nullptr);

    QString name(const Address &address) const; ///< empty when unknown
    ContractRole role(const Address &address) const;
    /// Whoever has that name, whatever its capitals.
    QList<Address> named(QStringView name) const;
    bool contains(const Address &address) const { return m_names.contains(address); }
    /// "alice (0x…)" or the address alone.
    QString describe(const Address &address) const;
    QString partyName(const Hash32 &partyId) const; ///< empty when unknown
    QString describeParty(const Hash32 &partyId) const;

    struct LookAlike {
        Address known;
        QString name;
    };
    /// An entry that begins or ends with the same four digits but is another address: how people are made to confirm
    /// the wrong one.
    std::optional<LookAlike> lookAlike(const Address &address) const;

private:
    void add(const Address &address, const QString &name, ContractRole role = ContractRole::Unknown);

    QHash<Address, QString> m_names;
    QHash<Address, ContractRole> m_roles;
    QHash<Hash32, QString> m_parties;
};

} // namespace countersign
