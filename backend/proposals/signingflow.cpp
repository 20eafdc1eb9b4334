#include "backend/proposals/signingflow.h"

#include "backend/proposals/flowjournal.h"
#include "backend/proposals/incidents.h"
#include "backend/proposals/keyuse.h"
#include "backend/records/recordfolder.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QCoroFuture>

#include <algorithm>
#include <memory>
#include <utility>

namespace countersign {

namespace {

Error given()
{
    return {ErrorKind::Cancelled, u"Signing was given up"_s, {}};
}

QString blockersOf(const Review &review)
{
    QStringList lines;
    for (const Finding &finding : review.findings) {
        if (finding.severity == Severity::Block)
            lines.append(u"%1: %2"_s.arg(finding.code, finding.message));
    }
    return lines.join(u'\n');
}

QJsonObject comparisonEvidence(const DeviceComparison &comparison)
{
    return {{u"comparison"_s, comparisonSummary(comparison)}};
}

} // namespace

/// What the person asked for.
struct SigningFlow::Approval {
    ExchangeItem item;
    Hash32 shownHash;
    DeviceComparison comparison;
    Hash32 id() const { return item.id(); }
};

/// A signature on its way to one member only.
struct SigningFlow::Sealing {
    MemberKey executor;
    Hash32 envelope;
    ReviewedBlock reviewed;
    Statement statement; ///< without content and signature at first
    std::optional<Error> problem;

    std::optional<Hash32> seal(const EvmSignature &made)
    {
        auto signature = CollectedSignature::make(statement.chainId, statement.safe, statement.safeTxHash,
            SafeSignature::ecdsa(made), statement.madeAt);
        if (signature) {
            signature->envelope = envelope;
            signature->reviewed = reviewed;
        }
        const auto sealed
            = signature ? sealSignature(*signature, executor) : Result<Bytes>(std::unexpected(signature.error()));
        if (!sealed) {
            problem = sealed.error();
            return std::nullopt;
        }
        statement.sealed = *sealed;
        return statement.digest();
    }
};

SigningFlow::SigningFlow(ReviewReader &reader, ProposalExchange &exchange, Journal &journal, Signer &signer,
    const Clock &clock, QString holder, QObject *parent)
    : QObject(parent)
    , m_reader(reader)
    , m_exchange(exchange)
    , m_journal(journal)
    , m_signer(signer)
    , m_clock(clock)
    , m_holder(std::move(holder))
{
}

void SigningFlow::start(ExchangeItem item, Hash32 shownHash, DeviceComparison comparison, SecretBuffer pin)
{
    spawn(run({std::move(item), shownHash, std::move(comparison)}, std::move(pin)));
}

QCoro::Task<> SigningFlow::run(Approval approval, SecretBuffer pin)
{
    const auto stop = m_scope.token();
    auto result = co_await sign(std::move(approval), std::move(pin));
    if (stop.stop_requested())
        co_return;
    if (result)
        emit stepChanged({FlowStep::Kind::Done, u"Signed"_s});
    emit finished(result);
}

QCoro::Task<Result<CollectedSignature>> SigningFlow::sign(Approval approval, SecretBuffer pin)
{
    const auto stop = m_scope.token();
    const Hash32 id = approval.id();
    const auto open = co_await refuseWithOpenIncidents(m_journal, id);
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!open)
        co_return std::unexpected(open.error());
    const auto review = co_await reviewAfresh(approval);
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!review)
        co_return std::unexpected(review.error());
    co_return co_await signReviewed(std::move(approval), *review, std::move(pin));
}

