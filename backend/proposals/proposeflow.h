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

/// One run of proposing, on one chain or on several: the proposer's key signs the envelopes with one unlocking, the
/// signatures are recovered, each is recorded, then published. Ends in exactly one finished(). Make a new object for a
/// new try.
class ProposeFlow final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProposeFlow)

public:
    /// All references outlive the flow. \a holder is the signer's name in the environment.
    ProposeFlow(
        ProposalExchange &exchange, Journal &journal, Signer &signer, QString holder, QObject *parent = nullptr);

    /// At most one draft a chain and Safe: each takes the next place in a log of its own. \a documents: contents of what
    /// they attach, as far as the exchange has none; they are published before anything is signed.
    void start(QList<ProposalDraft> drafts, SecretBuffer pin, QList<Bytes> documents = {});

signals:
    void stepChanged(const countersign::FlowStep &step);
    /// In the order of the drafts. An error after some were published names them.
    void finished(const countersign::Result<QList<countersign::Proposal>> &result);

private:
    QCoro::Task<> run(QList<ProposalDraft> drafts, SecretBuffer pin, QList<Bytes> documents);
    QCoro::Task<Result<QList<Proposal>>> propose(QList<ProposalDraft> drafts, SecretBuffer pin, QList<Bytes> documents);
    QCoro::Task<Result<void>> publishDocuments(QList<ProposalDraft> drafts, QList<Bytes> documents);
    QCoro::Task<Result<ProposalDraft>> place(ProposalDraft draft);
    QCoro::Task<Result<void>> publish(Proposal proposal);

    ProposalExchange &m_exchange;
    Journal &m_journal;
    Signer &m_signer;
    QString m_holder;
    LifetimeScope m_scope;
};

} // namespace countersign
