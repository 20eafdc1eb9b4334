#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class ExpiryCheck final : public ReviewCheck {
public:
    ExpiryCheck()
        : ReviewCheck({27, "expiry"_L1, u"Until when it counts",
            u"The chain knows no expiry: signatures stay good until their nonce is used. The expiry of a proposal is kept by "
            u"this program, which refuses to sign after it; only using the nonce takes signatures back.",
            u"Signatures that are given today and executed next year."})
    {
    }

    void lookAtTransaction(const ReviewDesk &desk, const CheckReport &report) const override
    {
        const ProposalDraft *description = desk.subject.description();
        if (!description)
            return;
        const auto &notBefore = description->notBefore;
        if (notBefore && *notBefore > desk.context.now)
            report.block("time.early"_L1, u"The proposal is not to be signed before its time"_s, notBefore->toIsoString());
        const auto &expiry = description->expiresAt;
        if (expiry && *expiry <= desk.context.now)
            report.block("time.expired"_L1, u"The proposal expired; the chain would still take its signatures"_s,
                expiry->toIsoString());
        else if (expiry)
            report.info("time.expiry"_L1, u"The proposal expires; the chain would take its signatures later too"_s,
                expiry->toIsoString());
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeExpiryCheck()
{
    return std::make_unique<ExpiryCheck>();
}

} // namespace countersign
