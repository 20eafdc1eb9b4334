#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class NonceCheck final : public ReviewCheck {
public:
    NonceCheck()
        : ReviewCheck({26, "nonce"_L1, u"When it can be executed",
            u"A nonce is used once. One that is past can never be executed; one that is ahead sleeps, and may be executed when "
            u"the world has changed; two proposals with one nonce shut each other out.",
            u"Sleeping approvals that somebody executes much later; a rival that is executed instead."})
    {
    }

    void lookAtTransaction(const ReviewDesk &desk, const CheckReport &report) const override
    {
        lookAtRivals(desk, report);
        if (!desk.hasSafe()) {
            report.notRun(u"The Safe's nonce is on the chain"_s);
            return;
        }
        const Uint256 &nonce = desk.transaction().nonce;
        const Uint256 &current = desk.context.safe.nonce;
        const QString evidence = u"proposal %1, Safe %2 at block %3"_s.arg(
            nonce.toDecimal(), current.toDecimal(), QString::number(desk.context.safe.blockNumber.value()));
        if (nonce < current)
            report.block("nonce.used"_L1, u"The nonce is used up: this can never be executed"_s, evidence);
        else if (nonce > current)
            report.warn("nonce.gap"_L1,
                u"Other transactions must be executed before this one; what it does may be different by then"_s, evidence);
        else
            report.info("nonce.next"_L1, u"The nonce is the next one"_s, evidence);
    }

private:
    static void lookAtRivals(const ReviewDesk &desk, const CheckReport &report)
    {
        for (const ExchangeItem &other : desk.context.others) {
            const Proposal &proposal = other.proposal;
            if (other.id() == desk.review.hashes.safeTx || proposal.chainId != desk.subject.chainId
                || proposal.safe != desk.subject.safe || proposal.transaction.nonce != desk.transaction().nonce)
                continue;
            report.warn("nonce.rival"_L1,
                other.signatures.isEmpty()
                    ? u"Another proposal has the same nonce; only one of the two can be executed"_s
                    : u"Another proposal for the same nonce has signatures already; whichever is executed first shuts the other out"_s,
                u"%1, %2 signatures"_s.arg(other.id().toString()).arg(other.signatures.size()));
        }
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeNonceCheck()
{
    return std::make_unique<NonceCheck>();
}

} // namespace countersign
