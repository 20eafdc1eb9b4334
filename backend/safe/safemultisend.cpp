#include "backend/safe/safemultisend.h"

#include "backend/safe/safecalls.h"
#include "backend/types/strings.h"


namespace countersign {

namespace {

constexpr qsizetype headSize = 1 + 20 + 32 + 32;

std::unexpected<Error> bad(ErrorKind kind, const QString &what, QLatin1StringView code, qsizetype position)
{
    const QString at = QString::number(position);
    return fail(kind, what + u" (byte "_s + at + u" of the batch)."_s, u"multisend."_s + code + u" at byte "_s + at);
}

} // namespace

Result<std::vector<MultiSendTransaction>> decodeMultiSend(QByteArrayView data, const MultiSendLibrary &library, const Address &safe,
                                                          const MultiSendLimits &limits)
{
    if (data.size() > limits.maxBytes)
        return bad(ErrorKind::Exhausted, u"The batch is larger than this program reads"_s, "limit"_L1, limits.maxBytes);
    static const AbiFunction &multiSend = *safeAbi().function(u"multiSend");
    static const Bytes selector = multiSend.selector().bytes();
    // Packed bytes start with an operation, 0 or 1: they cannot be taken for the selector.
    Bytes unwrapped;
    QByteArrayView packed = data;
    if (data.startsWith(selector)) {
        auto arguments = multiSend.decodeCall(data);
        if (!arguments)
            return std::unexpected(arguments.error());
        unwrapped = *arguments->front().get<Bytes>();
        packed = unwrapped;
    }

    std::vector<MultiSendTransaction> transactions;
    qsizetype at = 0;
    while (at < packed.size()) {
        if (static_cast<qsizetype>(transactions.size()) == limits.maxTransactions)
            return bad(ErrorKind::Exhausted, u"The batch has more transactions than this program reads"_s, "limit"_L1, at);
        if (packed.size() - at < headSize)
            return bad(ErrorKind::Invalid, u"The batch ends inside a transaction's head"_s, "truncated"_L1, at);
        const QByteArrayView head = packed.sliced(at, headSize);
        const auto operation = static_cast<quint8>(head.front());
        if (operation > 1)
            return bad(ErrorKind::Invalid, u"The operation "_s + QString::number(operation) + u" is neither a call nor a delegatecall"_s,
                       "operation"_L1, at);
        if (operation == 1 && library.kind == MultiSendKind::CallOnly)
            return bad(ErrorKind::Rejected, u"The batch holds a delegatecall, on which MultiSendCallOnly reverts"_s, "delegatecall"_L1, at);
        const auto length = Uint256::fromBigEndian(head.sliced(53, 32))->toU64();
        if (!length || *length > static_cast<quint64>(packed.size() - at - headSize))
            return bad(ErrorKind::Invalid, u"A transaction's data is longer than the batch"_s, "length"_L1, at + 53);
        MultiSendTransaction transaction;
        transaction.operation = operation == 1 ? SafeOperation::DelegateCall : SafeOperation::Call;
        transaction.to = *Address::fromBytes(head.sliced(1, 20));
        transaction.value = *Uint256::fromBigEndian(head.sliced(21, 32));
        transaction.data = packed.sliced(at + headSize, static_cast<qsizetype>(*length)).toByteArray();
        transaction.effectiveTo = transaction.to.isZero() && library.version.sendsZeroToItself() ? safe : transaction.to;
        at += headSize + transaction.data.size();
        transactions.push_back(std::move(transaction));
    }
    return transactions;
}

Bytes packMultiSend(std::span<const MultiSendTransaction> transactions)
{
    qsizetype size = 0;
    for (const MultiSendTransaction &transaction : transactions)
        size += headSize + transaction.data.size();
    Bytes packed;
    packed.reserve(size);
    for (const MultiSendTransaction &transaction : transactions) {
        packed += static_cast<char>(transaction.operation);
        packed += transaction.to.view();
        packed += transaction.value.toBigEndian();
        packed += Uint256(static_cast<quint64>(transaction.data.size())).toBigEndian();
        packed += transaction.data;
    }
    return packed;
}

Bytes encodeMultiSend(std::span<const MultiSendTransaction> transactions)
{
    return *safeAbi().function(u"multiSend")->encodeCall({packMultiSend(transactions)});
}

} // namespace countersign
