#include "backend/review/reviewchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

void checkGasFields(const ReviewDesk &desk)
{
    const SafeTransaction &transaction = desk.transaction();
    const QString evidence = u"safeTxGas %1, baseGas %2, gasPrice %3, gasToken %4, refundReceiver %5"_s.arg(
        transaction.safeTxGas.toDecimal(), transaction.baseGas.toDecimal(), transaction.gasPrice.toDecimal(),
        transaction.gasToken.toString(), transaction.refundReceiver.toString());
    if (transaction.gasPrice.isZero() && transaction.safeTxGas.isZero() && transaction.baseGas.isZero()
        && transaction.gasToken.isZero() && transaction.refundReceiver.isZero()) {
        desk.info("gas.none"_L1, u"Nothing is paid to whoever executes; a failure leaves the nonce"_s);
        return;
    }
    if (!transaction.gasPrice.isZero() && (!transaction.gasToken.isZero() || !transaction.refundReceiver.isZero())) {
        desk.block("gas.refund"_L1,
            transaction.gasToken.isZero()
                ? u"The execution pays a receiver of the proposer's choice"_s
                : u"The execution pays in a token at a price that nothing limits: it is a transfer in disguise"_s,
            evidence);
    }
    if (!transaction.gasPrice.isZero() || !transaction.safeTxGas.isZero())
        desk.block("gas.burn"_L1,
            u"With these gas fields a failing call still uses up the nonce, and the approval is lost"_s, evidence);
    if (!transaction.gasPrice.isZero()) {
        const auto gas = transaction.safeTxGas.checkedAdd(transaction.baseGas);
        const auto most = gas ? gas->checkedMul(transaction.gasPrice) : std::nullopt;
        desk.warn("gas.payment"_L1, u"The Safe pays for its execution"_s,
            most ? u"at least %1 units of %2"_s.arg(
                       most->toDecimal(), transaction.gasToken.isZero() ? u"wei"_s : transaction.gasToken.toString())
                 : u"more than can be counted"_s);
    }
    desk.warn("gas.fields"_L1, u"Gas and refund fields are not all zero, as they should be"_s, evidence);
}

} // namespace

void checkOperation(const ReviewDesk &desk)
{
    const SafeTransaction &transaction = desk.transaction();
    if (transaction.operation != SafeOperation::Call) {
        // No library is on the allow-list yet: batches come with the decoder of MultiSend.
        desk.block("operation.delegatecall"_L1,
            u"The Safe would run foreign code as itself (delegatecall); the target is not on the allow-list"_s,
            transaction.to.toString());
        if (!transaction.value.isZero())
            desk.warn("operation.value"_L1, u"A value is signed that a delegatecall ignores"_s,
                transaction.value.toDecimal());
    }
    if (!transaction.data.isEmpty() && desk.context.targetCodeSize == 0)
        desk.block("target.nocode"_L1, u"There is no contract at the target: the call would do nothing and succeed"_s,
            transaction.to.toString());
    if (!transaction.value.isZero()) {
        desk.warn("value.sent"_L1, u"%1 wei leave the Safe"_s.arg(transaction.value.toDecimal()),
            u"to %1"_s.arg(desk.book.describe(transaction.to)));
    }
    if (!desk.book.contains(transaction.to))
        desk.warn("target.unknown"_L1, u"The target is not in this environment"_s, transaction.to.toString());
    else
        desk.info("target.known"_L1, u"The target is %1"_s.arg(desk.book.describe(transaction.to)));
    checkGasFields(desk);
}

} // namespace countersign
