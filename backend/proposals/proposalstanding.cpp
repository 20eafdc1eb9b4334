#include "backend/proposals/proposalstanding.h"

#include "backend/proposals/sealedsignature.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <climits>

namespace countersign {

namespace {

QString signatures(int count)
{
    return count == 1 ? u"1 signature"_s : u"%1 signatures"_s.arg(count);
}

const Statement *statementOf(const ExchangeItem &item, StatementKind kind, const Address &author)
{
    for (const Statement &statement : item.statements) {
        if (statement.kind == kind && statement.author == author)
            return &statement;
    }
    return nullptr;
}

/// Counts who did what, and then says where that leaves the proposal.
class Judgement final {
public:
    Judgement(const ExchangeItem &item, const SafeFacts &facts, const std::optional<Address> &me, Timestamp now,
        const QHash<Hash32, DependencyStanding> &dependencies, const QList<CollectedSignature> &opened)
        : m_item(item)
        , m_proposal(item.proposal)
        , m_facts(facts)
        , m_state(facts.state)
        , m_me(me)
        , m_now(now)
        , m_dependencies(dependencies)
        , m_opened(opened)
    {
    }

    ProposalStanding judge()
    {
        count();
        if (!onChain() && !bySaying() && !byLostDependency())
            bySignatures();
        if (m_me && isOpen(m_standing.stage) && m_standing.have < m_standing.need) {
            const auto mine = std::ranges::find(m_standing.owners, *m_me, &OwnerStanding::owner);
            m_standing.waitsForMe = mine != m_standing.owners.end() && !mine->hasSigned && !mine->hasRejected
                && !mine->sealedFor;
        }
        if (!m_item.isDescribed() && isOpen(m_standing.stage))
            m_standing.reason += u"; nobody signed a description of it"_s;
        if (m_standing.sealed > 0 && isOpen(m_standing.stage))
            m_standing.reason += m_standing.sealed == 1
                ? u"; 1 more is sealed for an executor, and counts nowhere else"_s
                : u"; %1 more are sealed for an executor, and count nowhere else"_s.arg(m_standing.sealed);
        if (m_standing.waitsForMe)
            m_standing.reason += u"; one of them may be yours"_s;
        return m_standing;
    }

private:
    void count()
    {
        QSet<Address> signers;
        for (const CollectedSignature &signature : m_item.signatures + m_opened) {
            if (m_state.isOwner(signature.owner))
                signers.insert(signature.owner);
            else if (!m_standing.strangers.contains(signature.owner))
                m_standing.strangers.append(signature.owner);
        }
        const QSet<Address> confirmed = m_facts.confirmed.value(m_item.id());
        QSet<Address> claimed;
        signers.unite(confirmed);
        for (const CollectedSignature &claim : m_item.claims) {
            if (!confirmed.contains(claim.owner))
                claimed.insert(claim.owner);
        }
        QHash<Address, Address> sealed;
        for (const Statement &given : sealedSignatures(m_item))
            sealed.insert(given.author, given.recipient);
        for (const CollectedSignature &signature : m_opened)
            m_standing.opened += m_state.isOwner(signature.owner) && sealed.contains(signature.owner) ? 1 : 0;
        for (const Address &owner : m_state.owners) {
            const bool rejected = statementOf(m_item, StatementKind::Rejection, owner) != nullptr;
            const bool has = signers.contains(owner);
            m_standing.owners.append({owner, has, rejected, !has && claimed.contains(owner)});
            if (!has && sealed.contains(owner)) {
                m_standing.owners.last().sealedFor = sealed.value(owner);
                ++m_standing.sealed;
            }
            m_standing.have += has ? 1 : 0;
            m_standing.rejections += rejected ? 1 : 0;
            m_heard += rejected || statementOf(m_item, StatementKind::Note, owner) ? 1 : 0;
            if (statementOf(m_item, StatementKind::MismatchReport, owner))
                m_standing.isContested = true;
        }
        m_standing.need = static_cast<int>(std::min<quint64>(m_state.threshold.toU64().value_or(INT_MAX), INT_MAX));
        m_standing.isProposerOwner = m_state.isOwner(m_proposal.proposer);
    }

