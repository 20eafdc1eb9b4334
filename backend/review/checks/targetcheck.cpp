#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class TargetCheck final : public ReviewCheck {
public:
    TargetCheck()
        : ReviewCheck({10, "target"_L1, u"There is a contract, and it is known",
            u"A call to an address without code does nothing and succeeds. A contract that is a day old, or an account that "
            u"delegates to code (EIP-7702), was perhaps put there for this transaction.",
            u"Calls that look executed and were not; fresh contracts, as the ones behind Bybit and Radiant were."})
    {
    }

    void lookAtCall(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report) const override
    {
        const SafeCallNode &node = *call.node;
        if (!desk.book.contains(node.to) && node.to != desk.subject.safe && node.kind != SafeCallKind::Batch
            && node.kind != SafeCallKind::Creation && !desk.tree.createdAt(node.to)) {
            if (desk.context.environment)
                report.warn("target.unknown"_L1, u"The target is not in this environment"_s, node.to.toString());
            else
                report.notRun(u"Names of addresses are in the environment"_s);
        } else if (desk.book.contains(node.to)) {
            report.info("target.known"_L1, u"The target is %1"_s.arg(desk.book.describe(node.to)));
        }
        if (!desk.context.isOnline) {
            report.notRun(u"Whether there is a contract at the targets is on the chain"_s);
            return;
        }
        const ContractFacts *facts = desk.context.contract(node.to);
        if (!facts) {
            if (!desk.tree.createdAt(node.to) && desk.hasSafe() && !node.data.isEmpty())
                report.block("target.unread"_L1, u"What stands at the target could not be read"_s, node.to.toString());
            return;
        }
        const bool created = desk.tree.createdAt(node.to);
        if (!facts->hasCode() && !created && (!node.data.isEmpty() || call.isDelegate()))
            report.block("target.nocode"_L1, u"There is no contract at the target: the call would do nothing and succeed"_s,
                node.to.toString());
        if (facts->proxy && facts->proxy->kind == ProxyKind::Delegation)
            report.warn("target.delegated"_L1, u"The target is an account that delegates to code, and may change that at will"_s,
                facts->proxy->implementation ? facts->proxy->implementation->toString() : QString());
        else if (facts->hasCode() && facts->isFresh.value_or(false))
            report.warn("target.fresh"_L1, u"The contract at the target is less than a day old"_s, node.to.toString());
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeTargetCheck()
{
    return std::make_unique<TargetCheck>();
}

} // namespace countersign
