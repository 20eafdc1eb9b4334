// A member's console in a process of its own, for tst_exchangecrash: writes into an exchange folder until it is killed
// or has written enough, and tells on standard output what was reported as written.
//   exchangewriter FOLDER SEED COUNT FIRST-NONCE [STATE-FOLDER]
#include "backend/proposals/exchangescan.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/member.h"

#include <array>
#include <cstdio>
#include <cstdlib>

using namespace countersign;

namespace {

// Whole lines only, so that a line that was cut off is seen as such.
void tell(const Result<QString> &written, const char *what)
{
    if (written)
        std::printf("%s %s\n", what, qPrintable(*written));
    else
        std::printf("failed %s: %s\n", what, qPrintable(written.error().message));
    std::fflush(stdout);
}

Result<QString> publishStatement(ExchangeScan &scan, const TestKey &key, const Hash32 &id, int turn)
{
    constexpr std::array kinds{StatementKind::Note, StatementKind::Acknowledgement, StatementKind::MismatchReport,
        StatementKind::Rejection, StatementKind::Withdrawal};
    Statement statement;
    statement.kind = kinds[static_cast<size_t>(turn) % kinds.size()];
    statement.chainId = ChainId(testChain);
    statement.safe = testSafe;
    if (statement.kind == StatementKind::Acknowledgement) {
        const auto seen = scan.run();
        if (!seen)
            return std::unexpected(seen.error());
        statement.heads = headsToAcknowledge(ExchangeLog(*seen->set), statement.chainId, statement.safe);
    } else {
        statement.safeTxHash = id;
        statement.text = u"Seen."_s;
    }
    if (statement.kind == StatementKind::MismatchReport)
        statement.shownHash = keccak256("shown");
    statement.madeAt = Timestamp::fromSeconds(1'700'000'300);
    const auto link = scan.nextLink({statement.chainId, statement.safe, key.address()});
    if (!link)
        return std::unexpected(link.error());
    statement.link = *link;
    return scan.publish(key.state(statement), Publishing::Own);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 5)
        return 2;
    const TestKey key(static_cast<quint8>(std::atoi(argv[2])));
    const int count = std::atoi(argv[3]);
    const auto nonce = static_cast<quint64>(std::atoll(argv[4]));
    std::optional<ExchangeMemory> memory;
    if (argc > 5)
        memory = ExchangeMemory(QString::fromLocal8Bit(argv[5]), u"folder"_s);
    ExchangeScan scan(QString::fromLocal8Bit(argv[1]), memory);
    for (int i = 0; i < count; ++i) {
        ProposalDraft draft = testDraft(nonce + static_cast<quint64>(i));
        const auto link = scan.nextLink({draft.chainId, draft.safe, key.address()});
        if (!link)
            return 1;
        draft.link = *link;
        tell(scan.publish(key.propose(draft), Publishing::Own), "proposal");
        tell(scan.publish(key.countersign(draft.safeTxHash()), Publishing::Own), "signature");
        tell(publishStatement(scan, key, draft.safeTxHash(), i), "statement");
        tell(scan.publishAttachment(draft.transaction.data + Bytes::number(i)), "attachment");
    }
    return 0;
}
