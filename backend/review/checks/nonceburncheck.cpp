#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class NonceBurnCheck final : public ReviewCheck {
public:
    NonceBurnCheck()
        : ReviewCheck({12, "nonceburn"_L1, u"A failure must not use up the nonce",
            u"With safeTxGas or gasPrice set, a call that fails is still counted as executed: the approval is gone and the "
            u"transaction must be signed again. With both zero a failure undoes everything.",
            u"Approvals that are burnt on purpose to make holders sign again; Bybit's transaction carried safeTxGas 45746."})
    {
    }

    void lookAtTransaction(const ReviewDesk &desk, const CheckReport &report) const override
    {
        const SafeTransaction &transaction = desk.transaction();
        if (transaction.gasPrice.isZero() && transaction.safeTxGas.isZero())
            return;
        report.block("gas.burn"_L1,
            u"With these gas fields a failing call still uses up the nonce, and the approval is lost"_s,
            u"safeTxGas %1, gasPrice %2"_s.arg(transaction.safeTxGas.toDecimal(), transaction.gasPrice.toDecimal()));
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeNonceBurnCheck()
{
    return std::make_unique<NonceBurnCheck>();
}

} // namespace countersign
