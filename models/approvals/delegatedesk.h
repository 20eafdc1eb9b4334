#pragma once

#include "backend/proposals/flowstep.h"
#include "backend/safe/safeserviceact.h"
#include "backend/keys/secretbuffer.h"
#include "models/approvals/outcome.h"

#include <QList>
#include <QObject>
#include <QString>

namespace countersign {

/// A delegation as a service claims it.
struct DeskDelegate {
    SafeServiceDelegate claim;
    QString owner; ///< the delegator's name in the environment, or the address
    bool isMine = false; ///< of the active holder, who alone can end it
    bool hasEnded = false;
};

/// What a service says of those who may propose for owners of its Safe.
struct DeskDelegates {
    QList<DeskDelegate> delegates;
    QString problem; ///< why they are not known, or not all of them; empty when they are
};

/// What is asked of the service under the holder's signature, as it is shown before it is signed.
struct DelegateRequest {
    QString carrier;
    SafeServiceDelegate delegate;
    bool removes = false;
    quint64 hour = 0; ///< since 1970; the service takes it in this hour and the next
    Hash32 digest; ///< EIP-712, what the key signs
    QString words; ///< the same for people, several lines
};

/// Who may propose for the holder at a transaction service.
class DelegateDesk : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DelegateDesk)

public:
    explicit DelegateDesk(QObject *parent = nullptr)
        : QObject(parent)
    {
    }

    /// As last read from the carrier of that name.
    virtual DeskDelegates delegates(const QString &carrier) const = 0;
    /// Asks the service again; ends in changed().
    virtual void lookUp(const QString &carrier) = 0;
    /// For the active holder, of the present hour. Errors: Invalid (what was entered), Denied (the holder is no owner of the
    /// Safe), Unavailable (the chain or the service is not read yet), NotFound.
    virtual Result<DelegateRequest> request(const QString &carrier, const SafeServiceDelegate &delegate, bool removes) const = 0;
    /// Signs what was shown and sends it; ends in sent().
    virtual void send(const DelegateRequest &shown, SecretBuffer pin) = 0;
    /// What services claim about a delegate's hand in that proposal, a sentence; empty when nothing.
    virtual QString claimOf(const Hash32 &id) const = 0;

signals:
    void changed();
    void stepChanged(const countersign::FlowStep &step);
    /// One sentence.
    void sent(const countersign::Outcome<QString> &outcome);
};

} // namespace countersign
