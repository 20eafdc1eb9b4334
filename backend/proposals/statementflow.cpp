#include "backend/proposals/statementflow.h"

#include "backend/proposals/flowjournal.h"
#include "backend/proposals/incidents.h"
#include "backend/proposals/keyuse.h"
#include "backend/proposals/statementjson.h"
#include "backend/records/approvalrecord.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QCoroFuture>

#include <utility>

namespace countersign {

namespace {

Error given()
{
    return {ErrorKind::Cancelled, u"The statement was given up"_s, {}};
}

QString sentenceOf(const Statement &statement)
{
    switch (statement.kind) {
    case StatementKind::Rejection:
        return u"Rejected: %1"_s.arg(statement.text);
    case StatementKind::Withdrawal:
        return u"Withdrew the proposal: %1"_s.arg(statement.text);
    case StatementKind::MismatchReport:
        return u"The device showed another hash: %1"_s.arg(statement.text);
    case StatementKind::Override:
        return u"Answered for going on in spite of %1: %2"_s.arg(statement.finding, statement.text);
    case StatementKind::Acknowledgement:
        return u"Acknowledged what the exchange holds"_s;
    case StatementKind::EncryptionKey:
        return u"Announced the encryption key %1"_s.arg(statement.encryptionKey.toString());
    case StatementKind::SealedSignature:
        return u"Gave a signature sealed for %1"_s.arg(statement.recipient.toString());
    case StatementKind::Note:
        break;
    }
    return u"Noted: %1"_s.arg(statement.text);
}

QString subjectOf(const Statement &statement)
{
    return statement.safeTxHash.isZero() ? statement.safe.toString() : statement.safeTxHash.toString();
}

QJsonObject evidenceOf(const Statement &statement)
{
    QJsonObject evidence{{u"statement"_s, QString(statementKindName(statement.kind))},
        {u"safe"_s, statement.safe.toString()}, {u"chainId"_s, QString::number(statement.chainId.value())}};
    if (!statement.shownHash.isZero())
        evidence.insert(u"shown"_s, statement.shownHash.toString());
    if (statement.kind == StatementKind::Override) {
        evidence.insert(u"finding"_s, statement.finding);
        evidence.insert(u"policy"_s, statement.policy.toString());
    }
    return evidence;
}

} // namespace

StatementFlow::StatementFlow(
    ProposalExchange &exchange, Journal &journal, Signer *signer, const Clock &clock, QString holder, QObject *parent)
    : QObject(parent)
    , m_exchange(exchange)
    , m_journal(journal)
    , m_signer(signer)
    , m_clock(clock)
    , m_holder(std::move(holder))
{
}

void StatementFlow::start(Statement statement, std::optional<SecretBuffer> pin)
{
    spawn(run(std::move(statement), std::move(pin)));
}

QCoro::Task<> StatementFlow::run(Statement statement, std::optional<SecretBuffer> pin)
{
    const auto stop = m_scope.token();
    auto result = co_await report(std::move(statement), std::move(pin));
    if (stop.stop_requested())
        co_return;
    if (result)
        emit stepChanged({FlowStep::Kind::Done, result->isPublished ? u"Published"_s : u"Recorded at this console"_s});
    emit finished(result);
}

QCoro::Task<Result<StatementOutcome>> StatementFlow::report(Statement statement, std::optional<SecretBuffer> pin)
{
    const auto stop = m_scope.token();
    if (const auto checked = checkStatement(statement); !checked)
        co_return std::unexpected(checked.error());
    const bool isReport = statement.kind == StatementKind::MismatchReport;
    if (isReport) {
        emit stepChanged({FlowStep::Kind::Recording, u"Recording the incident"_s});
        auto incident = closingIncident(m_holder, statement.safeTxHash, sentenceOf(statement), evidenceOf(statement));
        const auto noted = co_await record(m_journal, std::move(incident));
        if (stop.stop_requested())
            co_return std::unexpected(given());
        if (!noted)
            co_return std::unexpected(noted.error());
    }
    if (!pin || !m_signer) {
        if (!isReport)
            co_return fail(ErrorKind::Invalid, u"A statement is signed: it needs the token and its PIN"_s);
        statement.madeAt = m_clock.now();
        co_return StatementOutcome{statement, false};
    }
    auto stated = co_await state(std::move(statement), *std::move(pin));
    if (!stated && isReport && stated.error().kind != ErrorKind::Cancelled)
        co_return fail(stated.error().kind,
            u"The incident is recorded at this console, but the others do not know of it: %1"_s.arg(
                stated.error().message),
            stated.error().detail);
    co_return stated;
}

QCoro::Task<Result<StatementOutcome>> StatementFlow::state(Statement statement, SecretBuffer pin)
{
    const auto stop = m_scope.token();
    // What is signed names its place in the author's log.
    statement.author = m_signer->address();
    statement.madeAt = m_clock.now();
    const auto finding = m_exchange.nextLink(statement.lane());
    const auto link = co_await finding;
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!link)
        co_return std::unexpected(link.error());
    statement.link = *link;

