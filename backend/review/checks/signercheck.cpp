#include "backend/review/checks/allchecks.h"

namespace countersign {

namespace {

// What it looks at exists only once a device has answered: see recoveredSigner in backend/proposals.
class SignerCheck final : public ReviewCheck {
public:
    SignerCheck()
        : ReviewCheck({6, "signer"_L1, u"The signature is the holder's, over this hash",
            u"As soon as the device answers, the signer is recovered from the signature over the hash that was shown. If it "
            u"is not the holder's address, the device signed something else: that is an incident, and nothing is tried again.",
            u"Signers who repeat after an unexplained error and give away more valid signatures (Radiant, October 2024).",
            CheckStage::Signing})
    {
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeSignerCheck()
{
    return std::make_unique<SignerCheck>();
}

} // namespace countersign
