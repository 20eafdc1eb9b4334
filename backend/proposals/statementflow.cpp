#include "backend/proposals/statementflow.h"

#include "backend/proposals/flowjournal.h"
#include "backend/proposals/incidents.h"
#include "backend/proposals/keyuse.h"
#include "backend/proposals/statementjson.h"
#include "backend/records/recordfolder.h"
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
    case StatementKind::Retraction:
        return u"Took back an override: %1"_s.arg(statement.text);
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
    if (statement.kind == StatementKind::Retraction)
        evidence.insert(u"retracts"_s, statement.retracts.toString());
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

void StatementFlow::setShown(
    const ExchangeItem &item, const Review &review, const DeviceComparison &comparison, const Address &address)
{
    ApprovalRecord refusal;
    refusal.act = RecordedAct::Refused;
    refusal.program = thisProgram();
    refusal.holder = m_holder;
    refusal.address = address;
    refusal.envelope = ApprovalRecord::envelopeOf(item);
    refusal.review = review;
    refusal.comparison = comparison;
    if (m_signer)
        refusal.key = m_signer->evidence();
    refusal.key.address = address; // before the device was read it describes no key yet
    refusal.unsignedBecause = u"nothing was signed: the device did not show the hash"_s;
    m_refusal = std::move(refusal);
}

// The evidence of the incident, which names the record. An incident that cannot be kept as a record is recorded all the
// same.
QJsonObject StatementFlow::keepRefusal(const Statement &statement, Hash32 &record)
{
    QJsonObject evidence = evidenceOf(statement);
    if (!m_refusal)
        return evidence;
    m_refusal->madeAt = m_clock.now();
    m_refusal->journal = m_journal.status().head;
    const auto written = RecordFolder::besideJournal(m_journal.path()).write(*m_refusal);
    if (written) {
        record = m_refusal->contentHash();
        evidence.insert(u"record"_s, record.toString());
    } else {
        evidence.insert(u"recordError"_s, errorEvidence(written.error()));
    }
    return evidence;
}

void StatementFlow::startAndDelete(Statement withdrawal, SecretBuffer pin)
{
    m_deletes = withdrawal.kind == StatementKind::Withdrawal;
    start(std::move(withdrawal), std::move(pin));
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
    Hash32 refusal;
    const bool isReport = statement.kind == StatementKind::MismatchReport;
    if (isReport) {
        emit stepChanged({FlowStep::Kind::Recording, u"Recording the incident"_s});
        auto incident = closingIncident(m_holder, statement.safeTxHash, sentenceOf(statement), keepRefusal(statement, refusal));
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
        StatementOutcome local{statement, false};
        local.record = refusal;
        co_return local;
    }
    auto stated = co_await state(std::move(statement), *std::move(pin));
    if (!stated && isReport && stated.error().kind != ErrorKind::Cancelled)
        co_return fail(stated.error().kind,
            u"The incident is recorded at this console, but the others do not know of it: %1"_s.arg(
                stated.error().message),
            stated.error().detail);
    if (stated)
        stated->record = refusal;
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
    QList<DeletionOffer> offers;
    QStringList notAsked;
    if (m_deletes)
        offers = m_exchange.deletionOffers(statement.safeTxHash, statement.author, statement.madeAt);
    QList<Hash32> digests{digest};
    for (const DeletionOffer &offer : std::as_const(offers)) {
        if (m_signer->evidence().alwaysAuthenticate)
            notAsked.append(u"%1: the key wants the PIN for each signature, and it is asked for once"_s.arg(offer.carrier));
        else
            digests.append(offer.digest);
    }
    if (!notAsked.isEmpty())
        offers.clear();
    const auto signatures = co_await signAllWithToken(*m_signer, digests, std::move(pin));
    const Result<EvmSignature> signature
        = signatures ? Result<EvmSignature>(signatures->constFirst()) : std::unexpected(signatures.error());
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
    StatementOutcome outcome{statement, true};
    outcome.notDeleted = notAsked;
    if (!offers.isEmpty())
        outcome = co_await deleteAt(outcome, offers, signatures->sliced(1));
    co_return outcome;
}

QCoro::Task<StatementOutcome> StatementFlow::deleteAt(
    StatementOutcome outcome, QList<DeletionOffer> offers, QList<EvmSignature> signatures)
{
    const auto stop = m_scope.token();
    for (qsizetype i = 0; i < offers.size(); ++i) {
        const DeletionOffer &offer = offers.at(i);
        const auto removing = m_exchange.remove(offer, signatures[i].normalised());
        const auto removed = co_await removing;
        if (stop.stop_requested())
            co_return outcome;
        if (removed)
            outcome.deletedAt.append(offer.carrier);
        else
            outcome.notDeleted.append(u"%1: %2"_s.arg(offer.carrier, removed.error().message));
        auto entry = JournalEntry::make(JournalKind::Operation, m_holder, subjectOf(outcome.statement),
            removed ? u"Deleted at %1"_s.arg(offer.carrier) : u"Not deleted at %1: %2"_s.arg(offer.carrier, removed.error().message),
            {{u"request"_s, offer.digest.toString()}});
        (void)co_await record(m_journal, std::move(entry));
        if (stop.stop_requested())
            co_return outcome;
    }
    co_return outcome;
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

Statement draftRetraction(const Statement &override, const QString &reason)
{
    Statement statement;
    statement.kind = StatementKind::Retraction;
    statement.chainId = override.chainId;
    statement.safe = override.safe;
    statement.safeTxHash = override.safeTxHash;
    statement.text = reason;
    statement.retracts = override.digest();
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
