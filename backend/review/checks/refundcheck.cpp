#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class RefundCheck final : public ReviewCheck {
public:
    RefundCheck()
        : ReviewCheck({11, "refund"_L1, u"Nothing is paid to whoever executes",
            u"The gas and refund fields make the Safe pay for its execution. With a token nothing limits the price, so they "
            u"are then a transfer in disguise; all five should be zero.",
            u"Payments that no call shows."})
    {
    }

    void lookAtTransaction(const ReviewDesk &desk, const CheckReport &report) const override
    {
        const SafeTransaction &transaction = desk.transaction();
        const QString evidence = u"safeTxGas %1, baseGas %2, gasPrice %3, gasToken %4, refundReceiver %5"_s.arg(
            transaction.safeTxGas.toDecimal(), transaction.baseGas.toDecimal(), transaction.gasPrice.toDecimal(),
            transaction.gasToken.toString(), transaction.refundReceiver.toString());
        if (transaction.gasPrice.isZero() && transaction.safeTxGas.isZero() && transaction.baseGas.isZero()
            && transaction.gasToken.isZero() && transaction.refundReceiver.isZero()) {
            report.info("gas.none"_L1, u"Nothing is paid to whoever executes; a failure leaves the nonce"_s);
            return;
        }
        report.warn("gas.fields"_L1, u"Gas and refund fields are not all zero, as they should be"_s, evidence);
        if (transaction.gasPrice.isZero())
            return;
        if (!transaction.gasToken.isZero() || !transaction.refundReceiver.isZero()) {
            report.block("gas.refund"_L1,
                transaction.gasToken.isZero()
                    ? u"The execution pays a receiver of the proposer's choice"_s
                    : u"The execution pays in a token at a price that nothing limits: it is a transfer in disguise"_s,
                evidence);
        }
        const auto gas = transaction.safeTxGas.checkedAdd(transaction.baseGas);
        const auto most = gas ? gas->checkedMul(transaction.gasPrice) : std::nullopt;
        report.warn("gas.payment"_L1, u"The Safe pays for its execution"_s,
            most ? u"at least %1 units of %2"_s.arg(
                       most->toDecimal(), transaction.gasToken.isZero() ? u"wei"_s : transaction.gasToken.toString())
                 : u"more than can be counted"_s);
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeRefundCheck()
{
    return std::make_unique<RefundCheck>();
}

} // namespace countersign
