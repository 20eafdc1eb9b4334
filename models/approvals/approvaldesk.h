#pragma once

#include "backend/keys/keyevidence.h"
#include "backend/keys/secretbuffer.h"
#include "backend/keys/signer.h"
#include "backend/proposals/executionflow.h"
#include "backend/proposals/flowstep.h"
#include "backend/proposals/proposal.h"
#include "backend/types/error.h"

#include <QList>
#include <QObject>

namespace countersign {

/// A holder of the environment as the person at this console may choose them.
struct DeskHolder {
    QString name;
    Address address;
    bool hasToken = false; ///< their key is used on this machine
};

/// A party whose key may be revoked.
struct DeskParty {
    Hash32 partyId;
    QString name;
    std::optional<Address> key; ///< as the environment says; the chain is asked before anything is drafted
};

/// The result of a step as signals carry it. (A bare Result cannot: Qt asks whether it can be compared, and libstdc++ 12 answers with an
/// error where its value cannot.)
template<class T>
struct Outcome {
    Result<T> result;
};

/// What a person does about proposals, one run at a time, as the page sees it: verbs in, facts out. The application
/// puts the flows behind it; tests put answers behind it.
class ApprovalDesk : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ApprovalDesk)

public:
    explicit ApprovalDesk(QObject *parent = nullptr)
        : QObject(parent)
    {
    }

    virtual QList<DeskHolder> holders() const = 0;
    virtual QList<DeskParty> parties() const = 0;
    /// The active holder's name; empty when none is chosen.
    virtual QString holder() const = 0;
    virtual void chooseHolder(const QString &name) = 0;
    /// Custody of the active key as last read.
    virtual KeyEvidence evidence() const = 0;
    /// Where a person of the practice network finds the PINs; empty in earnest.
    virtual QString pinHint() const = 0;

    /// Reads the chain afresh and fills the review model.
    virtual void review(const Hash32 &id) = 0;
    /// Looks whether the token is there; ends in signerPrepared().
    virtual void prepareSigner() = 0;
    /// Reads key and nonce from the chain; ends in drafted(). \a chain by its name in the environment.
    virtual void draftRevocation(const QString &chain, const Hash32 &partyId, const QString &rationale) = 0;
    virtual QStringList chains() const = 0;

    virtual void propose(const ProposalDraft &draft, SecretBuffer pin) = 0;
    virtual void sign(const Hash32 &id, const Hash32 &shownHash, SecretBuffer pin) = 0;
    virtual void execute(const Hash32 &id, SecretBuffer pin) = 0;
    virtual bool isBusy() const = 0;
    /// Reads the exchange and the Safes again.
    virtual void refresh() = 0;

signals:
    void holderChanged();
    void signerPrepared(const countersign::Outcome<countersign::UnlockNeed> &outcome);
    void drafted(const countersign::Outcome<countersign::ProposalDraft> &outcome);
    void stepChanged(const countersign::FlowStep &step);
    void proposed(const countersign::Outcome<countersign::Proposal> &outcome);
    void signatureCollected(const countersign::Outcome<countersign::CollectedSignature> &outcome);
    void executed(const countersign::Outcome<countersign::ExecutionReport> &outcome);
};

} // namespace countersign