    emit stepChanged({FlowStep::Kind::Signing, u"The token signs the statement"_s});
    const Hash32 digest = statement.digest();
    const auto signature = co_await signWithToken(*m_signer, digest, std::move(pin));
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!signature) {
        auto entry = JournalEntry::make(JournalKind::Incident, m_holder, subjectOf(statement),
            u"Signing a statement failed: %1"_s.arg(signature.error().message), errorEvidence(signature.error()));
        (void)co_await record(m_journal, std::move(entry));
        co_return std::unexpected(signature.error());
    }
    statement.signature = signature->normalised();

    emit stepChanged({FlowStep::Kind::Recording, u"Recording the statement"_s});
    QJsonObject evidence = evidenceOf(statement);
    evidence.insert(u"entry"_s, digest.toString());
    evidence.insert(u"key"_s, keyEvidenceJson(m_signer->evidence()));
    auto entry
        = JournalEntry::make(JournalKind::Operation, m_holder, subjectOf(statement), sentenceOf(statement), evidence);
    const auto recorded = co_await record(m_journal, std::move(entry));
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!recorded)
        co_return std::unexpected(recorded.error());

    emit stepChanged({FlowStep::Kind::Publishing, u"Publishing the statement"_s});
    const auto writing = m_exchange.publish(statement);
    const auto published = co_await writing;
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!published) {
        auto failure = JournalEntry::make(JournalKind::Operation, m_holder, subjectOf(statement),
            u"The statement was not published: %1"_s.arg(published.error().message), errorEvidence(published.error()));
        (void)co_await record(m_journal, std::move(failure));
        co_return std::unexpected(published.error());
    }
    co_return StatementOutcome{statement, true};
}

Statement draftStatement(StatementKind kind, const Proposal &proposal, const QString &text)
{
    Statement statement;
    statement.kind = kind;
    statement.chainId = proposal.chainId;
    statement.safe = proposal.safe;
    statement.safeTxHash = proposal.safeTxHash();
    statement.text = text;
    return statement;
}

Statement draftOverride(const Proposal &proposal, const QString &finding, const Hash32 &policy, const QString &reason)
{
    Statement statement = draftStatement(StatementKind::Override, proposal, reason);
    statement.finding = finding;
    statement.policy = policy;
    return statement;
}

Statement draftAcknowledgement(ChainId chain, const Address &safe, const QList<LaneHead> &heads)
{
    Statement statement;
    statement.kind = StatementKind::Acknowledgement;
    statement.chainId = chain;
    statement.safe = safe;
    statement.heads = heads;
    return statement;
}

Statement draftMismatchReport(const Proposal &proposal, const DeviceComparison &comparison, const QString &text)
{
    const QString shown = comparisonSummary(comparison);
    Statement statement = draftStatement(
        StatementKind::MismatchReport, proposal, text.trimmed().isEmpty() ? shown : u"%1. %2"_s.arg(shown, text));
    QString digits = comparison.shownByDevice.simplified();
    digits.remove(u' ');
    if (!digits.startsWith("0x"_L1, Qt::CaseInsensitive))
        digits.prepend("0x"_L1);
    statement.shownHash = Hash32::parse(digits).value_or(Hash32());
    return statement;
}

} // namespace countersign
