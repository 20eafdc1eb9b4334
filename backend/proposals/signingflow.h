#pragma once

#include "backend/journal/journal.h"
#include "backend/keys/secretbuffer.h"
#include "backend/keys/signer.h"
#include "backend/proposals/flowstep.h"
#include "backend/proposals/proposalexchange.h"
#include "backend/proposals/sealedsignature.h"
#include "backend/records/approvalrecord.h"
#include "backend/records/devicecomparison.h"
#include "backend/review/reviewreader.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"

#include <QObject>

#include <QCoroTask>

#include <memory>
#include <optional>

namespace countersign {

/// One run of signing a proposal: a fresh review without a blocking finding, the hash that the person typed as their
/// device shows it, the PIN, the token, the signature recovered against that hash, recorded with everything that was
/// shown, and only then published. An attempt that fails or behaves oddly is recorded as an incident and is never
/// repeated by itself: a signature that nobody expected is how people were robbed. After an incident with signature or
/// device the proposal is closed at this console until a person has looked into it (incidents.h).
class SigningFlow final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SigningFlow)

public:
    /// All references outlive the flow. \a holder is the signer's name in the environment.
    SigningFlow(ReviewReader &reader, ProposalExchange &exchange, Journal &journal, Signer &signer, const Clock &clock,
        QString holder, QObject *parent = nullptr);

    /// \a shownHash is the safeTxHash that this console showed, \a comparison what the holder typed from the device, or
    /// that the device shows something else: then nothing is signed, and \a pin may be empty. Errors of finished():
    /// Conflict (the fresh review finds another hash, or the device showed another), Invalid (nothing was compared),
    /// Rejected (a blocking finding, listed in the detail; an incident that nobody has looked into; or the signature is
    /// not by this key), Denied (PIN), Unavailable (token, chain or record folder gone), and the journal's: without a
    /// record nothing is published.
    void start(ExchangeItem item, Hash32 shownHash, DeviceComparison comparison, SecretBuffer pin);

    /// Before start(): gives the signature to \a executor only (sealedsignature.h). The key signs the statement around
    /// it as well, with the same PIN; finished() then has the signature that was sealed. Further errors: Conflict (the
    /// executor has another key meanwhile), Rejected (they are no owner), Denied (the key wants a PIN each time).
    void sealFor(const MemberKey &executor) { m_executor = executor; }

signals:
    void stepChanged(const countersign::FlowStep &step);
    void reviewed(const countersign::Review &review);
    /// What was shown and decided is on the disk.
    void recorded(const countersign::ApprovalRecord &record, const QString &path);
    void finished(const countersign::Result<countersign::CollectedSignature> &result);

private:
    struct Approval;
    struct Sealing;

    QCoro::Task<> run(Approval approval, SecretBuffer pin);
    QCoro::Task<Result<Review>> reviewAfresh(Approval approval);
    QCoro::Task<Result<CollectedSignature>> sign(Approval approval, SecretBuffer pin);
    QCoro::Task<Result<CollectedSignature>> signReviewed(Approval approval, Review review, SecretBuffer pin);
    QCoro::Task<Result<CollectedSignature>> publish(
        Approval approval, ApprovalRecord approved, Result<EvmSignature> recordSignature,
        std::shared_ptr<Sealing> sealing);
    QCoro::Task<Result<std::shared_ptr<Sealing>>> prepareSealing(Approval approval, Review review);
    QFuture<Result<QString>> hand(const CollectedSignature &signature, const Sealing *sealing);
    QCoro::Task<Result<void>> refuseForMismatch(Approval approval, Review review);
    QCoro::Task<Result<void>> noteFailure(Hash32 id, Error error);
    ApprovalRecord recordOf(const Approval &approval, const Review &review, RecordedAct act) const;

    ReviewReader &m_reader;
    ProposalExchange &m_exchange;
    Journal &m_journal;
    Signer &m_signer;
    const Clock &m_clock;
    QString m_holder;
    std::optional<MemberKey> m_executor;
    LifetimeScope m_scope;
};

} // namespace countersign
