#include "backend/proposals/proposalstanding.h"

#include "backend/types/strings.h"

#include <QSet>

namespace countersign {

namespace {

QString signatures(int count)
{
    return count == 1 ? u"1 signature"_s : u"%1 signatures"_s.arg(count);
}

} // namespace

ProposalStanding judgeStanding(
    const ExchangeItem &item, const SafeFacts *facts, const std::optional<Address> &me, Timestamp now)
{
    ProposalStanding standing;
    if (!facts) {
        standing.reason = u"The chain has not been read yet"_s;
        return standing;
    }
    const SafeState &state = facts->state;
    const Proposal &proposal = item.proposal;
    QSet<Address> signers;
    for (const CollectedSignature &signature : item.signatures) {
        if (state.isOwner(signature.owner))
            signers.insert(signature.owner);
        else
            standing.strangers.append(signature.owner);
    }
    for (const Address &owner : state.owners)
        standing.owners.append({owner, signers.contains(owner)});
    standing.have = static_cast<int>(signers.size());
    standing.need = static_cast<int>(std::min<quint64>(state.threshold.toU64().value_or(INT_MAX), INT_MAX));

    const auto become = [&standing](ProposalStage stage, const QString &reason) {
        standing.stage = stage;
        standing.reason = reason;
        return standing;
    };
    if (proposal.chainId != state.chainId || proposal.safe != state.safe)
        return become(ProposalStage::Invalid,
            u"It is for another Safe: %1 on chain %2"_s.arg(proposal.safe.toString()).arg(proposal.chainId.value()));
    if (const auto outcome = facts->outcomes.constFind(item.id()); outcome != facts->outcomes.cend()) {
        standing.outcome = *outcome;
        return become(outcome->succeeded ? ProposalStage::Executed : ProposalStage::Failed,
            outcome->succeeded
                ? u"Executed in block %1"_s.arg(outcome->blockNumber.value())
                : u"Its call failed in block %1; the nonce is used up"_s.arg(outcome->blockNumber.value()));
    }
    const Uint256 &nonce = proposal.transaction.nonce;
    if (nonce < state.nonce && facts->outcomesFrom > BlockNumber(0))
        return become(ProposalStage::Unknown,
            u"Nonce %1 is used; whether by this proposal cannot be told: the node shows no events before block %2"_s.arg(
                nonce.toDecimal(), QString::number(facts->outcomesFrom.value())));
    if (nonce < state.nonce)
        return become(ProposalStage::Superseded,
            u"Nonce %1 was used by another transaction; the Safe is at %2"_s.arg(
                nonce.toDecimal(), state.nonce.toDecimal()));
    if (proposal.expiresAt && *proposal.expiresAt <= now)
        return become(ProposalStage::Expired, u"It expired; the chain would still take it"_s);
    if (standing.have >= standing.need) {
        if (nonce > state.nonce)
            return become(ProposalStage::Queued,
                u"Signed; waits until nonce %1 is next (the Safe is at %2)"_s.arg(
                    nonce.toDecimal(), state.nonce.toDecimal()));
        return become(ProposalStage::Ready,
            u"Signed by %1 of %2 owners; anyone may execute it"_s.arg(standing.have).arg(state.owners.size()));
    }
    const int missing = standing.need - standing.have;
    if (me && state.isOwner(*me) && !signers.contains(*me))
        return become(ProposalStage::WaitsForMe, u"Needs %1 more, one of them may be yours"_s.arg(signatures(missing)));
    return become(ProposalStage::WaitsForOthers, u"Needs %1 more"_s.arg(signatures(missing)));
}

} // namespace countersign
