#pragma once

#include "app/console/composing.h"
#include "app/console/delegating.h"
#include "app/console/exchanging.h"
#include "app/console/executing.h"
#include "app/console/holderkeys.h"
#include "app/console/sealing.h"
#include "app/console/sourcepublishing.h"
#include "backend/environment/environment.h"
#include "backend/journal/journal.h"
#include "backend/proposals/proposalboard.h"
#include "backend/proposals/service/exchangesetup.h"
#include "backend/proposals/service/servicetokens.h"
#include "backend/proposals/sightings.h"
#include "backend/review/reviewreader.h"
#include "backend/types/lifetimescope.h"
#include "models/approvals/acknowledgements.h"
#include "models/approvals/approvaldesk.h"
#include "models/approvals/approvalqueuemodel.h"
#include "models/approvals/approvalscontent.h"
#include "models/approvals/discussionmodel.h"
#include "models/approvals/exchangenoticesmodel.h"
#include "models/approvals/noncelanesmodel.h"
#include "models/approvals/reviewmodel.h"

#include <memory>

namespace countersign {

/// The deciding street of one environment: exchange, reviews, keys, and one flow at a time. The page's desk.
class Deciding final : public ApprovalDesk {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Deciding)

public:
    /// All outlive this object. Nothing is read before start(). \a secrets null: the machine has no keychain: no
    /// service gets a token, and nothing can be sealed for its holders.
    Deciding(const Environment &environment, Journal &journal, const Clock &clock, SecretStore *secrets = nullptr,
        QObject *parent = nullptr);
    ~Deciding() override;

    void start();
    /// How many intents of a party are on their way, for the review's findings.
    void setIntentCount(ReviewReader::IntentCount count) { m_reader.setIntentCount(std::move(count)); }

    /// Entries are written to the shared folder encrypted to the owners of their Safe. Before start().
    void setConfidential(bool on) { m_sealing.setConfidential(on); }

    ApprovalQueueModel &queue() { return m_queue; }
    ReviewModel &reviewModel() { return m_review; }
    ProposalBoard &board() { return m_board; }
    ProposalExchange &exchange() { return m_setup.exchange(); }
    Exchanging &exchanging() { return m_exchanging; }
    Composing &composing() { return m_composing; }
    ApprovalsContent content() { return {m_queue, m_review, m_discussion, m_lanes, m_notices, m_acknowledgements}; }

