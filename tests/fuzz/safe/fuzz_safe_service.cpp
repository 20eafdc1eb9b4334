#include "backend/safe/safeserviceact.h"
#include "backend/safe/safeserviceanswer.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

namespace {

// Whatever was let through is what its own bytes say.
void check(const SafeServiceSubject &subject, const Hash32 &hash, const std::vector<SafeServiceConfirmation> &confirmations)
{
    std::vector<Address> seen;
    for (const SafeServiceConfirmation &confirmation : confirmations) {
        const bool isOwner = std::ranges::find(subject.owners, confirmation.owner) != subject.owners.end();
        const bool isTwice = std::ranges::find(seen, confirmation.owner) != seen.end();
        if (!isOwner || isTwice || confirmation.signature.signer(hash) != confirmation.owner)
            std::abort();
        seen.push_back(confirmation.owner);
    }
}

// A right answer about whatever transaction the bytes make, with a confirmation that may be anything.
void readBack(const SafeServiceSubject &subject, QByteArrayView bytes)
{
    constexpr qsizetype fieldBytes = 1 + 3 * Address::size + 5 * 32;
    if (bytes.size() < fieldBytes)
        return;
    const auto take = [&bytes](qsizetype count) {
        const QByteArrayView taken = bytes.first(count);
        bytes = bytes.sliced(count);
        return taken;
    };
    SafeTransaction t;
    t.operation = (take(1).front() & 1) != 0 ? SafeOperation::DelegateCall : SafeOperation::Call;
    for (Address *address : {&t.to, &t.gasToken, &t.refundReceiver})
        *address = *Address::fromBytes(take(Address::size));
    for (Uint256 *number : {&t.value, &t.safeTxGas, &t.baseGas, &t.gasPrice, &t.nonce})
        *number = *Uint256::fromBigEndian(take(32));
    t.data = bytes.first(bytes.size() / 2).toByteArray();
    const Hash32 hash = subject.hashOf(t);
    const QString json =
        uR"({"safe":"%1","to":"%2","value":"%3","data":"%4","operation":%5,"safeTxGas":%6,"baseGas":%7,"gasPrice":"%8",)"_s.arg(
            subject.safe.toString(), t.to.toString(), t.value.toDecimal(), toHex(t.data), QString::number(static_cast<int>(t.operation)),
            t.safeTxGas.toDecimal(), t.baseGas.toDecimal(), t.gasPrice.toDecimal())
        + uR"("gasToken":"%1","refundReceiver":"%2","nonce":%3,"safeTxHash":"%4","confirmations":[{"owner":"%5","signature":"%6"}]})"_s.arg(
            t.gasToken.toString(), t.refundReceiver.toString(), t.nonce.toDecimal(), hash.toString(), subject.owners.front().toString(),
            toHex(bytes.sliced(bytes.size() / 2)));
    const auto read = readSafeServiceTransaction(json.toUtf8(), subject, hash);
    if (!read || read->transaction != t || read->confirmations.size() + read->findings.size() != 1)
        std::abort();
    check(subject, hash, read->confirmations);
}

} // namespace

// Anything that a transaction service may answer; the owner is that of corpus/safe_service.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const SafeServiceSubject subject{.chainId = ChainId(1),
                                            .safe = *Address::parse(u"0x5afe000000000000000000000000000000005afe"),
                                            .version = SafeVersion::v141(),
                                            .owners = {*Address::parse(u"0x3da8d322cb2435da26e9c9fee670f9fb7fe74e49")}};
    const QByteArray json(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    static_cast<void>(readSafeServiceInfo(json));
    if (safeServiceRefusal(static_cast<int>(size % 600), json).message.isEmpty())
        std::abort();
    if (const auto confirmations = readSafeServiceConfirmations(json, subject, Hash32()))
        check(subject, Hash32(), confirmations->confirmations);
    if (const auto delegates = readSafeServiceDelegates(json, subject)) {
        if (static_cast<qsizetype>(delegates->delegates.size()) + delegates->leftOut != delegates->listed)
            std::abort();
        for (const SafeServiceDelegate &delegate : delegates->delegates) {
            if (std::ranges::find(subject.owners, delegate.delegator) == subject.owners.end() || delegate.label.size() > maxDelegateLabel)
                std::abort();
        }
    }
    const auto page = readSafeServicePage(json, subject);
    if (page) {
        if (static_cast<qsizetype>(page->transactions.size() + page->findings.size()) != page->listed)
            std::abort();
        for (const SafeServiceTransaction &transaction : page->transactions) {
            if (subject.hashOf(transaction.transaction) != transaction.safeTxHash)
                std::abort();
            check(subject, transaction.safeTxHash, transaction.confirmations);
        }
    }
    const auto transaction = readSafeServiceTransaction(json, subject, Hash32());
    if (transaction && !transaction->safeTxHash.isZero())
        std::abort();
    readBack(subject, QByteArrayView(json));
    return 0;
}
