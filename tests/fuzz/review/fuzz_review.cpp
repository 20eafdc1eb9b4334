#include "backend/review/knowncalls.h"
#include "backend/review/reviewsafetransaction.h"
#include "backend/safe/safesimulation.h"
#include "tests/backend/review/reviewfixture.h"

#include <QJsonDocument>

#include <cstdlib>

using namespace countersign;

// The first byte chooses the target, the rest is calldata to it, and the same bytes are read as a node's answer to a
// trace.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static ReviewFixture fixture;
    if (size == 0)
        return 0;
    const Bytes bytes(reinterpret_cast<const char *>(data) + 1, static_cast<qsizetype>(size) - 1);
    const Address targets[] = {testRegistry, testVault, testSafe, Address()};
    SafeTransaction &transaction = fixture.item.proposal.transaction;
    transaction.to = targets[data[0] % 4];
    transaction.operation = (data[0] & 4) != 0 ? SafeOperation::DelegateCall : SafeOperation::Call;
    transaction.data = bytes;
    const Review review = reviewSafeTransaction(fixture.item, fixture.context);
    if (review.sentence.isEmpty() || review.findings.isEmpty())
        std::abort();
    if (transaction.operation == SafeOperation::DelegateCall && !review.isBlocked())
        std::abort();
    (void)storageChanges(QJsonDocument::fromJson(bytes).object());
    (void)safeRevertReason(bytes, &knownErrors());
    return 0;
}
