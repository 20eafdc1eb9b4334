#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class ComparisonCheck final : public ReviewCheck {
public:
    ComparisonCheck()
        : ReviewCheck({5, "comparison"_L1, u"Compare with the device",
            u"The device is the last screen that an attacker does not own. What it shows is compared with the hashes here, "
            u"by typing its first and last groups: a hash that is only looked at is not compared.",
            u"A computer that shows one transaction while the device signs another (Radiant, October 2024)."})
    {
    }

    void lookAtTransaction(const ReviewDesk & /*desk*/, const CheckReport &report) const override
    {
        report.info("hash.compare"_L1,
            u"Before you sign, compare the domain hash and the message hash (or the safeTxHash) with your device"_s);
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeComparisonCheck()
{
    return std::make_unique<ComparisonCheck>();
}

} // namespace countersign
