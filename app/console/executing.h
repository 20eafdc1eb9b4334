#pragma once

#include "app/console/sealing.h"
#include "backend/environment/environment.h"
#include "backend/journal/journal.h"
#include "backend/proposals/executionflow.h"
#include "backend/proposals/proposalboard.h"
#include "backend/records/approvalrecord.h"
#include "backend/types/lifetimescope.h"
#include "models/approvals/approvaldesk.h"

#include <QCoroTask>
#include <QObject>
#include <QPointer>

#include <memory>

namespace countersign {

/// The executions of one environment: what one would cost, the run that is on its way, and what became of earlier ones.
class Executing final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Executing)

public:
    /// All outlive this object.
    Executing(const Environment &environment, Journal &journal, ProposalBoard &board, const Sealing &sealing,
        QObject *parent = nullptr);

    /// What an earlier run of the console sent and did not see to its end, as the journal tells; once, and again while the
    /// journal cannot be read.
    void noteSubmissions();
    /// Ends in one quoted(), unless asked again before.
    void quote(const ExchangeItem &item, const Address &submitter);
    /// Whatever is still asked for is not waited for any more.
    void dropQuote() { m_quoteScope.restart(); }
    /// Of \a flow everything is passed on, and the board told what is on its way.
    void start(ExecutionFlow &flow, const ExchangeItem &item, SecretBuffer pin);
    void amend(ExecutionAct act, SecretBuffer pin);
    /// How the execution ended; empty while there was none.
    QString outcome(const Hash32 &id) const;
    /// Records of what was approved or executed here, newest first.
    QList<ApprovalRecord> records(const Hash32 &id) const;

signals:
    void quoted(const countersign::Outcome<countersign::FeeQuote> &outcome);
    void stepChanged(const countersign::FlowStep &step);
    void reviewed(const countersign::Review &review);
    void dropped();
    void included(const countersign::ExecutionReport &report);
    void amended(const countersign::Outcome<countersign::Hash32> &outcome);
    /// The last of a run.
    void executed(const countersign::Outcome<countersign::ExecutionReport> &outcome);

private:
    QCoro::Task<> runNoting();
    QCoro::Task<> runQuote(ExchangeItem item, Address submitter);

    const Environment &m_environment;
    Journal &m_journal;
    ProposalBoard &m_board;
    const Sealing &m_sealing;
    QPointer<ExecutionFlow> m_flow;
    bool m_hasNotedSubmissions = false;
    LifetimeScope m_quoteScope;
    LifetimeScope m_scope;
};

} // namespace countersign
