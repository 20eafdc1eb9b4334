#pragma once

#include "backend/environment/environment.h"
#include "backend/journal/journal.h"
#include "backend/keys/secretbuffer.h"
#include "backend/keys/signer.h"
#include "backend/proposals/execution/executionreport.h"
#include "backend/proposals/execution/submission.h"
#include "backend/proposals/flowstep.h"
#include "backend/proposals/proposal.h"
#include "backend/records/approvalrecord.h"
#include "backend/review/reviewreader.h"
#include "backend/safe/feequote.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"

#include <QObject>

#include <QCoroTask>

#include <chrono>
#include <memory>
#include <optional>

namespace countersign {

struct ExecutionRun;
struct SubmissionSight;

/// One run of executing a proposal that has its signatures: fresh review, signatures sorted, simulated at a named
/// block, sent as a transaction of the executing holder's own key (who need not be an owner), awaited, ExecutionSuccess
/// with the same safeTxHash demanded, state read back and compared with the promised effect, final after the chain's
/// confirmations, contracts that it created verified. Every step is recorded, what is sent before it is sent. What the
/// journal says is on its way is waited for instead of being sent once more.
class ExecutionFlow final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ExecutionFlow)

public:
    ExecutionFlow(const Environment &environment, ReviewReader &reader, Journal &journal, Signer &signer,
        const Clock &clock, QString holder, QObject *parent = nullptr);
    ~ExecutionFlow() override;

    /// How long to wait for the transaction to be mined before giving up waiting (it may still be mined; the error says
    /// so). Begins anew with each sending.
    void setMiningDeadline(std::chrono::milliseconds deadline) { m_miningDeadline = deadline; }
    /// How long to wait from there until it is final, before reporting it as it stands.
    void setFinalityDeadline(std::chrono::milliseconds deadline) { m_finalityDeadline = deadline; }
    /// For this run, instead of the environment's.
    void setFeeCaps(const FeeCaps &caps) { m_caps = caps; }
    /// The other proposals of the exchange, among which those that this one depends on are looked up.
    void setOthers(QList<ExchangeItem> others) { m_others = std::move(others); }

    void start(ExchangeItem item, SecretBuffer pin);

    // While the transaction is not in a block. Each of the first three ends in one amended().
    void replaceWithHigherFee(SecretBuffer pin);
    /// Uses the nonce up for nothing. Whichever is mined first decides.
    void cancelSubmission(SecretBuffer pin);
    /// The same bytes to the node, which has forgotten them.
    void sendAgain();
    /// Ends the run with what is known; the journal remembers what is on its way.
    void stopWaiting();

signals:
    void stepChanged(const countersign::FlowStep &step);
    void reviewed(const countersign::Review &review);
    /// What it will cost at most; nothing is signed yet.
    void quoted(const countersign::FeeQuote &quote);
    /// On its way: the node took it, or did not answer. Again for each replacement and cancellation.
    void sent(const countersign::Hash32 &safeTxHash, const countersign::Hash32 &transactionHash);
    /// Whether what was asked for meanwhile was sent, and as what.
    void amended(const countersign::Result<countersign::Hash32> &result);
    /// The node has forgotten it: it can be sent again, replaced or cancelled.
    void dropped();
    /// In a block and read back, but not final yet.
    void included(const countersign::ExecutionReport &report);
    /// The block that it was in is no longer on the chain.
    void undone();
    /// What was shown, done and read back is on the disk.
    void recorded(const countersign::ApprovalRecord &record, const QString &path);
    void finished(const countersign::Result<countersign::ExecutionReport> &result);

private:
    QCoro::Task<> run(ExchangeItem item, SecretBuffer pin);
    QCoro::Task<> runAmendment(SecretBuffer pin, SubmissionPurpose purpose);
    QCoro::Task<> runSendingAgain();
    QCoro::Task<Result<ExecutionReport>> execute(std::shared_ptr<ExecutionRun> run, SecretBuffer pin);
    /// Whether it is on its way already, so that waiting is all that is left to do.
    QCoro::Task<Result<bool>> findPending(std::shared_ptr<ExecutionRun> run);
    QCoro::Task<Result<void>> submit(std::shared_ptr<ExecutionRun> run, SecretBuffer pin);
    QCoro::Task<Result<Hash32>> amend(std::shared_ptr<ExecutionRun> run, SecretBuffer pin, SubmissionPurpose purpose);
    QCoro::Task<Result<Hash32>> signAndSend(
        std::shared_ptr<ExecutionRun> run, EvmTransaction transaction, SubmissionPurpose purpose, SecretBuffer pin);
    QCoro::Task<Result<ExecutionReport>> awaitFinal(std::shared_ptr<ExecutionRun> run);
    QCoro::Task<std::optional<ExecutionReport>> tellIncluded(std::shared_ptr<ExecutionRun> run, TransactionReceipt receipt);
    QCoro::Task<Result<ExecutionReport>> conclude(std::shared_ptr<ExecutionRun> run, SubmissionSight sight);
    ApprovalRecord executionRecord(
        const ExchangeItem &item, const Review &review, const ExecutionReport &report) const;

    const Environment &m_environment;
    ReviewReader &m_reader;
    Journal &m_journal;
    Signer &m_signer;
    const Clock &m_clock;
    QString m_holder;
    std::chrono::milliseconds m_miningDeadline = std::chrono::minutes(3);
    std::chrono::milliseconds m_finalityDeadline = std::chrono::hours(1);
    std::optional<FeeCaps> m_caps;
    QList<ExchangeItem> m_others;
    std::shared_ptr<ExecutionRun> m_run;
    LifetimeScope m_scope;
};

} // namespace countersign
