#pragma once

#include "backend/proposals/proposalexchange.h"
#include "backend/proposals/sealedsignature.h"
#include "backend/proposals/sealing/memberkeyring.h"
#include "backend/types/lifetimescope.h"

#include <QHash>
#include <QObject>

#include <map>

namespace countersign {

/// What was sealed for the holder at this console, opened: in memory only, for reviewing and executing here. Nothing of
/// it is published, and it is forgotten when another holder is chosen.
class SealedInbox final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SealedInbox)

public:
    /// \a exchange and the store of \a keyring outlive the inbox. Looks again whenever the exchange changes.
    SealedInbox(ProposalExchange &exchange, MemberKeyring keyring, QObject *parent = nullptr);

    void setHolder(const std::optional<Address> &holder);
    /// Opens what is not open yet; also what failed before, because a keychain can be unlocked.
    void look();

    QList<CollectedSignature> opened(const Hash32 &safeTxHash) const { return m_opened.value(safeTxHash); }
    const QHash<Hash32, QList<CollectedSignature>> &opened() const { return m_opened; }
    ExchangeItem here(const ExchangeItem &item) const { return withOpened(item, opened(item.id())); }
    /// Why something for the holder about this proposal could not be opened, one error a sealed signature.
    QList<Error> problems(const Hash32 &safeTxHash) const { return m_problems.value(safeTxHash); }

signals:
    void changed();

private:
    QCoro::Task<> open();

    ProposalExchange &m_exchange;
    MemberKeyring m_keyring;
    std::optional<Address> m_holder;
    std::map<Hash32, CollectedSignature> m_known; // by the digest of the statement
    QHash<Hash32, QList<CollectedSignature>> m_opened; // by safeTxHash
    QHash<Hash32, QList<Error>> m_problems; // by safeTxHash
    bool m_isOpening = false;
    bool m_again = false;
    LifetimeScope m_scope;
};

} // namespace countersign
