#include "backend/proposals/exchangeunion.h"
#include "backend/proposals/proposalfolder.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/member.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

namespace {

template <class T> Result<T> answer(QFuture<Result<T>> future)
{
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 10'000))
        return fail(ErrorKind::Timeout, u"the exchange does not answer"_s);
    return future.result();
}

CopyReport reportOf(QFuture<CopyReport> future)
{
    return QTest::qWaitFor([&future] { return future.isFinished(); }, 10'000) ? future.result() : CopyReport{-1, {}};
}

} // namespace

class TestExchangeUnion final : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_base = std::make_unique<QTemporaryDir>();
        m_left = std::make_unique<ProposalFolder>(
            m_base->filePath(u"left"_s), ExchangeMemory(m_base->filePath(u"state"_s), u"left"_s));
        m_right = std::make_unique<ProposalFolder>(m_base->filePath(u"right"_s));
        m_left->start(std::chrono::milliseconds(50));
        m_right->start(std::chrono::milliseconds(50));
    }
    void cleanup()
    {
        m_left.reset();
        m_right.reset();
    }
    void partsOfSeveralCarriersAreJoinedAndNamed()
    {
        ExchangeUnion both({m_left.get(), m_right.get()});
        Member alice(1);
        Member bob(2);
        const Proposal proposal = alice.propose(testDraft());
        const CollectedSignature signature = bob.sign(proposal);
        QVERIFY(answer(m_left->publish(proposal)));
        QVERIFY(answer(m_right->publish(signature, Publishing::Copy)));
        QTRY_COMPARE(both.snapshot().items.size(), 1);
        QTRY_COMPARE(both.snapshot().items.first().signatures.size(), 1);
        QCOMPARE(both.carriersOf(proposal.envelopeDigest()), QStringList{m_left->name()});
        QCOMPARE(both.carriersOf(signature.entryHash()), QStringList{m_right->name()});
        QCOMPARE(both.lackingAt(*m_left), 1);
        QVERIFY(both.snapshot().alarms.isEmpty());
    }
    void whatIsLackingIsCopiedWhenAsked()
    {
        ExchangeUnion both({m_left.get(), m_right.get()});
        Member alice(1);
        Member bob(2);
        const Proposal proposal = alice.propose(testDraft());
        QVERIFY(answer(m_left->publish(proposal)));
        QVERIFY(answer(m_left->publish(bob.say(StatementKind::Note, proposal.safeTxHash()))));
        QVERIFY(answer(m_left->publish(bob.sign(proposal), Publishing::Copy)));
        QVERIFY(answer(m_left->publishAttachment("document")));
        QTRY_COMPARE(both.lackingAt(*m_right), 4);
        QCOMPARE(reportOf(both.copyMissing(*m_right)).copied, 4);
        QTRY_COMPARE(both.lackingAt(*m_right), 0);
        QVERIFY(*m_left->snapshot().set == *m_right->snapshot().set);
        QCOMPARE(reportOf(both.copyMissing(*m_right)).copied, 0);
        QCOMPARE(both.carriersOf(proposal.envelopeDigest()).size(), 2);
    }
    void ownEntriesGoEverywhereInOnePlace()
    {
        ExchangeUnion both({m_left.get(), m_right.get()});
        Member alice(1);
        const ExchangeLane lane{ChainId(testChain), testSafe, alice.address()};
        QVERIFY(*answer(both.nextLink(lane)) == ChainLink{});
        const Proposal proposal = alice.propose(testDraft());
        QVERIFY(answer(both.publish(proposal)));
        QVERIFY(answer(both.publish(alice.key().countersign(proposal.safeTxHash()))));
        QTRY_COMPARE(m_right->snapshot().set->entries().size(), size_t(2));
        QTRY_VERIFY(*m_left->snapshot().set == *m_right->snapshot().set);
        QTRY_COMPARE(both.snapshot().items.size(), 1);
        QCOMPARE(answer(both.nextLink(lane))->sequence, 3u);
        QVERIFY(answer(both.publish(alice.key().countersign(proposal.safeTxHash())))); // once more is the same
        QCOMPARE(answer(both.nextLink(lane))->sequence, 3u);
        // Signed for a place that is taken by now, and a second proposal of the same transaction.
        Member late(1);
        QCOMPARE(answer(both.publish(late.propose(testDraft(3)))).error().kind, ErrorKind::Conflict);
        Member bob(2);
        QTRY_VERIFY(both.find(proposal.safeTxHash()));
        QCOMPARE(answer(both.publish(bob.propose(testDraft()))).error().kind, ErrorKind::Conflict);
    }
    void deletedEntryIsStillShownAndCanBeRestored()
    {
        // The right one stands for this console's private copy.
        ExchangeUnion both({m_left.get(), m_right.get()});
        Member alice(1);
        const Proposal proposal = alice.propose(testDraft());
        const auto name = answer(both.publish(proposal));
        QVERIFY(name);
        QTRY_COMPARE(both.carriersOf(proposal.envelopeDigest()).size(), 2);
        QVERIFY(QFile::remove(m_left->path() + u'/' + *name));
        QTRY_COMPARE(both.snapshot().alarms.size(), 1);
        QCOMPARE(both.snapshot().alarms.first().kind, ExchangeAlarmKind::Rollback);
        QCOMPARE(both.snapshot().items.size(), 1);
        QCOMPARE(both.carriersOf(proposal.envelopeDigest()), QStringList{m_right->name()});
        QCOMPARE(reportOf(both.copyMissing(*m_left)).copied, 1);
        QTRY_VERIFY(both.snapshot().alarms.isEmpty());
    }
    void carriersThatTellDifferentStoriesAreCaught()
    {
        ExchangeUnion both({m_left.get(), m_right.get()});
        QSignalSpy alarmed(&both, &ProposalExchange::alarmed);
        Member one(1);
        Member other(1);
        QVERIFY(answer(m_left->publish(one.propose(testDraft(2)))));
        QVERIFY(answer(m_right->publish(other.propose(testDraft(3)))));
        QTRY_COMPARE(both.snapshot().items.size(), 2);
        QVERIFY(m_left->snapshot().alarms.isEmpty());
        QVERIFY(m_right->snapshot().alarms.isEmpty());
        QCOMPARE(both.snapshot().alarms.size(), 1);
        QCOMPARE(both.snapshot().alarms.first().kind, ExchangeAlarmKind::Fork);
        both.refresh();
        QTest::qWait(200); // several readings
        QCOMPARE(alarmed.count(), 1);
    }
    void oneCarrierDownLeavesTheOther()
    {
        ExchangeUnion both({m_left.get(), m_right.get()});
        Member alice(1);
        const Proposal proposal = alice.propose(testDraft());
        QVERIFY(answer(both.publish(proposal)));
        QTRY_COMPARE(m_right->snapshot().items.size(), 1);
        QTRY_COMPARE(m_left->snapshot().items.size(), 1);
        QVERIFY(QDir().rename(m_right->path(), m_base->filePath(u"moved"_s)));
        QFile blocker(m_right->path());
        QVERIFY(blocker.open(QIODevice::WriteOnly));
        QTRY_VERIFY(m_right->error());
        QVERIFY(!both.status().error);
        QVERIFY(!both.status().warnings.isEmpty());
        QCOMPARE(both.snapshot().items.size(), 1);
        Member bob(2);
        QVERIFY(answer(both.publish(bob.say(StatementKind::Note, proposal.safeTxHash()))));
    }
    void unionThatGoesAwayAnswersWhatItWasAsked()
    {
        QFuture<Result<QString>> writing;
        {
            ExchangeUnion both({m_left.get(), m_right.get()});
            Member alice(1);
            writing = both.publish(alice.propose(testDraft()));
        }
        const auto outcome = answer(writing);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().kind, ErrorKind::Cancelled);
    }

private:
    std::unique_ptr<QTemporaryDir> m_base;
    std::unique_ptr<ProposalFolder> m_left;
    std::unique_ptr<ProposalFolder> m_right;
};

QTEST_GUILESS_MAIN(TestExchangeUnion)
#include "tst_exchangeunion.moc"