    bool become(ProposalStage stage, const QString &reason)
    {
        m_standing.stage = stage;
        m_standing.reason = reason;
        return true;
    }

    bool onChain()
    {
        if (m_proposal.chainId != m_state.chainId || m_proposal.safe != m_state.safe)
            return become(ProposalStage::Invalid,
                u"It is for another Safe: %1 on chain %2"_s.arg(m_proposal.safe.toString())
                    .arg(m_proposal.chainId.value()));
        if (const auto outcome = m_facts.outcomes.constFind(m_item.id()); outcome != m_facts.outcomes.cend()) {
            m_standing.outcome = *outcome;
            return become(outcome->succeeded ? ProposalStage::Executed : ProposalStage::Failed,
                outcome->succeeded
                    ? u"Executed in block %1"_s.arg(outcome->blockNumber.value())
                    : u"Its call failed in block %1; the nonce is used up"_s.arg(outcome->blockNumber.value()));
        }
        const Uint256 &nonce = m_proposal.transaction.nonce;
        if (nonce < m_state.nonce && m_facts.outcomesFrom > BlockNumber(0))
            return become(ProposalStage::Unknown,
                u"Nonce %1 is used; whether by this proposal cannot be told: the node shows no events before block %2"_s
                    .arg(nonce.toDecimal(), QString::number(m_facts.outcomesFrom.value())));
        if (nonce < m_state.nonce)
            return become(ProposalStage::Replaced,
                u"Nonce %1 was used by another transaction; the Safe is at %2"_s.arg(
                    nonce.toDecimal(), m_state.nonce.toDecimal()));
        if (const auto sent = m_facts.sent.constFind(m_item.id()); sent != m_facts.sent.cend())
            return become(
                ProposalStage::Executing, u"Sent as transaction %1; not in a block yet"_s.arg(sent->toString()));
        return false;
    }

    // Statements bind people, not the chain: what has its signatures can be executed by anyone, and the reason says so.
    QString orStill(const QString &reason) const
    {
        return m_standing.have >= m_standing.need
            ? u"%1. It has its signatures: only another transaction with nonce %2 stops it for good"_s.arg(
                  reason, m_proposal.transaction.nonce.toDecimal())
            : reason;
    }

    bool bySaying()
    {
        if (const auto *withdrawal = statementOf(m_item, StatementKind::Withdrawal, m_proposal.proposer))
            return become(ProposalStage::Rejected, orStill(u"Withdrawn by its proposer: %1"_s.arg(withdrawal->text)));
        if (!m_item.replacedBy.isZero())
            return become(ProposalStage::Replaced,
                orStill(u"Its proposer has replaced it by %1"_s.arg(m_item.replacedBy.toString())));
        const auto lost = std::ranges::count_if(
            m_standing.owners, [](const OwnerStanding &owner) { return owner.hasRejected && !owner.hasSigned; });
        if (static_cast<int>(m_standing.owners.size() - lost) < m_standing.need)
            return become(ProposalStage::Rejected,
                u"Rejected by %1 of %2 owners: %3 signatures are out of reach"_s.arg(lost)
                    .arg(m_standing.owners.size())
                    .arg(m_standing.need));
        if (m_proposal.expiresAt && *m_proposal.expiresAt <= m_now)
            return become(ProposalStage::Expired, u"It expired; the chain would still take it"_s);
        return false;
    }

    bool byLostDependency()
    {
        for (const Hash32 &hash : m_proposal.dependsOn) {
            const DependencyStanding dependency = m_dependencies.value(hash);
            switch (dependency.stage) {
            case ProposalStage::Failed:
            case ProposalStage::Replaced:
            case ProposalStage::Invalid:
                return become(ProposalStage::Invalid,
                    orStill(u"It depends on “%1”, which can no longer be executed"_s.arg(dependency.title)));
            case ProposalStage::Rejected:
            case ProposalStage::Expired:
                return become(ProposalStage::Rejected,
                    orStill(u"It depends on “%1”, which was given up"_s.arg(dependency.title)));
            default:
                break;
            }
        }
        return false;
    }

