#pragma once

#include "backend/keys/keyevidence.h"
#include "backend/keys/secretbuffer.h"
#include "backend/keys/signer.h"
#include "backend/proposals/execution/deploymentverification.h"
#include "backend/proposals/executionflow.h"
#include "backend/proposals/flowstep.h"
#include "backend/proposals/proposal.h"
#include "backend/proposals/statementflow.h"
#include "backend/records/approvalrecord.h"
#include "backend/safe/feequote.h"
#include "backend/types/error.h"
#include "models/approvals/delegatedesk.h"
#include "models/approvals/outcome.h"
#include "models/approvals/publicationdesk.h"

#include <QList>
#include <QObject>
#include <QStringList>

namespace countersign {

/// A holder of the environment as the person at this console may choose them.
struct DeskHolder {
    QString name;
    Address address;
    bool hasToken = false; ///< their key is used on this machine
};

/// A member to whom a signature can be given sealed: an owner who has announced a key.
struct DeskExecutor {
    QString name; ///< of the holder, or the address
    Address address;
    Hash32 key;
};

/// A Safe, and the encryption key that the holder has announced to its other owners.
struct DeskKeyPlace {
    ChainId chainId;
    QString name; ///< of the chain
    Hash32 key; ///< zero: none is announced
};

/// What can be done about an execution that is on its way.
enum class ExecutionAct {
    RaiseFee, ///< the same again with a higher fee
    CallBack, ///< use the nonce of the sending account up for nothing
    SendAgain, ///< the same bytes to a node that has forgotten them
    StopWaiting, ///< the journal remembers it
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
    /// \a documents: contents of what the drafts attach, as far as the exchange has none.
    virtual void propose(const QList<ProposalDraft> &drafts, const QList<Bytes> &documents, SecretBuffer pin) = 0;
    /// \a shownHash: the safeTxHash on the screen. \a comparison: what the person typed from the device.
    virtual void sign(
        const Hash32 &id, const Hash32 &shownHash, const DeviceComparison &comparison, SecretBuffer pin) = 0;
    /// The same, given to \a executor only; ends in signatureCollected().
    virtual void signSealed(const Hash32 &id, const Hash32 &shownHash, const DeviceComparison &comparison,
        const DeskExecutor &executor, SecretBuffer pin)
        = 0;
    /// Who of the proposal's Safe could be given a sealed signature by the holder.
    virtual QList<DeskExecutor> executors(const Hash32 &id) const = 0;
    /// What of the sealed signatures for the holder cannot be opened here, and why; a sentence each.
    virtual QStringList sealedProblems(const Hash32 &id) const = 0;
    virtual QList<DeskKeyPlace> keyPlaces() const = 0;
    /// Makes a new encryption key in the keychain, and signs its announcement with the active key; ends in said().
    virtual void announceKey(ChainId chain, SecretBuffer pin) = 0;
    /// What executing would cost the active key now; ends in quoted().
    virtual void quote(const Hash32 &id) = 0;
    virtual void execute(const Hash32 &id, SecretBuffer pin) = 0;
    /// What becomes of the sources of what an execution created.
    virtual PublicationDesk &publication() = 0;
    /// Who may propose for the holder at a transaction service.
    virtual DelegateDesk &delegates() = 0;
    /// While an execution is on its way. Raising and calling back end in amended().
    virtual void amend(ExecutionAct act, SecretBuffer pin) = 0;
    /// Signs a note, a rejection or a withdrawal with the active key and publishes it; ends in said().
    virtual void say(StatementKind kind, const Hash32 &id, const QString &text, SecretBuffer pin) = 0;
    /// Signs that what stands in the exchange of a Safe up to these heads was seen; ends in said().
    virtual void acknowledge(ChainId chain, const Address &safe, const QList<LaneHead> &heads, SecretBuffer pin) = 0;
    /// Signs an override of a finding of the review, under the present policy; ends in said().
    virtual void overrideFinding(const Hash32 &id, const QString &finding, const QString &reason, SecretBuffer pin) = 0;
    /// Signs that an override by the active holder, which its digest names, is taken back; ends in said().
    virtual void retract(const Hash32 &id, const Hash32 &override, const QString &reason, SecretBuffer pin) = 0;
    /// Carriers that would take the active holder's proposal off, when it is withdrawn.
    virtual QStringList deletableAt(const Hash32 &id) const = 0;
    /// As say(), of a withdrawal; \a deletes: those carriers are asked to, with the same PIN.
    virtual void withdraw(const Hash32 &id, const QString &text, bool deletes, SecretBuffer pin) = 0;
    /// The device shows something else: an incident, recorded whether or not it can be signed. Ends in said().
    virtual void reportMismatch(
        const Hash32 &id, const QString &shownByDevice, const QString &text, std::optional<SecretBuffer> pin)
        = 0;
    /// A person has looked into the incidents that keep the proposal closed here; ends in incidentsAcknowledged().
    virtual void acknowledgeIncidents(const Hash32 &id, const QString &reason) = 0;
    /// Proposals on other chains that do the same as this one there, byte for byte.
    virtual QList<Hash32> siblings(const Hash32 &id) const = 0;
    /// Records of what was approved or executed here, newest first.
    virtual QList<ApprovalRecord> records(const Hash32 &id) const = 0;
    /// The content of an attachment, from the exchange; ends in attachmentRead().
    virtual void readAttachment(const Hash32 &contentHash) = 0;
    /// What an executed proposal created, read from the chain and verified once more; ends in deploymentsFound().
    virtual void findDeployments(const Hash32 &id) = 0;
    /// The file that the console was started with, absolute.
    virtual QString environmentFile() const = 0;
    /// Keeps in the journal what was done to that file on behalf of a proposal.
    virtual void noteEnvironment(const Hash32 &id, const QString &what, const QString &diff) = 0;
    virtual bool isBusy() const = 0;
    /// Reads the exchange and the Safes again.
    virtual void refresh() = 0;

signals:
    void holderChanged();
    /// Something that is sealed for the holder could be opened, or could not.
    void sealedChanged();
    void signerPrepared(const countersign::Outcome<countersign::UnlockNeed> &outcome);
    void stepChanged(const countersign::FlowStep &step);
    void proposed(const countersign::Outcome<QList<countersign::Proposal>> &outcome);
    void signatureCollected(const countersign::Outcome<countersign::CollectedSignature> &outcome);
    void quoted(const countersign::Outcome<countersign::FeeQuote> &outcome);
    void amended(const countersign::Outcome<countersign::Hash32> &outcome);
    /// The node has forgotten the transaction that is waited for.
    void dropped();
    /// In a block and read back, not final yet; executed() follows when it is, or when nobody waits any more.
    void included(const countersign::ExecutionReport &report);
    void executed(const countersign::Outcome<countersign::ExecutionReport> &outcome);
    void attachmentRead(const countersign::Outcome<countersign::Bytes> &outcome);
    void deploymentsFound(const countersign::Outcome<QList<countersign::DeploymentVerification>> &outcome);
    void said(const countersign::Outcome<countersign::StatementOutcome> &outcome);
    void incidentsAcknowledged(const countersign::Outcome<countersign::Hash32> &outcome);
};

} // namespace countersign