    QList<DeskHolder> holders() const override;
    QString holder() const override { return m_holder; }
    void chooseHolder(const QString &name) override;
    KeyEvidence evidence() const override;
    QString pinHint() const override;
    void review(const Hash32 &id) override;
    void prepareSigner() override;
    void propose(const QList<ProposalDraft> &drafts, const QList<Bytes> &documents, SecretBuffer pin) override;
    void sign(
        const Hash32 &id, const Hash32 &shownHash, const DeviceComparison &comparison, SecretBuffer pin) override;
    void signSealed(const Hash32 &id, const Hash32 &shownHash, const DeviceComparison &comparison,
        const DeskExecutor &executor, SecretBuffer pin) override;
    QList<DeskExecutor> executors(const Hash32 &id) const override { return m_sealing.executors(id); }
    QStringList sealedProblems(const Hash32 &id) const override { return m_sealing.problems(id); }
    QList<DeskKeyPlace> keyPlaces() const override { return m_sealing.places(); }
    void announceKey(ChainId chain, SecretBuffer pin) override;
    void quote(const Hash32 &id) override;
    void execute(const Hash32 &id, SecretBuffer pin) override;
    PublicationDesk &publication() override { return m_publishing; }
    DelegateDesk &delegates() override { return m_delegating; }
    void amend(ExecutionAct act, SecretBuffer pin) override;
    void say(StatementKind kind, const Hash32 &id, const QString &text, SecretBuffer pin) override;
    void acknowledge(ChainId chain, const Address &safe, const QList<LaneHead> &heads, SecretBuffer pin) override;
    void overrideFinding(const Hash32 &id, const QString &finding, const QString &reason, SecretBuffer pin) override;
    void retract(const Hash32 &id, const Hash32 &override, const QString &reason, SecretBuffer pin) override;
    QStringList deletableAt(const Hash32 &id) const override;
    void withdraw(const Hash32 &id, const QString &text, bool deletes, SecretBuffer pin) override;
    void reportMismatch(
        const Hash32 &id, const QString &shownByDevice, const QString &text, std::optional<SecretBuffer> pin) override;
    void acknowledgeIncidents(const Hash32 &id, const QString &reason) override;
    QList<Hash32> siblings(const Hash32 &id) const override;
    QList<ApprovalRecord> records(const Hash32 &id) const override { return m_executing.records(id); }
    void readAttachment(const Hash32 &contentHash) override;
    void findDeployments(const Hash32 &id) override;
    QString environmentFile() const override { return m_environment.file; }
    void noteEnvironment(const Hash32 &id, const QString &what, const QString &diff) override;
    bool isBusy() const override { return m_flow != nullptr || m_delegating.isRunning(); }
    void refresh() override;

private:
    /// What of a proposal makes its review an old one when it changes.
    struct Aspects {
        Hash32 envelope;
        qsizetype statements = 0;
        qsizetype acknowledgements = 0;
        qsizetype documents = 0; ///< attached to it, and here
        int signatures = -1;
        ProposalStage stage = ProposalStage::Unknown;
        friend bool operator==(const Aspects &, const Aspects &) = default;
    };
    Aspects aspectsOf(const BoardEntry &entry) const;
    /// For whom the page's review is made: for signing while the holder may, for executing when it is ready.
    ReviewActor actorFor(const ExchangeItem &item) const;
    QCoro::Task<> runReview(Hash32 id);
    QCoro::Task<> runPrepare();
    QCoro::Task<> runAcknowledge(Hash32 id, QString reason);
    QCoro::Task<> runFindDeployments(ExchangeItem item, ChainSettings chain);
    QCoro::Task<> runReadAttachment(Hash32 contentHash);
    QCoro::Task<> runNote(JournalEntry entry);
    void startSigning(const Hash32 &id, const Hash32 &shownHash, const DeviceComparison &comparison,
        const std::optional<MemberKey> &executor, SecretBuffer pin);
    QCoro::Task<> runAnnounceKey(ChainId chain, SecretBuffer pin);
    void state(const Statement &statement, std::optional<SecretBuffer> pin, bool deletes = false,
        const std::optional<DeviceComparison> &mismatch = {});
    Result<Signer *> signer();
    const HolderSettings *holderSettings() const;
    QList<ExchangeItem> othersThan(const Hash32 &id) const;
    void endFlow();
    void reviewAgainWhenChanged();

    const Environment &m_environment;
    Journal &m_journal;
    const Clock &m_clock;
    HolderKeys m_keys;
    ExchangeSetup m_setup;
    std::unique_ptr<ServiceTokens> m_tokens; // null without a store of secrets
    Sightings m_sightings;
    ProposalBoard m_board;
    Sealing m_sealing;
    ReviewReader m_reader;
    Composing m_composing;
    Exchanging m_exchanging;
    Executing m_executing;
    SourcePublishing m_publishing;
    Delegating m_delegating;
    ApprovalQueueModel m_queue;
    ReviewModel m_review;
    DiscussionModel m_discussion;
    NonceLanesModel m_lanes;
    ExchangeNoticesModel m_notices;
    Acknowledgements m_acknowledgements;
    Hash32 m_policy; // zero: there is none that can be read
    QString m_holder;
    std::optional<Hash32> m_reviewed;
    Aspects m_reviewedAs;
    std::unique_ptr<QObject> m_flow;
    LifetimeScope m_reviewScope;
    LifetimeScope m_scope;
};

} // namespace countersign
