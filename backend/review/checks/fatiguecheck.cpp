#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class FatigueCheck final : public ReviewCheck {
public:
    FatigueCheck()
        : ReviewCheck({35, "fatigue"_L1, u"The same request again",
            u"A request that comes again after an error, or that is nearly one which was signed before, is how people are "
            u"made to sign without reading.",
            u"Radiant (October 2024): signers repeated after errors that the attacker made up."})
    {
    }

    void lookAtTransaction(const ReviewDesk &desk, const CheckReport &report) const override
    {
        for (const ExchangeItem &other : desk.context.others) {
            const Proposal &proposal = other.proposal;
            const SafeTransaction &mine = desk.transaction();
            const SafeTransaction &theirs = proposal.transaction;
            if (other.id() == desk.review.hashes.safeTx || proposal.chainId != desk.subject.chainId
                || proposal.safe != desk.subject.safe)
                continue;
            if (theirs.to == mine.to && theirs.data == mine.data && theirs.value == mine.value)
                report.warn("fatigue.again"_L1,
                    u"The same call was proposed before, with nonce %1: ask why it comes again"_s.arg(theirs.nonce.toDecimal()),
                    other.id().toString());
        }
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeFatigueCheck()
{
    return std::make_unique<FatigueCheck>();
}

} // namespace countersign