QCoro::Task<Result<Review>> SigningFlow::reviewAfresh(Approval approval)
{
    const auto stop = m_scope.token();
    emit stepChanged({FlowStep::Kind::Reviewing, u"Reviewing once more at the latest block"_s});
    const QList<ExchangeItem> others = m_exchange.snapshot().items;
    const auto review = co_await m_reader.review(approval.item, others, stop, {PolicyStage::Sign, m_signer.address()});
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!review)
        co_return std::unexpected(review.error());
    emit reviewed(*review);
    const Hash32 hash = review->hashes.safeTx;
    const QString id = hash.toString();
    if (hash != approval.shownHash) {
        auto entry
            = closingIncident(m_holder, approval.id(), u"The hash that was compared is not the hash of the proposal"_s,
                {{u"shown"_s, approval.shownHash.toString()}, {u"computed"_s, id}});
        (void)co_await record(m_journal, std::move(entry));
        co_return fail(ErrorKind::Conflict,
            u"The hash that was compared is not the hash of the proposal: nothing was signed"_s,
            u"compared %1, computed %2"_s.arg(approval.shownHash.toString(), id));
    }
    const auto verdict = judgeComparison(approval.comparison, review->hashes);
    if (verdict == ComparisonVerdict::Incomplete)
        co_return fail(ErrorKind::Invalid, comparisonText(verdict));
    if (verdict == ComparisonVerdict::DoesNotMatch) {
        const auto refused = co_await refuseForMismatch(approval, *review);
        co_return fail(ErrorKind::Conflict,
            u"%1: nothing was signed. Do not try again before you know why"_s.arg(comparisonText(verdict)),
            refused ? QString() : refused.error().message);
    }
    if (review->isBlocked()) {
        const QString blockers = blockersOf(*review);
        auto entry = JournalEntry::make(JournalKind::Review, m_holder, id,
            u"Signing refused: %1"_s.arg(review->findings.first().message), reviewEvidence(*review));
        (void)co_await record(m_journal, std::move(entry));
        co_return fail(
            ErrorKind::Rejected, u"The review forbids signing: %1"_s.arg(review->findings.first().message), blockers);
    }
    const Address mine = m_signer.address();
    const QString holder = m_holder;
    const auto owner = std::ranges::find(review->signers, mine, &ReviewSigner::owner);
    if (owner == review->signers.end()) {
        auto entry = JournalEntry::make(JournalKind::Review, m_holder, id,
            u"Signing refused: %1 is no owner of the Safe"_s.arg(holder), reviewEvidence(*review));
        (void)co_await record(m_journal, std::move(entry));
        co_return fail(ErrorKind::Rejected,
            u"%1 is no owner of the Safe: the signature would count for nothing"_s.arg(mine.toString()));
    }
    if (owner->hasSigned)
        co_return fail(ErrorKind::Conflict, u"%1 has signed this proposal already"_s.arg(holder));
    co_return *review;
}

ApprovalRecord SigningFlow::recordOf(const Approval &approval, const Review &review, RecordedAct act) const
{
    ApprovalRecord made;
    made.act = act;
    made.program = thisProgram();
    made.madeAt = m_clock.now();
    made.holder = m_holder;
    made.address = m_signer.address();
    made.envelope = ApprovalRecord::envelopeOf(approval.item);
    made.review = review;
    made.comparison = approval.comparison;
    made.key = m_signer.evidence();
    made.key.address = made.address; // before the device was read it describes no key yet
    made.journal = m_journal.status().head;
    return made;
}

// The token is not asked. What the console showed is kept all the same: it is what the incident is about.
QCoro::Task<Result<void>> SigningFlow::refuseForMismatch(Approval approval, Review review)
{
    const auto stop = m_scope.token();
    ApprovalRecord refusal = recordOf(approval, review, RecordedAct::Refused);
    refusal.unsignedBecause = u"nothing was signed: the device did not show the hash"_s;
    const auto written = RecordFolder::besideJournal(m_journal.path()).write(refusal);
    QJsonObject evidence = comparisonEvidence(approval.comparison);
    if (written)
        evidence.insert(u"record"_s, refusal.contentHash().toString());
    else
        evidence.insert(u"recordError"_s, errorEvidence(written.error()));
    auto entry
        = closingIncident(m_holder, approval.id(), u"The device does not show the hash of the proposal"_s, evidence);
    const auto noted = co_await record(m_journal, std::move(entry));
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (written)
        emit recorded(refusal, *written);
    if (!noted)
        co_return std::unexpected(noted.error());
    if (!written)
        co_return std::unexpected(written.error());
    co_return Result<void>{};
}

