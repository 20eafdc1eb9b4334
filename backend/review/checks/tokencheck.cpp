#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class TokenCheck final : public ReviewCheck {
public:
    TokenCheck()
        : ReviewCheck({21, "token"_L1, u"Tokens and allowances",
            u"An allowance lets its spender take tokens at any later time; an unlimited one takes those of the future too. "
            u"Receivers that nobody knows, or that cannot use what they get, are named.",
            u"Drainers that ask for an approval; transfers to an address that only looks right."})
    {
    }

    void lookAtCall(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report) const override
    {
        const QString &name = call.read.name;
        if (name == "approve"_L1 || name == "increaseAllowance"_L1 || name == "permit"_L1 || name == "setApprovalForAll"_L1)
            lookAtAllowance(desk, call, report);
        else if (name == "transfer"_L1 || name == "transferFrom"_L1 || name == "safeTransferFrom"_L1)
            lookAtTransfer(desk, call, report);
    }

private:
    static void lookAtAllowance(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report)
    {
        const auto spender = call.read.addressArgument(call.read.name == "setApprovalForAll"_L1 ? u"operator" : u"spender");
        const auto amount = call.read.numberArgument(u"amount");
        if (!spender || (amount && amount->isZero()) || call.read.boolArgument(u"approved") == false)
            return;
        const QString who = desk.book.describe(*spender);
        // More than half of all numbers is how people write "without limit".
        if (!amount || *amount > Uint256::max().shiftedRight(1))
            report.warn("token.unlimited"_L1, u"%1 may take all tokens of the Safe in %2, also later ones"_s.arg(
                who, desk.book.describe(call.node->to)), spender->toString());
        else
            report.warn("token.allowance"_L1, u"%1 may take %2 units of the Safe's tokens in %3"_s.arg(
                who, amount->toDecimal(), desk.book.describe(call.node->to)), spender->toString());
        if (!desk.book.contains(*spender))
            report.warn("token.spender"_L1, u"Nobody in this environment knows the spender"_s, spender->toString());
    }

    static void lookAtTransfer(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report)
    {
        const auto to = call.read.addressArgument(u"to");
        if (!to)
            return;
        const QString amount = call.read.numberArgument(u"amount").value_or(Uint256()).toDecimal();
        if (to->isZero() || *to == call.node->to)
            report.warn("token.lost"_L1, u"The tokens would go where nobody can use them"_s, to->toString());
        else if (*to == call.node->runsAs && call.read.name == "transfer"_L1)
            report.warn("token.self"_L1, u"The tokens go back to where they are"_s, to->toString());
        else if (!desk.book.contains(*to))
            report.warn("token.recipient"_L1,
                u"%1 units go to an address that this environment does not know"_s.arg(amount), to->toString());
        else
            report.info("token.transfer"_L1, u"%1 units go to %2"_s.arg(amount, desk.book.describe(*to)), call.node->to.toString());
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeTokenCheck()
{
    return std::make_unique<TokenCheck>();
}

} // namespace countersign
