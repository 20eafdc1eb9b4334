#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

#include <QSet>

namespace countersign {

namespace {

class PrerequisitesCheck final : public ReviewCheck {
public:
    PrerequisitesCheck()
        : ReviewCheck({30, "prerequisites"_L1, u"The call is allowed now",
            u"A function that only the owner may call needs the caller to be the owner at this moment; pausing what is paused "
            u"is refused.",
            u"Approvals that can only fail, and make holders sign again."})
    {
    }

    void lookAtCall(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report) const override
    {
        static const QSet<QString> ownerOnly{u"transferOwnership"_s, u"registerAdapter"_s, u"removeAdapter"_s,
            u"setEmergencyContact"_s, u"setCantonSigner"_s, u"setPartyAuthorized"_s, u"unpause"_s, u"registerKey"_s, u"revokeKey"_s};
        if (!ownerOnly.contains(call.read.name) && call.read.name != "pause"_L1)
            return;
        const QString target = desk.book.describe(call.node->to);
        if (desk.tree.createdAt(call.node->to))
            return;
        const ContractFacts *facts = desk.context.contract(call.node->to);
        if (!facts) {
            report.notRun(u"Who owns the targets is on the chain"_s);
            return;
        }
        // The registry's owner is the business of the check of keys, which reads it together with the key.
        const bool isRegistry = desk.book.role(call.node->to) == ContractRole::Registry;
        if (!isRegistry && call.read.name != "pause"_L1 && facts->owner && *facts->owner != call.node->runsAs)
            report.block("target.owner"_L1, u"%1 does not belong to the Safe: the call would be refused"_s.arg(target),
                facts->owner->toString());
        if (!facts->paused)
            return;
        if (call.read.name == "pause"_L1 && *facts->paused)
            report.block("target.paused"_L1, u"%1 is paused already"_s.arg(target));
        else if (call.read.name == "unpause"_L1 && !*facts->paused)
            report.block("target.paused"_L1, u"%1 is not paused"_s.arg(target));
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makePrerequisitesCheck()
{
    return std::make_unique<PrerequisitesCheck>();
}

} // namespace countersign