QCoro::Task<Result<CollectedSignature>> SigningFlow::signReviewed(Approval approval, Review review, SecretBuffer pin)
{
    const auto stop = m_scope.token();
    const Hash32 hash = review.hashes.safeTx;
    std::shared_ptr<Sealing> sealing;
    if (m_executor) {
        const auto prepared = co_await prepareSealing(approval, review);
        if (stop.stop_requested())
            co_return std::unexpected(given());
        if (!prepared)
            co_return std::unexpected(prepared.error());
        sealing = *prepared;
    }

    // Before the token is touched: a signature must never exist of which the journal knows nothing, or that could not
    // be recorded with what was shown.
    const RecordFolder folder = RecordFolder::besideJournal(m_journal.path());
    auto draft = std::make_shared<ApprovalRecord>(recordOf(approval, review, RecordedAct::Signed));
    auto recordable = folder.prepare();
    if (recordable)
        recordable = RecordFolder::check(*draft);
    if (!recordable)
        co_return std::unexpected(recordable.error());
    auto intent = JournalEntry::make(JournalKind::Review, m_holder, hash.toString(),
        u"Reviewed and about to sign: %1"_s.arg(review.sentence), reviewEvidence(review));
    const auto announced = co_await recordAndName(m_journal, std::move(intent));
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!announced)
        co_return std::unexpected(announced.error());
    draft->journal = *announced;
    draft->madeAt = m_clock.now();

    emit stepChanged({FlowStep::Kind::Signing, u"The token signs"_s});
    const Signer &signer = m_signer;
    QList<FollowingDigest> following{[draft, &signer](const EvmSignature &first) {
        draft->key = signer.evidence();
        draft->signature = first.normalised();
        return draft->digest();
    }};
    if (sealing)
        following.append([sealing](const EvmSignature &first) { return sealing->seal(first); });
    const auto raw = co_await signInTurnWithToken(m_signer, hash, following, std::move(pin));
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!raw) {
        const auto noted = co_await noteFailure(hash, raw.error());
        if (!noted)
            co_return fail(
                raw.error().kind, u"%1. %2"_s.arg(raw.error().message, noted.error().message), raw.error().detail);
        co_return std::unexpected(raw.error());
    }
    const Result<EvmSignature> second = raw->next.constFirst();
    if (sealing && !sealing->problem) {
        const Result<EvmSignature> around = raw->next.constLast();
        if (around)
            sealing->statement.signature = around->normalised();
        else
            sealing->problem = around.error();
    }
    co_return co_await publish(std::move(approval), *draft, second, sealing);
}

QCoro::Task<Result<std::shared_ptr<SigningFlow::Sealing>>> SigningFlow::prepareSealing(Approval approval, Review review)
{
    const auto stop = m_scope.token();
    const Proposal &proposal = approval.item.proposal;
    QList<Address> owners;
    for (const ReviewSigner &signer : review.signers)
        owners.append(signer.owner);
    const Address executor = m_executor->member;
    if (!owners.contains(executor))
        co_return fail(ErrorKind::Rejected, u"%1 is no owner of the Safe: nothing was signed"_s.arg(executor.toString()));
    const auto announced
        = keyOfMember(memberKeys(*m_exchange.snapshot().set, proposal.chainId, proposal.safe, owners), executor);
    if (!announced || announced->key != m_executor->key)
        co_return fail(ErrorKind::Conflict,
            u"%1 has announced another encryption key meanwhile: nothing was signed. Look again, and start anew"_s.arg(
                executor.toString()));
    if (m_signer.evidence().alwaysAuthenticate)
        co_return fail(ErrorKind::Denied,
            u"This key wants its PIN for each signature: it cannot sign what is sealed as well. Nothing was signed"_s);
    auto sealing = std::make_shared<Sealing>();
    sealing->executor = *announced;
    sealing->envelope = approval.item.envelope();
    sealing->reviewed = ReviewedBlock{review.blockNumber, review.blockHash};
    Statement &statement = sealing->statement;
    statement.kind = StatementKind::SealedSignature;
    statement.chainId = proposal.chainId;
    statement.safe = proposal.safe;
    statement.author = m_signer.address();
    statement.madeAt = m_clock.now();
    statement.safeTxHash = review.hashes.safeTx;
    statement.recipient = executor;
    statement.encryptionKey = announced->key;
    const auto finding = m_exchange.nextLink(statement.lane());
    const auto link = co_await finding;
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!link)
        co_return std::unexpected(link.error());
    statement.link = *link;
    co_return sealing;
}

QFuture<Result<QString>> SigningFlow::hand(const CollectedSignature &signature, const Sealing *sealing)
{
    return sealing ? m_exchange.publish(sealing->statement) : m_exchange.publish(signature);
}

