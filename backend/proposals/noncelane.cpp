#include "backend/proposals/noncelane.h"

#include <set>

namespace countersign {

NonceLane NonceLane::of(const ExchangeSnapshot &snapshot, const SafeFacts &facts, Timestamp now)
{
    NonceLane lane;
    lane.chainId = facts.state.chainId;
    lane.safe = facts.state.safe;
    lane.current = facts.state.nonce;
    std::map<Uint256, NonceSlot> byNonce;
    std::set<Uint256> taken;
    for (const ExchangeItem &item : snapshot.items) {
        const Proposal &proposal = item.proposal;
        const Uint256 &nonce = proposal.transaction.nonce;
        if (proposal.chainId != lane.chainId || proposal.safe != lane.safe || nonce < lane.current)
            continue;
        NonceSlot &slot = byNonce[nonce];
        slot.nonce = nonce;
        slot.proposals.append(item.id());
        for (const CollectedSignature &signature : item.signatures) {
            if (facts.state.isOwner(signature.owner))
                slot.signedBy[signature.owner].append(item.id());
        }
        const ProposalStanding standing = judgeStanding(item, &facts, std::nullopt, now);
        slot.isOpen = slot.isOpen || countersign::isOpen(standing.stage);
        if (countersign::isOpen(standing.stage) && standing.isProposerOwner)
            taken.insert(nonce);
    }
    std::optional<Uint256> expected = lane.current;
    for (const auto &[nonce, slot] : byNonce) {
        if (expected && *expected < nonce)
            lane.gaps.append({*expected, nonce.checkedSub(Uint256(1)).value_or(Uint256())});
        expected = nonce.checkedAdd(Uint256(1));
        lane.nonces.append(slot);
    }
    std::optional<Uint256> free = lane.current;
    while (free && taken.contains(*free))
        free = free->checkedAdd(Uint256(1));
    lane.nextFree = free.value_or(Uint256());
    return lane;
}

} // namespace countersign
