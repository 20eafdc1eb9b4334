#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class ExpectationCheck final : public ReviewCheck {
public:
    ExpectationCheck()
        : ReviewCheck({25, "expectation"_L1, u"What is verified after a deployment",
            u"Once it is executed, the code on the chain, its immutables and its owner are compared with the build; proposals "
            u"that need the contract wait until then.",
            u"Trusting an address because a transaction succeeded."})
    {
    }

    void lookAtCall(const ReviewDesk & /*desk*/, const ReviewedCall &call, const CheckReport &report) const override
    {
        if (!call.creation || !call.creation->isBuild())
            return;
        const ContractArtifact &artifact = *call.creation->match->artifact;
        report.info("deploy.expectation"_L1,
            artifact.abi().function(u"owner")
                ? u"After the execution its code must be %1, and its owner %2"_s.arg(
                      artifact.contractName(), call.creation->creator.toString())
                : u"After the execution its code must be %1"_s.arg(artifact.contractName()),
            call.creation->address ? call.creation->address->toString() : QString());
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeExpectationCheck()
{
    return std::make_unique<ExpectationCheck>();
}

} // namespace countersign
