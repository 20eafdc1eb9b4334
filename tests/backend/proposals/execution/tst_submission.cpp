#include "backend/proposals/execution/submissionjournal.h"
#include "backend/proposals/execution/submissionprogress.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/testkey.h"

#include <QJsonDocument>
#include <QTest>

using namespace countersign;

namespace {

const TestKey carol(3);

SentTransaction sentOf(quint64 nonce, quint64 fee, SubmissionPurpose purpose = SubmissionPurpose::Execution)
{
    EvmTransaction transaction;
    transaction.chainId = ChainId(testChain);
    transaction.nonce = Nonce(nonce);
    transaction.maxFeePerGas = fee;
    transaction.gasLimit = 100'000;
    transaction.to = testSafe;
    const Bytes raw = transaction.serialize(carol.sign(transaction.signingHash()));
    return {purpose, transaction, raw, keccak256(raw)};
}

Submission submissionOf(quint64 nonce = 7)
{
    Submission submission{ChainId(testChain), testSafe, testDraft().safeTxHash(), Uint256(2), carol.address(), {sentOf(nonce, 10)}, {}};
    submission.effects = {Effect{u"Key"_s, u"Registry.key"_s, u"a"_s, u"none"_s, {}, EffectSlot{testRegistry, keccak256("slot"), Hash32()}}};
    return submission;
}

JournalRow rowOf(const JournalEntry &entry)
{
    JournalRow row;
    row.kind = entry.kind;
    row.subject = entry.subject;
    row.evidence = entry.evidence;
    return row;
}

JournalRow sendingRow(const Submission &submission, const SentTransaction &sent)
{
    return rowOf(sendingEntry(submission, sent, u"carol"_s, {}));
}

JournalRow settledRow(const Submission &submission)
{
    return rowOf(withSettled(JournalEntry::make(JournalKind::Effect, u"carol"_s, submission.safeTxHash.toString(), u"Done"_s), submission));
}

SubmissionSight sight(SubmissionSight::Kind kind, quint64 head, std::optional<quint64> block = {}, const QByteArray &blockName = "a")
{
    SubmissionSight seen{kind, {}, BlockNumber(head)};
    if (block) {
        TransactionReceipt receipt;
        receipt.blockNumber = BlockNumber(*block);
        receipt.blockHash = keccak256(blockName);
        seen.receipt = receipt;
    }
    return seen;
}

} // namespace

/// What is on its way, as the journal remembers it and as looks at the chain tell it.
class TestSubmission final : public QObject {
    Q_OBJECT

private slots:
    void whatWasSentIsPendingUntilItIsSettled()
    {
        Submission submission = submissionOf();
        QList<JournalRow> rows{sendingRow(submission, submission.sent.first())};
        QCOMPARE(pendingSubmissions(rows), QList{submission});
        const SentTransaction dearer = sentOf(7, 12, SubmissionPurpose::Cancellation);
        rows.append(sendingRow(submission, dearer));
        submission.sent.append(dearer);
        QCOMPARE(pendingSubmissions(rows), QList{submission});
        QVERIFY(submission.isCancelled());
        QCOMPARE(submission.dearest()->hash.toString(), dearer.hash.toString());
        rows.append(settledRow(submissionOf(8))); // another nonce
        QCOMPARE(pendingSubmissions(rows).size(), 1);
        rows.append(settledRow(submission));
        QVERIFY(pendingSubmissions(rows).isEmpty());
        rows.append(sendingRow(submissionOf(9), sentOf(9, 10))); // tried again later
        QCOMPARE(pendingSubmissions(rows).size(), 1);
    }

    void rowsThatDoNotProveThemselvesAreLeftOut()
    {
        const Submission submission = submissionOf();
        const JournalRow good = sendingRow(submission, submission.sent.first());
        JournalRow bad = good;
        bad.evidence.replace(toHex(submission.sent.first().raw).toUtf8(), "0x02");
        QVERIFY(pendingSubmissions({bad}).isEmpty());
        bad = good;
        bad.evidence = "{";
        QVERIFY(pendingSubmissions({bad}).isEmpty());
        bad = good;
        bad.subject = u"nothing"_s;
        QVERIFY(pendingSubmissions({bad}).isEmpty());
        bad = good;
        bad.kind = JournalKind::Proposal;
        QVERIFY(pendingSubmissions({bad}).isEmpty());
        // Whose it is, is what the signature says and not the row.
        bad = good;
        bad.evidence.replace(carol.address().toString().toUtf8(), testRegistry.toString().toUtf8());
        QCOMPARE(pendingSubmissions({bad}).first().from.toString(), carol.address().toString());
    }

    void isFinalWhenItIsDeepEnough()
    {
        using Kind = SubmissionSight::Kind;
        using Event = SubmissionProgress::Event;
        SubmissionProgress progress(2);
        QCOMPARE(progress.take(sight(Kind::Waiting, 10)), Event::Nothing);
        QCOMPARE(progress.take(sight(Kind::Mined, 11, 11)), Event::Settled);
        QVERIFY(!progress.isFinal());
        QCOMPARE(progress.take(sight(Kind::Mined, 12, 11)), Event::Nothing);
        QVERIFY(!progress.isFinal());
        QCOMPARE(progress.take(sight(Kind::Mined, 13, 11)), Event::Nothing);
        QVERIFY(progress.isFinal());
    }

    void blockThatGoesAwayIsCountedAnew()
    {
        using Kind = SubmissionSight::Kind;
        using Event = SubmissionProgress::Event;
        SubmissionProgress progress(2);
        QCOMPARE(progress.take(sight(Kind::Mined, 11, 11)), Event::Settled);
        QCOMPARE(progress.take(sight(Kind::Mined, 13, 12, "b")), Event::Settled); // in another block
        QVERIFY(!progress.isFinal());
        QCOMPARE(progress.take(sight(Kind::Dropped, 13)), Event::Undone);
        QCOMPARE(progress.take(sight(Kind::Dropped, 13)), Event::Nothing);
        QCOMPARE(progress.take(sight(Kind::Waiting, 13)), Event::Nothing);
        QCOMPARE(progress.take(sight(Kind::Dropped, 14)), Event::Dropped);
        QVERIFY(!progress.settled());
        // Without a receipt the depth counts from when it was first seen.
        QCOMPARE(progress.take(sight(Kind::NonceUsed, 20)), Event::Settled);
        QVERIFY(!progress.isFinal());
        progress.take(sight(Kind::NonceUsed, 22));
        QVERIFY(progress.isFinal());
    }
};

QTEST_GUILESS_MAIN(TestSubmission)
#include "tst_submission.moc"
