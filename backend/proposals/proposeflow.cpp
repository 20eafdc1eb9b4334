#include "backend/proposals/proposeflow.h"

#include "backend/proposals/flowjournal.h"
#include "backend/proposals/keyuse.h"
#include "backend/proposals/proposaljson.h"
#include "backend/types/keccak.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QSet>

#include <utility>

namespace countersign {

namespace {

Error given()
{
    return {ErrorKind::Cancelled, u"The proposal was given up"_s, {}};
}

} // namespace

ProposeFlow::ProposeFlow(ProposalExchange &exchange, Journal &journal, Signer &signer, QString holder, QObject *parent)
    : QObject(parent)
    , m_exchange(exchange)
    , m_journal(journal)
    , m_signer(signer)
    , m_holder(std::move(holder))
{
}

void ProposeFlow::start(QList<ProposalDraft> drafts, SecretBuffer pin, QList<Bytes> documents)
{
    spawn(run(std::move(drafts), std::move(pin), std::move(documents)));
}

QCoro::Task<> ProposeFlow::run(QList<ProposalDraft> drafts, SecretBuffer pin, QList<Bytes> documents)
{
    const auto stop = m_scope.token();
    auto result = co_await propose(std::move(drafts), std::move(pin), std::move(documents));
    if (stop.stop_requested())
        co_return;
    emit finished(result);
}

// What is signed names its place in the proposer's log.
QCoro::Task<Result<ProposalDraft>> ProposeFlow::place(ProposalDraft draft)
{
    const auto stop = m_scope.token();
    if (const auto checked = checkDraft(draft); !checked)
        co_return std::unexpected(checked.error());
    const ExchangeItem *known = m_exchange.find(draft.safeTxHash());
    if (draft.previousEnvelope.isZero() && known && known->isDescribed())
        co_return fail(
            ErrorKind::Conflict, u"This transaction has been proposed already"_s, draft.safeTxHash().toString());
    draft.proposer = m_signer.address();
    const auto finding = m_exchange.nextLink(draft.lane());
    const auto link = co_await finding;
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!link)
        co_return std::unexpected(link.error());
    draft.link = *link;
    co_return draft;
}

// Before the envelope that names them: whoever reads it has them. What nobody could read is not signed.
QCoro::Task<Result<void>> ProposeFlow::publishDocuments(QList<ProposalDraft> drafts, QList<Bytes> documents)
{
    const auto stop = m_scope.token();
    QSet<Hash32> written;
    for (const Bytes &document : std::as_const(documents)) {
        const auto writing = m_exchange.publishAttachment(document);
        const auto published = co_await writing;
        if (stop.stop_requested())
            co_return std::unexpected(given());
        if (!published)
            co_return fail(published.error().kind,
                u"What the proposal attaches cannot be handed over: %1"_s.arg(published.error().message),
                published.error().detail);
        written.insert(keccak256(document));
    }
    for (const ProposalDraft &draft : std::as_const(drafts)) {
        for (const Attachment &attachment : draft.attachments) {
            if (written.contains(attachment.contentHash))
                continue;
            const Hash32 hash = attachment.contentHash;
            const QString name = attachment.name;
            const auto reading = m_exchange.attachment(hash);
            const auto held = co_await reading;
            if (stop.stop_requested())
                co_return std::unexpected(given());
            if (!held)
                co_return fail(held.error().kind,
                    u"The proposal rests on “%1”, which the exchange does not have: %2"_s.arg(name, held.error().message),
                    hash.toString());
        }
    }
    co_return Result<void>{};
}

QCoro::Task<Result<QList<Proposal>>> ProposeFlow::propose(
    QList<ProposalDraft> drafts, SecretBuffer pin, QList<Bytes> documents)
{
    const auto stop = m_scope.token();
    QList<Proposal> proposals;
    QList<Hash32> digests;
    for (const ProposalDraft &draft : drafts) {
        const auto placed = co_await place(draft);
        if (stop.stop_requested())
            co_return std::unexpected(given());
        if (!placed)
            co_return std::unexpected(placed.error());
        for (const Proposal &other : std::as_const(proposals)) {
            if (other.lane() == placed->lane())
                co_return fail(ErrorKind::Invalid, u"Two proposals for one Safe are not signed at once"_s);
        }
        Proposal proposal;
        static_cast<ProposalDraft &>(proposal) = *placed;
        digests.append(proposal.envelopeDigest());
        proposals.append(proposal);
    }
    if (proposals.isEmpty())
        co_return fail(ErrorKind::Invalid, u"There is nothing to propose"_s);
    const auto handedOver = co_await publishDocuments(drafts, std::move(documents));
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!handedOver)
        co_return std::unexpected(handedOver.error());

    emit stepChanged({FlowStep::Kind::Signing, u"The token signs the proposal"_s});
    const auto signatures = co_await signAllWithToken(m_signer, digests, std::move(pin));
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!signatures) {
        auto entry = JournalEntry::make(JournalKind::Incident, m_holder, proposals.first().safeTxHash().toString(),
            u"Signing a proposal failed: %1"_s.arg(signatures.error().message), errorEvidence(signatures.error()));
        (void)co_await record(m_journal, std::move(entry));
        co_return std::unexpected(signatures.error());
    }
    for (qsizetype i = 0; i < proposals.size(); ++i) {
        proposals[i].signature = signatures->at(i).normalised();
        const auto published = co_await publish(proposals[i]);
        if (stop.stop_requested())
            co_return std::unexpected(given());
        if (!published && i == 0)
            co_return std::unexpected(published.error());
        if (!published)
            co_return fail(published.error().kind,
                u"Proposed on %1 of %2 chains, then: %3"_s.arg(i).arg(proposals.size()).arg(published.error().message),
                published.error().detail);
    }
    co_return proposals;
}

QCoro::Task<Result<void>> ProposeFlow::publish(Proposal proposal)
{
    const auto stop = m_scope.token();
    const QString id = proposal.safeTxHash().toString();
    emit stepChanged({FlowStep::Kind::Recording, u"Recording the proposal"_s});
    auto entry = JournalEntry::make(JournalKind::Proposal, m_holder, id, u"Proposed: %1"_s.arg(proposal.title),
        {{u"rationale"_s, proposal.rationale}, {u"safe"_s, proposal.safe.toString()},
            {u"chainId"_s, QString::number(proposal.chainId.value())}, {u"to"_s, proposal.transaction.to.toString()},
            {u"data"_s, toHex(proposal.transaction.data)}, {u"nonce"_s, proposal.transaction.nonce.toDecimal()},
            {u"envelopeDigest"_s, proposal.envelopeDigest().toString()},
            {u"key"_s, keyEvidenceJson(m_signer.evidence())}});
    const auto recorded = co_await record(m_journal, std::move(entry));
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!recorded)
        co_return std::unexpected(recorded.error());

    emit stepChanged({FlowStep::Kind::Publishing, u"Publishing the proposal"_s});
    const auto writing = m_exchange.publish(proposal);
    const auto published = co_await writing;
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (published)
        co_return {};
    auto failure = JournalEntry::make(JournalKind::Proposal, m_holder, id,
        u"The proposal was not published: %1"_s.arg(published.error().message), errorEvidence(published.error()));
    (void)co_await record(m_journal, std::move(failure));
    co_return std::unexpected(published.error());
}

} // namespace countersign
