#include "backend/proposals/proposeflow.h"

#include "backend/proposals/flowjournal.h"
#include "backend/proposals/keyuse.h"
#include "backend/proposals/proposaljson.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QCoroFuture>

#include <utility>

namespace countersign {

ProposeFlow::ProposeFlow(ProposalExchange &exchange, Journal &journal, Signer &signer, QString holder, QObject *parent)
    : QObject(parent)
    , m_exchange(exchange)
    , m_journal(journal)
    , m_signer(signer)
    , m_holder(std::move(holder))
{
}

void ProposeFlow::start(ProposalDraft draft, SecretBuffer pin)
{
    spawn(run(std::move(draft), std::move(pin)));
}

QCoro::Task<> ProposeFlow::run(ProposalDraft draft, SecretBuffer pin)
{
    const auto stop = m_scope.token();
    auto result = co_await propose(std::move(draft), std::move(pin));
    if (stop.stop_requested())
        co_return;
    emit finished(result);
}

QCoro::Task<Result<Proposal>> ProposeFlow::propose(ProposalDraft draft, SecretBuffer pin)
{
    const auto stop = m_scope.token();
    const Error gone{ErrorKind::Cancelled, u"The proposal was given up"_s, {}};
    if (const auto checked = checkDraft(draft); !checked)
        co_return std::unexpected(checked.error());
    const QString id = draft.safeTxHash().toString();
    const ExchangeItem *item = m_exchange.find(draft.safeTxHash());
    if (draft.previousEnvelope.isZero() && item && item->isDescribed())
        co_return fail(ErrorKind::Conflict, u"This transaction has been proposed already"_s, id);

    // What is signed names its place in the proposer's log.
    draft.proposer = m_signer.address();
    const auto finding = m_exchange.nextLink(draft.lane());
    const auto link = co_await finding;
    if (stop.stop_requested())
        co_return std::unexpected(gone);
    if (!link)
        co_return std::unexpected(link.error());
    draft.link = *link;

    emit stepChanged({FlowStep::Kind::Signing, u"The token signs the proposal"_s});
    const Hash32 digest = draft.envelopeDigest();
    const auto signature = co_await signWithToken(m_signer, digest, std::move(pin));
    if (stop.stop_requested())
        co_return std::unexpected(gone);
    if (!signature) {
        auto entry = JournalEntry::make(JournalKind::Incident, m_holder, id,
            u"Signing a proposal failed: %1"_s.arg(signature.error().message), errorEvidence(signature.error()));
        (void)co_await record(m_journal, std::move(entry));
        co_return std::unexpected(signature.error());
    }
    Proposal proposal;
    static_cast<ProposalDraft &>(proposal) = std::move(draft);
    proposal.signature = signature->normalised();

    emit stepChanged({FlowStep::Kind::Recording, u"Recording the proposal"_s});
    auto entry = JournalEntry::make(JournalKind::Proposal, m_holder, id, u"Proposed: %1"_s.arg(proposal.title),
        {{u"rationale"_s, proposal.rationale}, {u"safe"_s, proposal.safe.toString()},
            {u"chainId"_s, QString::number(proposal.chainId.value())}, {u"to"_s, proposal.transaction.to.toString()},
            {u"data"_s, toHex(proposal.transaction.data)}, {u"nonce"_s, proposal.transaction.nonce.toDecimal()},
            {u"envelopeDigest"_s, digest.toString()}, {u"key"_s, keyEvidenceJson(m_signer.evidence())}});
    const auto recorded = co_await record(m_journal, std::move(entry));
    if (stop.stop_requested())
        co_return std::unexpected(gone);
    if (!recorded)
        co_return std::unexpected(recorded.error());

    emit stepChanged({FlowStep::Kind::Publishing, u"Publishing the proposal"_s});
    const auto writing = m_exchange.publish(proposal);
    const auto published = co_await writing;
    if (stop.stop_requested())
        co_return std::unexpected(gone);
    if (!published) {
        auto failure = JournalEntry::make(JournalKind::Proposal, m_holder, id,
            u"The proposal was not published: %1"_s.arg(published.error().message), errorEvidence(published.error()));
        (void)co_await record(m_journal, std::move(failure));
        co_return std::unexpected(published.error());
    }
    co_return proposal;
}

} // namespace countersign
