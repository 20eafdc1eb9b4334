#include "app/practice/relayer/relayerqueue.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

const Timestamp start = Timestamp::fromSeconds(1'700'000'000);

AuthorisedIntent intentOf(const QString &contractId)
{
    AuthorisedIntent intent;
    intent.contractId = contractId;
    intent.intentId = u"INT-"_s + contractId;
    intent.authorisedAt = start;
    return intent;
}

} // namespace

class TestRelayerQueue : public QObject {
    Q_OBJECT

private slots:
    void aContractIsQueuedOnceHoweverOftenTheLedgerTellsOfIt()
    {
        RelayerQueue queue;
        QVERIFY(queue.add(intentOf(u"a"_s), start));
        QVERIFY(!queue.add(intentOf(u"a"_s), start + 5s));
        QCOMPARE(queue.size(), 1);
        QCOMPARE(queue.depth(), 1);
    }

    void theLedgersOrderIsKept()
    {
        RelayerQueue queue;
        for (const QString &id : {u"c"_s, u"a"_s, u"b"_s})
            queue.add(intentOf(id), start);
        QCOMPARE(queue.takeNext(start)->intent.contractId, u"c"_s);
        QCOMPARE(queue.takeNext(start)->intent.contractId, u"a"_s);
        QCOMPARE(queue.takeNext(start)->intent.contractId, u"b"_s);
        QVERIFY(!queue.takeNext(start));
    }

    void anItemThatIsBeingSubmittedIsNotTakenTwice()
    {
        RelayerQueue queue;
        queue.add(intentOf(u"a"_s), start);
        QVERIFY(queue.takeNext(start));
        QVERIFY(!queue.takeNext(start + 1h));
        QCOMPARE(queue.depth(), 1); // it has not left yet
    }

    void aFailedTryWaitsLongerEachTimeAndLetsOthersPass()
    {
        RelayerQueue queue;
        queue.add(intentOf(u"a"_s), start);
        queue.add(intentOf(u"b"_s), start);
        WorkItem *first = queue.takeNext(start);
        queue.requeue(*first, start);
        QCOMPARE(queue.takeNext(start)->intent.contractId, u"b"_s);
        QVERIFY(!queue.takeNext(start + 499ms));
        QCOMPARE(queue.takeNext(start + 500ms)->intent.contractId, u"a"_s);
        queue.requeue(*first, start + 500ms);
        QVERIFY(!queue.takeNext(start + 1499ms));
        QVERIFY(queue.takeNext(start + 1500ms));
    }

    void thePauseIsBounded()
    {
        QCOMPARE(retryPause(0), 500ms);
        QCOMPARE(retryPause(3), 4000ms);
        QCOMPARE(retryPause(1000), 30000ms);
    }

    void aSubmittedItemLeavesTheDepthButNotTheQueue()
    {
        RelayerQueue queue;
        queue.add(intentOf(u"a"_s), start);
        queue.submitted(*queue.takeNext(start), keccak256("tx"), start, BlockNumber(7));
        QCOMPARE(queue.depth(), 0);
        QCOMPARE(queue.size(), 1);
        QCOMPARE(queue.inStage(WorkStage::Submitted).size(), 1);
    }

    void anItemWhoseBlockIsGoneIsTakenUpAgainAtOnceWithoutItsTransaction()
    {
        RelayerQueue queue;
        queue.add(intentOf(u"a"_s), start);
        WorkItem *item = queue.takeNext(start);
        queue.submitted(*item, keccak256("tx"), start, BlockNumber(7));
        queue.mined(*item, keccak256("tx"), BlockNumber(8), keccak256("block"), start + 1s);
        queue.unmined(*item, start + 2s);
        QVERIFY(!item->transaction);
        QCOMPARE(queue.takeNext(start + 2s), item);
    }

    void anEndedItemIsToldToTheLedgerAndTriedAgainUntilTheLedgerKnows()
    {
        RelayerQueue queue;
        queue.add(intentOf(u"a"_s), start);
        WorkItem *item = queue.takeNext(start);
        QVERIFY(!queue.nextToAcknowledge(start));
        queue.settled(*item, {u"failed"_s, u"LimitExceeded"_s, 0});
        QCOMPARE(queue.nextToAcknowledge(start), item);
        queue.requeue(*item, start);
        QVERIFY(!queue.nextToAcknowledge(start));
        QVERIFY(!queue.takeNext(start + 1h)); // it must not be submitted again
        QCOMPARE(queue.nextToAcknowledge(start + 1s), item);
        QVERIFY(queue.remove(u"a"_s));
        QVERIFY(!queue.remove(u"a"_s));
        QCOMPARE(queue.size(), 0);
    }

    void theOldestAgeCountsFromTheAuthorisation()
    {
        RelayerQueue queue;
        QVERIFY(!queue.oldestAge(start));
        queue.add(intentOf(u"a"_s), start + 10s);
        QCOMPARE(*queue.oldestAge(start + 90s), std::chrono::microseconds(90s));
    }
};

QTEST_GUILESS_MAIN(TestRelayerQueue)
#include "tst_relayerqueue.moc"