    // The first that is not done; empty when all are.
    QString awaitedDependency() const
    {
        for (const Hash32 &hash : m_proposal.dependsOn) {
            const auto dependency = m_dependencies.constFind(hash);
            if (dependency == m_dependencies.cend())
                return u"Signed; waits for %1, which is not in the exchange"_s.arg(hash.toString());
            if (dependency->stage != ProposalStage::Executed)
                return u"Signed; waits for “%1” to be executed and verified"_s.arg(dependency->title);
        }
        return {};
    }

    void bySignatures()
    {
        const Uint256 &nonce = m_proposal.transaction.nonce;
        if (m_standing.have >= m_standing.need) {
            if (const QString awaited = awaitedDependency(); !awaited.isEmpty())
                become(ProposalStage::Queued, awaited);
            else if (nonce > m_state.nonce)
                become(ProposalStage::Queued,
                    u"Signed; waits until nonce %1 is next (the Safe is at %2)"_s.arg(
                        nonce.toDecimal(), m_state.nonce.toDecimal()));
            else if (m_proposal.notBefore && *m_proposal.notBefore > m_now)
                become(ProposalStage::Queued,
                    u"Signed; not to be executed before %1, though the chain would take it"_s.arg(
                        m_proposal.notBefore->toIsoString()));
            else if (m_standing.have - m_standing.opened < m_standing.need)
                become(ProposalStage::Ready,
                    u"Signed by %1 of %2 owners, %3 of them sealed for you: only you can execute it"_s
                        .arg(m_standing.have)
                        .arg(m_state.owners.size())
                        .arg(m_standing.opened));
            else
                become(ProposalStage::Ready,
                    u"Signed by %1 of %2 owners; anyone may execute it"_s.arg(m_standing.have)
                        .arg(m_state.owners.size()));
            return;
        }
        const QString missing = u"Needs %1 more"_s.arg(signatures(m_standing.need - m_standing.have));
        if (m_standing.have > 0)
            become(ProposalStage::Collecting, missing);
        else
            become(m_heard > 0 ? ProposalStage::InReview : ProposalStage::Proposed, missing);
    }

    const ExchangeItem &m_item;
    const Proposal &m_proposal;
    const SafeFacts &m_facts;
    const SafeState &m_state;
    const std::optional<Address> m_me;
    const Timestamp m_now;
    const QHash<Hash32, DependencyStanding> &m_dependencies;
    const QList<CollectedSignature> &m_opened;
    ProposalStanding m_standing;
    int m_heard = 0; // owners who said something
};

} // namespace

bool isOpen(ProposalStage stage)
{
    switch (stage) {
    case ProposalStage::Proposed:
    case ProposalStage::InReview:
    case ProposalStage::Collecting:
    case ProposalStage::Ready:
    case ProposalStage::Queued:
    case ProposalStage::Executing:
        return true;
    case ProposalStage::Unknown:
    case ProposalStage::Draft:
    case ProposalStage::Executed:
    case ProposalStage::Failed:
    case ProposalStage::Rejected:
    case ProposalStage::Replaced:
    case ProposalStage::Expired:
    case ProposalStage::Invalid:
        break;
    }
    return false;
}

ProposalStanding judgeStanding(const ExchangeItem &item, const SafeFacts *facts, const std::optional<Address> &me,
    Timestamp now, const QHash<Hash32, DependencyStanding> &dependencies, const QList<CollectedSignature> &opened)
{
    if (facts)
        return Judgement(item, *facts, me, now, dependencies, opened).judge();
    ProposalStanding standing;
    standing.reason = u"The chain has not been read yet"_s;
    return standing;
}

} // namespace countersign
