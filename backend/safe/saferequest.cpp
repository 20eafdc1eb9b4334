#include "backend/safe/saferequest.h"

#include "backend/types/strings.h"

namespace countersign {

SafeVersion safeVersionOf(Fields &request)
{
    const QString text = request.text("version");
    if (!request.isGood())
        return SafeVersion::v141();
    const auto version = SafeVersion::parse(text);
    if (!version)
        request.refuse("version", version.error());
    return version.value_or(SafeVersion::v141());
}

SafePlace safePlaceOf(Fields &request)
{
    return {.chain = ChainId(request.small("chainId")), .safe = request.address("safe"), .version = safeVersionOf(request)};
}

SafeTransaction safeTransactionOf(Fields &request, JsonView tx)
{
    Fields fields(tx, u"tx"_s);
    const auto numberOrZero = [&fields](QUtf8StringView name) { return fields.has(name) ? fields.number(name) : Uint256(); };
    const auto addressOrZero = [&fields](QUtf8StringView name) { return fields.has(name) ? fields.address(name) : Address(); };
    SafeTransaction transaction{.to = fields.address("to"), .value = fields.number("value"), .data = fields.bytes("data")};
    const quint64 operation = fields.small("operation");
    if (operation > 1)
        fields.refuse("operation", Error{ErrorKind::Invalid, u"it is 0 (call) or 1 (delegatecall)"_s, {}});
    transaction.operation = operation == 1 ? SafeOperation::DelegateCall : SafeOperation::Call;
    transaction.safeTxGas = numberOrZero("safeTxGas");
    transaction.baseGas = numberOrZero("baseGas");
    transaction.gasPrice = numberOrZero("gasPrice");
    transaction.gasToken = addressOrZero("gasToken");
    transaction.refundReceiver = addressOrZero("refundReceiver");
    transaction.nonce = fields.number("nonce");
    if (auto done = fields.done(); !done)
        request.adopt(done.error());
    return transaction;
}

} // namespace countersign
