#pragma once

#include "backend/journal/journal.h"
#include "backend/keys/secretbuffer.h"
#include "backend/keys/signer.h"
#include "backend/proposals/flowstep.h"
#include "backend/proposals/proposalexchange.h"
#include "backend/records/approvalrecord.h"
#include "backend/records/devicecomparison.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"

#include <QObject>
#include <QStringList>

#include <QCoroTask>

#include <optional>

namespace countersign {

/// What became of a statement.
struct StatementOutcome {
    Statement statement;
    bool isPublished = false; ///< false: the holder did not sign it; it is recorded at this console only
    QStringList deletedAt = {}; ///< carriers that have taken a withdrawn proposal off
    Hash32 record = {}; ///< of a report: the record of the refusal, by its content; zero: none was kept
    QStringList notDeleted = {}; ///< those that were asked and have not, with the reason
    friend bool operator==(const StatementOutcome &, const StatementOutcome &) = default;
};

/// One run of saying something about a proposal or the exchange: the holder's key signs the statement in its place in
/// the holder's log, it is recorded, then published. A report that a device showed another hash is first of all an
/// incident: it is recorded before the token is asked, closes the proposal at this console, and stays when nobody can
/// sign.
class StatementFlow final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StatementFlow)

public:
    /// All references outlive the flow. \a signer may be null when there is no token: then only a report can be made.
    StatementFlow(ProposalExchange &exchange, Journal &journal, Signer *signer, const Clock &clock, QString holder,
        QObject *parent = nullptr);

    /// What this console showed when the device showed something else: a report is then kept as a record of a refusal
    /// as well, by \a address, whose key need not be at hand.
    void setShown(const ExchangeItem &item, const Review &review, const DeviceComparison &comparison, const Address &address);
    /// Author, place and time of \a statement are filled in here. Without \a pin a report is recorded and not signed;
    /// every other kind is refused (Invalid). Errors of finished(): Invalid (checkStatement), those of signing, the
    /// journal's and the exchange's. The message says whether the incident was recorded.
    void start(Statement statement, std::optional<SecretBuffer> pin);
    /// A withdrawal, after which the carriers that would take the proposal off are asked to, with the same unlocking.
    /// That one of them does not is no error.
    void startAndDelete(Statement withdrawal, SecretBuffer pin);

signals:
    void stepChanged(const countersign::FlowStep &step);
    void finished(const countersign::Result<countersign::StatementOutcome> &result);

private:
    QCoro::Task<> run(Statement statement, std::optional<SecretBuffer> pin);
    QJsonObject keepRefusal(const Statement &statement, Hash32 &record);
    QCoro::Task<Result<StatementOutcome>> report(Statement statement, std::optional<SecretBuffer> pin);
    QCoro::Task<Result<StatementOutcome>> state(Statement statement, SecretBuffer pin);
    QCoro::Task<StatementOutcome> deleteAt(StatementOutcome outcome, QList<DeletionOffer> offers, QList<EvmSignature> signatures);

    ProposalExchange &m_exchange;
    Journal &m_journal;
    Signer *m_signer;
    const Clock &m_clock;
    QString m_holder;
    bool m_deletes = false;
    std::optional<ApprovalRecord> m_refusal;
    LifetimeScope m_scope;
};

/// A statement about a proposal, to be signed: all kinds but those below.
Statement draftStatement(StatementKind kind, const Proposal &proposal, const QString &text);
/// Going on in spite of a finding of the review under that policy (its id).
Statement draftOverride(const Proposal &proposal, const QString &finding, const Hash32 &policy, const QString &reason);
/// Taking an override back; counts from whoever made it.
Statement draftRetraction(const Statement &override, const QString &reason);
/// Having seen the exchange of a Safe up to these heads (headsToAcknowledge).
Statement draftAcknowledgement(ChainId chain, const Address &safe, const QList<LaneHead> &heads);
/// The report of a device that showed something else. What it showed is named as a hash when it was written down whole.
Statement draftMismatchReport(const Proposal &proposal, const DeviceComparison &comparison, const QString &text);

} // namespace countersign
