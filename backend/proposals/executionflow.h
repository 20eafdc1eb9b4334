#pragma once

#include "backend/environment/environment.h"
#include "backend/journal/journal.h"
#include "backend/keys/secretbuffer.h"
#include "backend/keys/signer.h"
#include "backend/proposals/executionreport.h"
#include "backend/proposals/flowstep.h"
#include "backend/proposals/proposal.h"
#include "backend/records/approvalrecord.h"
#include "backend/review/reviewreader.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"

#include <QObject>

#include <QCoroTask>

namespace countersign {

/// One run of executing a proposal that has its signatures: fresh review, signatures sorted, simulated at a named
/// block, sent as a transaction of the executing holder's own key, receipt awaited, ExecutionSuccess with the same
/// safeTxHash demanded, state read back and compared with the promised effect. Every step is recorded. Nothing is sent
/// twice.
class ExecutionFlow final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ExecutionFlow)

public:
    ExecutionFlow(const Environment &environment, ReviewReader &reader, Journal &journal, Signer &signer,
        const Clock &clock, QString holder, QObject *parent = nullptr);

    /// How long to wait for the transaction to be mined before giving up waiting (it may still be mined; the error says
    /// so).
    void setMiningDeadline(std::chrono::milliseconds deadline) { m_miningDeadline = deadline; }

    void start(ExchangeItem item, SecretBuffer pin);

signals:
    void stepChanged(const countersign::FlowStep &step);
    void reviewed(const countersign::Review &review);
    /// On its way: the node took it, or did not answer.
    void sent(const countersign::Hash32 &safeTxHash, const countersign::Hash32 &transactionHash);
    /// What was shown, done and read back is on the disk.
    void recorded(const countersign::ApprovalRecord &record, const QString &path);
    void finished(const countersign::Result<countersign::ExecutionReport> &result);

private:
    QCoro::Task<> run(ExchangeItem item, SecretBuffer pin);
    QCoro::Task<Result<ExecutionReport>> execute(ExchangeItem item, SecretBuffer pin);
    ApprovalRecord executionRecord(const ExchangeItem &item, const Review &review, const ExecutionReport &report) const;

    const Environment &m_environment;
    ReviewReader &m_reader;
    Journal &m_journal;
    Signer &m_signer;
    const Clock &m_clock;
    QString m_holder;
    std::chrono::milliseconds m_miningDeadline = std::chrono::minutes(3);
    LifetimeScope m_scope;
};

} // namespace countersign
