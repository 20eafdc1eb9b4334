#include "backend/proposals/signingflow.h"

#include "backend/proposals/flowjournal.h"
#include "backend/proposals/keyuse.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QCoroFuture>

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

} // namespace

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

void SigningFlow::start(ExchangeItem item, Hash32 shownHash, SecretBuffer pin)
{
    spawn(run(std::move(item), shownHash, std::move(pin)));
}

QCoro::Task<> SigningFlow::run(ExchangeItem item, Hash32 shownHash, SecretBuffer pin)
{
    const auto stop = m_scope.token();
    auto result = co_await sign(std::move(item), shownHash, std::move(pin));
    if (stop.stop_requested())
        co_return;
    if (result)
        emit stepChanged({FlowStep::Kind::Done, u"Signed"_s});
    emit finished(result);
}

QCoro::Task<Result<Review>> SigningFlow::reviewAfresh(ExchangeItem item, Hash32 shownHash)
{
    const auto stop = m_scope.token();
    emit stepChanged({FlowStep::Kind::Reviewing, u"Reviewing once more at the latest block"_s});
    const QList<ExchangeItem> others = m_exchange.snapshot().items;
    const auto review = co_await m_reader.review(item, others, stop);
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!review)
        co_return std::unexpected(review.error());
    emit reviewed(*review);
    const QString id = review->hashes.safeTx.toString();
    if (review->hashes.safeTx != shownHash) {
        auto entry = JournalEntry::make(JournalKind::Incident, m_holder, id,
            u"The hash that was compared is not the hash of the proposal"_s,
            {{u"shown"_s, shownHash.toString()}, {u"computed"_s, id}});
        (void)co_await record(m_journal, std::move(entry));
        co_return fail(ErrorKind::Conflict,
            u"The hash that was compared is not the hash of the proposal: nothing was signed"_s,
            u"compared %1, computed %2"_s.arg(shownHash.toString(), id));
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

QCoro::Task<Result<CollectedSignature>> SigningFlow::sign(ExchangeItem item, Hash32 shownHash, SecretBuffer pin)
{
    const auto stop = m_scope.token();
    const auto review = co_await reviewAfresh(item, shownHash);
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!review)
        co_return std::unexpected(review.error());
    const Hash32 hash = review->hashes.safeTx;
    const QString id = hash.toString();

    // Before the token is touched: a signature must never exist of which the journal knows nothing.
    auto intent = JournalEntry::make(JournalKind::Review, m_holder, id,
        u"Reviewed and about to sign: %1"_s.arg(review->sentence), reviewEvidence(*review));
    const auto announced = co_await record(m_journal, std::move(intent));
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!announced)
        co_return std::unexpected(announced.error());

    emit stepChanged({FlowStep::Kind::Signing, u"The token signs"_s});
    const auto raw = co_await signWithToken(m_signer, hash, std::move(pin));
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!raw) {
        auto entry
            = JournalEntry::make(JournalKind::Incident, m_holder, id, u"Signing failed: %1"_s.arg(raw.error().message),
                {{u"error"_s, errorEvidence(raw.error())}, {u"key"_s, keyEvidenceJson(m_signer.evidence())}});
        const auto noted = co_await record(m_journal, std::move(entry));
        if (!noted)
            co_return fail(
                raw.error().kind, u"%1. %2"_s.arg(raw.error().message, noted.error().message), raw.error().detail);
        co_return std::unexpected(raw.error());
    }

    emit stepChanged({FlowStep::Kind::Recording, u"Recording the signature"_s});
    auto made = CollectedSignature::make(
        item.proposal.chainId, item.proposal.safe, hash, SafeSignature::ecdsa(*raw), m_clock.now());
    if (!made)
        co_return std::unexpected(made.error());
    made->envelope = item.envelope();
    made->reviewed = ReviewedBlock{review->blockNumber, review->blockHash};
    const CollectedSignature signature = *made;
    auto entry = JournalEntry::make(JournalKind::Signature, m_holder, id, u"Signed: %1"_s.arg(review->sentence),
        {{u"signature"_s, toHex(signature.signature.staticPart())}, {u"recovered"_s, signature.owner.toString()},
            {u"key"_s, keyEvidenceJson(m_signer.evidence())}});
    const auto recorded = co_await record(m_journal, std::move(entry));
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!recorded)
        co_return std::unexpected(recorded.error());

    emit stepChanged({FlowStep::Kind::Publishing, u"Publishing the signature"_s});
    const auto writing = m_exchange.publish(signature);
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
