#pragma once

#include "backend/journal/journal.h"
#include "backend/keys/secretbuffer.h"
#include "backend/keys/signer.h"
#include "backend/proposals/flowstep.h"
#include "backend/proposals/proposalexchange.h"
#include "backend/types/lifetimescope.h"

#include <QObject>

#include <QCoroTask>

namespace countersign {

/// One run of proposing: the proposer's key signs the envelope, the signature is recovered, it is recorded, then
/// published. Ends in exactly one finished(). Make a new object for a new try.
class ProposeFlow final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProposeFlow)

public:
    /// All references outlive the flow. \a holder is the signer's name in the environment.
    ProposeFlow(
        ProposalExchange &exchange, Journal &journal, Signer &signer, QString holder, QObject *parent = nullptr);

    void start(ProposalDraft draft, SecretBuffer pin);

signals:
    void stepChanged(const countersign::FlowStep &step);
    void finished(const countersign::Result<countersign::Proposal> &result);

private:
    QCoro::Task<> run(ProposalDraft draft, SecretBuffer pin);
    QCoro::Task<Result<Proposal>> propose(ProposalDraft draft, SecretBuffer pin);

    ProposalExchange &m_exchange;
    Journal &m_journal;
    Signer &m_signer;
    QString m_holder;
    LifetimeScope m_scope;
};

} // namespace countersign
