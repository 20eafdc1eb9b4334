#pragma once

#include "backend/environment/environment.h"
#include "backend/proposals/proposalboard.h"
#include "backend/proposals/sealing/foldersealing.h"
#include "backend/proposals/sealing/sealedinbox.h"
#include "backend/proposals/service/exchangesetup.h"
#include "models/approvals/approvaldesk.h"
#include "models/approvals/exchangedesk.h"

#include <QCoroTask>
#include <QObject>
#include <QStringList>

#include <optional>

namespace countersign {

/// What is encrypted between the members, as the desk of one holder sees it: who can be given something sealed, what is
/// sealed for the holder, and the keys that they announce.
class Sealing final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Sealing)

public:
    /// All outlive this object; \a secrets may be null. Tells the board what is open here.
    Sealing(const Environment &environment, ExchangeSetup &setup, ProposalBoard &board, SecretStore *secrets,
        QObject *parent = nullptr);

    /// Whether entries are written to the folder for the owners of their Safe only.
    void setConfidential(bool on) { m_folder.setEncrypting(on); }

    void setHolder(const std::optional<Address> &holder);
    void look();
    /// An item with what is open here, for reviewing and executing.
    ExchangeItem here(const ExchangeItem &item) const { return m_inbox.here(item); }
    QList<DeskExecutor> executors(const Hash32 &id) const;
    QStringList problems(const Hash32 &id) const;
    QList<DeskKeyPlace> places() const;
    /// A packed proposal for the owners of its Safe only, and the opposite.
    Result<DeskPackage> packForOwners(const Hash32 &id, const Bytes &content) const;
    QCoro::Task<Result<Bytes>> openPackage(Bytes content);
    /// A new key in the keychain, and the statement that announces it, to be signed.
    QCoro::Task<Result<Statement>> makeAnnouncement(ChainId chain);

signals:
    void changed();

private:
    QList<MemberKey> announced(ChainId chain) const;
    void takeOwners();

    const Environment &m_environment;
    ProposalExchange &m_exchange;
    ProposalBoard &m_board;
    MemberKeyring m_keyring;
    SealedInbox m_inbox;
    FolderSealing m_folder;
    std::optional<Address> m_holder;
};

} // namespace countersign
