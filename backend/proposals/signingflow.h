#pragma once

#include "backend/journal/journal.h"
#include "backend/keys/secretbuffer.h"
#include "backend/keys/signer.h"
#include "backend/proposals/flowstep.h"
#include "backend/proposals/proposalexchange.h"
#include "backend/review/reviewreader.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"

#include <QObject>

#include <QCoroTask>

namespace countersign {

/// One run of signing a proposal: a fresh review without a blocking finding, the hash that the person compared, the
/// PIN, the token, the signature recovered against that hash, recorded, and only then published. An attempt that fails
/// or behaves oddly is recorded as an incident and is never repeated by itself: a signature that nobody expected is how
/// people were robbed.
class SigningFlow final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SigningFlow)

public:
    /// All references outlive the flow. \a holder is the signer's name in the environment.
    SigningFlow(ReviewReader &reader, ProposalExchange &exchange, Journal &journal, Signer &signer, const Clock &clock,
        QString holder, QObject *parent = nullptr);

    /// \a shownHash is the safeTxHash that the person compared with the device; Conflict when the fresh review finds
    /// another. Errors of finished(): Rejected (a blocking finding, listed in the detail; or the signature is not by
    /// this key), Denied (PIN), Unavailable (token or chain gone), Conflict, and the journal's: without a record
    /// nothing is published.
    void start(ExchangeItem item, Hash32 shownHash, SecretBuffer pin);

signals:
    void stepChanged(const countersign::FlowStep &step);
    void reviewed(const countersign::Review &review);
    void finished(const countersign::Result<countersign::CollectedSignature> &result);

private:
    QCoro::Task<> run(ExchangeItem item, Hash32 shownHash, SecretBuffer pin);
    QCoro::Task<Result<Review>> reviewAfresh(ExchangeItem item, Hash32 shownHash);
    QCoro::Task<Result<CollectedSignature>> sign(ExchangeItem item, Hash32 shownHash, SecretBuffer pin);

    ReviewReader &m_reader;
    ProposalExchange &m_exchange;
    Journal &m_journal;
    Signer &m_signer;
    const Clock &m_clock;
    QString m_holder;
    LifetimeScope m_scope;
};

} // namespace countersign
