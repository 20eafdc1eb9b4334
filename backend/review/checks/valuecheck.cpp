#include "backend/review/checks/allchecks.h"
#include "backend/review/knowncalls.h"
#include "backend/types/strings.h"



namespace countersign {

namespace {

class ValueCheck final : public ReviewCheck {
public:
    ValueCheck()
        : ReviewCheck({31, "value"_L1, u"What leaves the Safe",
            u"Every value is named with its receiver; a value that a function does not take, or that the Safe does not have, "
            u"makes the call fail.",
            u"A value that hides among a long list of arguments."})
    {
    }

    void lookAtTransaction(const ReviewDesk &desk, const CheckReport &report) const override
    {
        std::optional<Uint256> total = Uint256();
        for (const ReviewedCall &call : desk.tree.calls()) {
            if (call.node->value.isZero() || call.isDelegate())
                continue;
            lookAt(desk, call, report.at(call.where));
            if (call.node->runsAs == desk.subject.safe)
                total = total ? total->checkedAdd(call.node->value) : std::nullopt;
        }
        const ContractFacts *safe = desk.context.contract(desk.subject.safe);
        if (safe && (!total || *total > safe->balance))
            report.warn("value.balance"_L1, u"The Safe has less than this sends"_s,
                u"it has %1 wei"_s.arg(safe->balance.toDecimal()));
    }

private:
    static void lookAt(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report)
    {
        report.warn("value.sent"_L1, u"%1 wei leave the Safe"_s.arg(call.node->value.toDecimal()),
            u"to %1"_s.arg(desk.book.describe(call.node->to)));
        if (call.read.reading != CallReading::Known)
            return;
        const JsonAbi *abi = abiFor(desk, call);
        const auto selector = Selector::leading(call.node->data);
        const AbiFunction *function = abi && selector ? abi->function(*selector) : nullptr;
        if (function && function->mutability() != StateMutability::Payable)
            report.warn("value.nonpayable"_L1, u"%1 takes no value: the call would fail"_s.arg(function->signature()),
                call.node->value.toDecimal());
    }

    static const JsonAbi *abiFor(const ReviewDesk &desk, const ReviewedCall &call)
    {
        return abiOfRole(desk.book.role(call.node->to));
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeValueCheck()
{
    return std::make_unique<ValueCheck>();
}

} // namespace countersign
