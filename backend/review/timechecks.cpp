#include "backend/review/reviewchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

void checkRivals(const ReviewDesk &desk)
{
    for (const ExchangeItem &other : desk.context.others) {
        const Proposal &proposal = other.proposal;
        if (other.id() == desk.review.hashes.safeTx || proposal.chainId != desk.item.proposal.chainId
            || proposal.safe != desk.item.proposal.safe || proposal.transaction.nonce != desk.transaction().nonce) {
            continue;
        }
        const bool signedToo = !other.signatures.isEmpty();
        desk.warn("nonce.rival"_L1,
            signedToo
                ? u"Another proposal for the same nonce has signatures already; whichever is executed first shuts the other out"_s
                : u"Another proposal has the same nonce; only one of the two can be executed"_s,
            u"%1, %2 signatures"_s.arg(other.id().toString()).arg(other.signatures.size()));
    }
}

} // namespace

void checkTime(const ReviewDesk &desk)
{
    const Uint256 &nonce = desk.transaction().nonce;
    const Uint256 &current = desk.context.safe.nonce;
    const QString evidence = u"proposal %1, Safe %2 at block %3"_s.arg(
        nonce.toDecimal(), current.toDecimal(), QString::number(desk.context.safe.blockNumber.value()));
    if (nonce < current)
        desk.block("nonce.used"_L1, u"The nonce is used up: this can never be executed"_s, evidence);
    else if (nonce > current)
        desk.warn("nonce.gap"_L1,
            u"Other transactions must be executed before this one; what it does may be different by then"_s, evidence);
    else
        desk.info("nonce.next"_L1, u"The nonce is the next one"_s, evidence);
    checkRivals(desk);
    if (const auto &expiry = desk.item.proposal.expiresAt; expiry && *expiry <= desk.context.now)
        desk.block("time.expired"_L1, u"The proposal expired; the chain would still take its signatures"_s,
            expiry->toIsoString());
}

} // namespace countersign
