#pragma once

#include "backend/proposals/entrycipher.h"
#include "backend/proposals/proposalfolder.h"
#include "backend/proposals/sealing/memberkeyring.h"
#include "backend/types/lifetimescope.h"

#include <QObject>

#include <map>
#include <optional>
#include <utility>

namespace countersign {

/// Gives a folder the cipher of the member at this console: their private keys from the keychain, and for each Safe the
/// announced keys of its owners. Made anew when an owner, a key or the holder changes. Without a keychain it still tells
/// what is encrypted to others, and it never writes in the open what was to be encrypted.
class FolderSealing final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FolderSealing)

public:
    using Safe = std::pair<ChainId, Address>;

    /// \a exchange is what the announcements are read from. All outlive this object.
    FolderSealing(ProposalFolder &folder, ProposalExchange &exchange, MemberKeyring keyring, QObject *parent = nullptr);

    /// Whether entries are written encrypted from now on. Off at first.
    void setEncrypting(bool on);
    void setHolder(const std::optional<Address> &holder);
    /// The owners of a Safe, as the chain says.
    void setOwners(const Safe &safe, const QList<Address> &owners);
    /// Tries the keychain again.
    void look();

    /// Owners who could not read what is written now, because they have announced no key.
    QList<Address> unreachable(const Safe &safe) const;
    /// Why a key of the holder's could not be had; the last reason.
    const std::optional<Error> &problem() const { return m_problem; }

signals:
    void changed();

private:
    QCoro::Task<> renew();
    QList<Hash32> ownKeys() const;

    ProposalFolder &m_folder;
    ProposalExchange &m_exchange;
    MemberKeyring m_keyring;
    std::optional<Address> m_holder;
    std::map<Safe, QList<Address>> m_owners;
    std::map<Safe, QList<MemberKey>> m_given; // what the cipher in use was made of
    std::map<Safe, QList<Address>> m_givenOwners;
    QList<Hash32> m_opened; // public halves of the keys in it
    bool m_givenEncrypting = false;
    bool m_isEncrypting = false;
    bool m_isRenewing = false;
    bool m_again = false;
    std::optional<Error> m_problem;
    LifetimeScope m_scope;
};

} // namespace countersign
