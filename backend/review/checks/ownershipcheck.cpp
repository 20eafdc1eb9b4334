#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

#include <QSet>

namespace countersign {

namespace {

class OwnershipCheck final : public ReviewCheck {
public:
    OwnershipCheck()
        : ReviewCheck({17, "ownership"_L1, u"Who controls a contract afterwards",
            u"Control goes only to an address that the environment knows, better in two steps, where the new owner has to "
            u"accept: a typing error is then harmless.",
            u"Radiant (October 2024): a routine change was replaced by transferOwnership."})
    {
    }

    void lookAtCall(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report) const override
    {
        static const QSet<QString> moves{u"transferOwnership"_s, u"renounceOwnership"_s, u"grantRole"_s, u"revokeRole"_s,
            u"renounceRole"_s, u"beginDefaultAdminTransfer"_s, u"changeAdmin"_s, u"changeProxyAdmin"_s, u"setAuthority"_s,
            u"setOwner"_s};
        const ReadCall &read = call.read;
        const QString target = desk.book.describe(call.node->to);
        if (read.name == "acceptOwnership"_L1)
            return lookAtAcceptance(desk, call, report);
        if (!moves.contains(read.name))
            return;
        report.warn("ownership.moves"_L1, u"This changes who controls %1"_s.arg(target), read.decoded.signature);
        if (read.name == "renounceOwnership"_L1) {
            report.block("ownership.lost"_L1, u"Nobody would own %1 any more"_s.arg(target));
            return;
        }
        if (read.name == "revokeRole"_L1 || read.name == "renounceRole"_L1)
            return;
        const QList<Address> named = read.addresses();
        for (const Address &address : named) {
            if (address.isZero())
                report.block("ownership.lost"_L1, u"Control of %1 would go to the zero address"_s.arg(target));
            else if (!desk.book.contains(address) && address != desk.subject.safe && !desk.tree.createdAt(address))
                report.block("ownership.unknown"_L1,
                    u"Control would go to an address that this environment does not know"_s, address.toString());
        }
        lookAtSteps(desk, call, report);
    }

private:
    static void lookAtAcceptance(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report)
    {
        const ContractFacts *facts = desk.context.contract(call.node->to);
        const QString target = desk.book.describe(call.node->to);
        if (desk.tree.createdAt(call.node->to))
            return;
        if (!facts) {
            report.notRun(u"Whether ownership was offered is on the chain"_s);
            return;
        }
        if (!facts->pendingOwner || *facts->pendingOwner != call.node->runsAs)
            report.block("ownership.notoffered"_L1, u"The ownership of %1 was not offered to the Safe"_s.arg(target),
                facts->pendingOwner ? u"offered to %1"_s.arg(facts->pendingOwner->toString()) : u"it has no second step"_s);
        else
            report.info("ownership.accepted"_L1, u"The ownership of %1 was offered to the Safe"_s.arg(target),
                facts->owner ? u"by %1"_s.arg(facts->owner->toString()) : QString());
    }

    static void lookAtSteps(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report)
    {
        if (call.read.name != "transferOwnership"_L1 && call.read.name != "setOwner"_L1)
            return;
        const ContractFacts *facts = desk.context.contract(call.node->to);
        if (facts && facts->hasCode() && !facts->pendingOwner)
            report.warn("ownership.onestep"_L1,
                u"The ownership of %1 moves at once: a wrong address cannot be taken back"_s.arg(
                    desk.book.describe(call.node->to)));
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeOwnershipCheck()
{
    return std::make_unique<OwnershipCheck>();
}

} // namespace countersign
