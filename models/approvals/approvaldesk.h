#pragma once

#include "backend/keys/keyevidence.h"
#include "backend/keys/secretbuffer.h"
#include "backend/keys/signer.h"
#include "backend/proposals/executionflow.h"
#include "backend/proposals/flowstep.h"
#include "backend/proposals/proposal.h"
#include "backend/types/error.h"
#include "models/approvals/outcome.h"

#include <QList>
#include <QObject>

namespace countersign {

/// A holder of the environment as the person at this console may choose them.
struct DeskHolder {
    QString name;
    Address address;
    bool hasToken = false; ///< their key is used on this machine
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
    /// One envelope each, all with one PIN; ends in one proposed(). What was published before an error stays so.
    virtual void propose(const QList<ProposalDraft> &drafts, SecretBuffer pin) = 0;
    virtual void sign(const Hash32 &id, const Hash32 &shownHash, SecretBuffer pin) = 0;
    virtual void execute(const Hash32 &id, SecretBuffer pin) = 0;
    /// Signs a statement about a proposal with the active key and publishes it; ends in said().
    virtual void say(StatementKind kind, const Hash32 &id, const QString &text, SecretBuffer pin) = 0;
    virtual bool isBusy() const = 0;
    /// Reads the exchange and the Safes again.
    virtual void refresh() = 0;

signals:
    void holderChanged();
    void signerPrepared(const countersign::Outcome<countersign::UnlockNeed> &outcome);
    void stepChanged(const countersign::FlowStep &step);
    void proposed(const countersign::Outcome<QList<countersign::Proposal>> &outcome);
    void signatureCollected(const countersign::Outcome<countersign::CollectedSignature> &outcome);
    void executed(const countersign::Outcome<countersign::ExecutionReport> &outcome);
    void said(const countersign::Outcome<countersign::Statement> &outcome);
};

} // namespace countersign
