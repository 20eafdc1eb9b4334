#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class PolicyCheck final : public ReviewCheck {
public:
    PolicyCheck()
        : ReviewCheck({33, "policy"_L1, u"The institution's own rules",
            u"Who may propose and approve, what may be called, how much may move, how long to wait: by a policy that the "
            u"owners signed, its rules in order, the first that fits decides.",
            u"One person who does everything; a change in a hurry."})
    {
    }

    void lookAtTransaction(const ReviewDesk & /*desk*/, const CheckReport &report) const override
    {
        report.notRun(u"No signing policy was named"_s);
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makePolicyCheck()
{
    return std::make_unique<PolicyCheck>();
}

} // namespace countersign
