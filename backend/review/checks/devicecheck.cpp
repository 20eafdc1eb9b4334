#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class DeviceCheck final : public ReviewCheck {
public:
    DeviceCheck()
        : ReviewCheck({7, "device"_L1, u"What the device can show",
            u"A device that shows no hash cannot be compared with. A Ledger needs its Ethereum app from 1.22.0 on, with the "
            u"setting \u201cTransaction hash\u201d; a token or an HSM has no screen at all, and the comparison is with a second "
            u"computer.",
            u"Blind signing. Versions before 1.22.0 could be made to sign without showing.", CheckStage::Signing})
    {
    }

    void lookAtTransaction(const ReviewDesk &desk, const CheckReport &report) const override
    {
        if (!desk.context.environment)
            return;
        for (const HolderSettings &holder : desk.context.environment->holders) {
            if (holder.pkcs11 && (!desk.hasSafe() || desk.context.safe.isOwner(holder.address)))
                report.info("device.screenless"_L1,
                    u"The key of %1 is in a token without a screen: compare the hashes with a second computer"_s.arg(holder.name),
                    holder.address.toString());
        }
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeDeviceCheck()
{
    return std::make_unique<DeviceCheck>();
}

} // namespace countersign
