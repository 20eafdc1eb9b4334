#include "backend/proposals/safetransactionjson.h"

#include "backend/proposals/memberreader.h"
#include "backend/types/strings.h"

namespace countersign {

QJsonObject safeTransactionJson(const SafeTransaction &transaction)
{
    return {{u"to"_s, transaction.to.toString()}, {u"value"_s, transaction.value.toDecimal()},
        {u"data"_s, toHex(transaction.data)},
        {u"operation"_s, QString::number(static_cast<int>(transaction.operation))},
        {u"safeTxGas"_s, transaction.safeTxGas.toDecimal()}, {u"baseGas"_s, transaction.baseGas.toDecimal()},
        {u"gasPrice"_s, transaction.gasPrice.toDecimal()}, {u"gasToken"_s, transaction.gasToken.toString()},
        {u"refundReceiver"_s, transaction.refundReceiver.toString()}, {u"nonce"_s, transaction.nonce.toDecimal()}};
}

SafeTransaction readSafeTransaction(MemberReader &reader)
{
    const auto member = reader.member("transaction"_L1);
    if (!member) {
        reader.note(u"transaction is missing"_s);
        return {};
    }
    MemberReader fields(*member, u"transaction."_s);
    SafeTransaction transaction;
    transaction.to = fields.address("to"_L1);
    transaction.value = fields.number("value"_L1);
    transaction.data = fields.bytes("data"_L1);
    const Uint256 operation = fields.number("operation"_L1);
    if (operation > Uint256(1))
        fields.note(u"transaction.operation is neither 0 nor 1"_s);
    transaction.operation = operation == Uint256(1) ? SafeOperation::DelegateCall : SafeOperation::Call;
    transaction.safeTxGas = fields.number("safeTxGas"_L1);
    transaction.baseGas = fields.number("baseGas"_L1);
    transaction.gasPrice = fields.number("gasPrice"_L1);
    transaction.gasToken = fields.address("gasToken"_L1);
    transaction.refundReceiver = fields.address("refundReceiver"_L1);
    transaction.nonce = fields.number("nonce"_L1);
    reader.finish(fields);
    return transaction;
}

} // namespace countersign