QCoro::Task<Result<void>> SigningFlow::noteFailure(Hash32 id, Error error)
{
    const QString text = u"Signing failed: %1"_s.arg(error.message);
    const QJsonObject evidence{{u"error"_s, errorEvidence(error)}, {u"key"_s, keyEvidenceJson(m_signer.evidence())}};
    auto entry = isForeignSignature(error)
        ? closingIncident(m_holder, id, text, evidence)
        : JournalEntry::make(JournalKind::Incident, m_holder, id.toString(), text, evidence);
    co_return co_await record(m_journal, std::move(entry));
}

QCoro::Task<Result<CollectedSignature>> SigningFlow::publish(
    Approval approval, ApprovalRecord approved, Result<EvmSignature> recordSignature, std::shared_ptr<Sealing> sealing)
{
    const auto stop = m_scope.token();
    const Review &review = approved.review;
    const Hash32 hash = review.hashes.safeTx;
    const QString id = hash.toString();
    emit stepChanged({FlowStep::Kind::Recording, u"Recording the signature and what was shown"_s});
    auto made = CollectedSignature::make(approval.item.proposal.chainId, approval.item.proposal.safe, hash,
        SafeSignature::ecdsa(*approved.signature), sealing ? sealing->statement.madeAt : m_clock.now());
    if (!made)
        co_return std::unexpected(made.error());
    made->envelope = approval.item.envelope();
    made->reviewed = ReviewedBlock{review.blockNumber, review.blockHash};
    const CollectedSignature signature = *made;

    if (recordSignature)
        approved.recordSignature = recordSignature->normalised();
    else
        approved.unsignedBecause = recordSignature.error().message;
    const auto written = RecordFolder::besideJournal(m_journal.path()).write(approved);
    // A journal is shown and exported: what was sealed does not stand in it.
    QJsonObject evidence{{u"signature"_s, sealing ? QString() : toHex(signature.signature.staticPart())},
        {u"recovered"_s, signature.owner.toString()}, {u"key"_s, keyEvidenceJson(approved.key)},
        {u"comparison"_s, comparisonSummary(approval.comparison)}};
    if (written)
        evidence.insert(u"record"_s, approved.contentHash().toString());
    else
        evidence.insert(u"recordError"_s, errorEvidence(written.error()));
    if (sealing) {
        evidence.insert(u"sealedFor"_s, sealing->executor.member.toString());
        evidence.insert(u"encryptionKey"_s, sealing->executor.key.toString());
        evidence.insert(u"entry"_s, sealing->statement.digest().toString());
    }
    auto entry = JournalEntry::make(JournalKind::Signature, m_holder, id,
        (sealing ? u"Signed, sealed for an executor: %1"_s : u"Signed: %1"_s).arg(review.sentence), evidence);
    const auto noted = co_await record(m_journal, std::move(entry));
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!recordSignature && isForeignSignature(recordSignature.error())) {
        const auto incident = co_await noteFailure(hash, recordSignature.error());
        if (stop.stop_requested() || !incident)
            co_return std::unexpected(stop.stop_requested() ? given() : incident.error());
        co_return std::unexpected(recordSignature.error());
    }
    if (!noted)
        co_return std::unexpected(noted.error());
    if (!written)
        co_return fail(written.error().kind,
            u"It was signed, but nothing was published, because the record was not kept: %1"_s.arg(
                written.error().message),
            written.error().detail);
    emit recorded(approved, *written);
    if (sealing && sealing->problem)
        co_return fail(sealing->problem->kind,
            u"It was signed and recorded, but given to nobody, because it could not be sealed: %1"_s.arg(
                sealing->problem->message),
            sealing->problem->detail);

    emit stepChanged({FlowStep::Kind::Publishing, u"Publishing the signature"_s});
    const auto writing = hand(signature, sealing.get());
    const auto published = co_await writing;
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!published) {
        auto failure = JournalEntry::make(JournalKind::Incident, m_holder, id,
            u"The signature was not published: %1"_s.arg(published.error().message), errorEvidence(published.error()));
        (void)co_await record(m_journal, std::move(failure));
        co_return std::unexpected(published.error());
    }
    co_return signature;
}

} // namespace countersign
