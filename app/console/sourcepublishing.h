#pragma once

#include "backend/environment/environment.h"
#include "backend/journal/journal.h"
#include "backend/proposals/execution/executionreport.h"
#include "backend/proposals/flowstep.h"
#include "backend/types/lifetimescope.h"
#include "models/approvals/outcome.h"

#include <QCoroTask>
#include <QObject>
#include <QStringList>

namespace countersign {

/// The publication of sources of one environment: what would leave, for where, and that it leaves recorded.
class SourcePublishing final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SourcePublishing)

public:
    /// All outlive this object.
    SourcePublishing(const Environment &environment, Journal &journal, QObject *parent = nullptr);

    /// Where sources of this chain may be published; empty: nowhere.
    QString server(ChainId chain) const;
    /// What would leave this machine, a line each. Errors when a contract is none of ours, or not verified.
    static Result<QStringList> contents(const ExecutionReport &report);
    /// Ends in one finished(). Errors: Denied (the environment names no server), those of
    /// the journal and of the publication.
    void publish(ChainId chain, const QString &holder, const ExecutionReport &report);

signals:
    void stepChanged(const countersign::FlowStep &step);
    /// The addresses under which the server shows them.
    void finished(const countersign::Outcome<QStringList> &outcome);

private:
    QCoro::Task<> run(ChainSettings chain, QString holder, ExecutionReport report);

    const Environment &m_environment;
    Journal &m_journal;
    LifetimeScope m_scope;
};

} // namespace countersign
