#pragma once

#include "backend/environment/environment.h"
#include "backend/journal/journal.h"
#include "backend/keys/pkcs11signer.h"
#include "backend/proposals/proposalboard.h"
#include "backend/proposals/proposalfolder.h"
#include "backend/review/reviewreader.h"
#include "backend/types/lifetimescope.h"
#include "models/approvals/approvaldesk.h"
#include "models/approvals/approvalqueuemodel.h"
#include "models/approvals/reviewmodel.h"

#include <QHash>

#include <memory>

namespace countersign {

/// The deciding street of one environment: exchange, reviews, keys, and one flow at a time. The page's desk.
class Deciding final : public ApprovalDesk {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Deciding)

public:
    /// All outlive this object. Nothing is read before start().
    Deciding(const Environment &environment, Journal &journal, const Clock &clock, QObject *parent = nullptr);
    ~Deciding() override;

    void start();
    /// How many intents of a party are on their way, for the review's findings.
    void setIntentCount(ReviewReader::IntentCount count) { m_reader.setIntentCount(std::move(count)); }

    ApprovalQueueModel &queue() { return m_queue; }
    ReviewModel &reviewModel() { return m_review; }
    ProposalBoard &board() { return m_board; }
    ProposalFolder &folder() { return m_folder; }

    QList<DeskHolder> holders() const override;
    QList<DeskParty> parties() const override;
    QStringList chains() const override;
    QString holder() const override { return m_holder; }
    void chooseHolder(const QString &name) override;
    KeyEvidence evidence() const override;
    QString pinHint() const override;
    void review(const Hash32 &id) override;
    void prepareSigner() override;
    void draftRevocation(const QString &chain, const Hash32 &partyId, const QString &rationale) override;
    void propose(const ProposalDraft &draft, SecretBuffer pin) override;
    void sign(const Hash32 &id, const Hash32 &shownHash, SecretBuffer pin) override;
    void execute(const Hash32 &id, SecretBuffer pin) override;
    bool isBusy() const override { return m_flow != nullptr; }
    void refresh() override;

private:
    QCoro::Task<> runReview(Hash32 id);
    QCoro::Task<> runPrepare();
    /// What an earlier run of the console sent and did not see to its end, as the journal tells.
    QCoro::Task<> noteSubmissions();
    QCoro::Task<> runDraft(QString chain, Hash32 partyId, QString rationale);
    Result<Signer *> signer();
    const HolderSettings *holderSettings() const;
    QList<ExchangeItem> othersThan(const Hash32 &id) const;
    void endFlow();
    void reviewAgainWhenChanged();

    const Environment &m_environment;
    Journal &m_journal;
    const Clock &m_clock;
    ProposalFolder m_folder;
    ProposalBoard m_board;
    ReviewReader m_reader;
    ApprovalQueueModel m_queue;
    ReviewModel m_review;
    QHash<QString, std::shared_ptr<Pkcs11Module>> m_modules;
    QHash<QString, std::shared_ptr<Pkcs11Signer>> m_signers;
    QString m_holder;
    std::optional<Hash32> m_reviewed;
    int m_reviewedSignatures = -1;
    ProposalStage m_reviewedStage = ProposalStage::Unknown;
    std::unique_ptr<QObject> m_flow;
    bool m_hasNotedSubmissions = false;
    LifetimeScope m_reviewScope;
    LifetimeScope m_draftScope;
    LifetimeScope m_scope;
};

} // namespace countersign
