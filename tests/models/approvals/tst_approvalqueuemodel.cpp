#include "backend/proposals/proposalfolder.h"
#include "backend/types/strings.h"
#include "models/approvals/approvalqueuemodel.h"
#include "tests/backend/review/reviewfixture.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

class TestApprovalQueueModel final : public QObject {
    Q_OBJECT

private slots:
    void proposalsAppearWithWhatIsKnownOfThem();
    void proposalOfAnUnknownChainIsDone();
    void rowsStayThemselvesWhenOthersArrive();
    void everyStageHasAGroupAndAName();
};

void TestApprovalQueueModel::proposalsAppearWithWhatIsKnownOfThem()
{
    const ReviewFixture fixture;
    const QTemporaryDir path;
    const ManualClock clock;
    ProposalFolder folder(path.path());
    ProposalBoard board(fixture.environment, folder, clock);
    ApprovalQueueModel model(board);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    folder.publish(alice.propose(testDraft()));
    QTRY_COMPARE(model.rowCount(), 1);
    QCOMPARE(
        model.index(0, ApprovalQueueModel::TitleColumn).data().toString(), u"Revoke the Canton key of Treasury desk"_s);
    QCOMPARE(model.index(0, ApprovalQueueModel::ChainColumn).data().toString(), u"ethereum"_s);
    QCOMPARE(model.index(0, ApprovalQueueModel::ProposerColumn).data().toString(), u"alice"_s);
    QCOMPARE(model.index(0, ApprovalQueueModel::NonceColumn).data().toString(), u"2"_s);
    QCOMPARE(model.index(0, 0).data(ApprovalQueueModel::IdRole).value<Hash32>().toString(),
        testDraft().safeTxHash().toString());
    // No chain answers in this test, and the queue says so instead of guessing.
    QCOMPARE(model.index(0, 0).data(ApprovalQueueModel::StageRole).toInt(), static_cast<int>(ProposalStage::Unknown));
    QCOMPARE(model.count(ApprovalQueueModel::Group::WaitsForOthers), 1);
    QCOMPARE(model.rowOf(testDraft().safeTxHash()), 0);
    QCOMPARE(model.rowOf(Hash32()), -1);
}

void TestApprovalQueueModel::proposalOfAnUnknownChainIsDone()
{
    const ReviewFixture fixture;
    const QTemporaryDir path;
    const ManualClock clock;
    ProposalFolder folder(path.path());
    ProposalBoard board(fixture.environment, folder, clock);
    ApprovalQueueModel model(board);
    auto draft = testDraft();
    draft.chainId = ChainId(99);
    folder.publish(alice.propose(draft));
    QTRY_COMPARE(model.rowCount(), 1);
    QCOMPARE(model.count(ApprovalQueueModel::Group::Done), 1);
    QVERIFY(model.index(0, 0).data(ApprovalQueueModel::ReasonRole).toString().contains(u"99"_s));
}

void TestApprovalQueueModel::rowsStayThemselvesWhenOthersArrive()
{
    const ReviewFixture fixture;
    const QTemporaryDir path;
    const ManualClock clock;
    ProposalFolder folder(path.path());
    ProposalBoard board(fixture.environment, folder, clock);
    ApprovalQueueModel model(board);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    auto done = testDraft(5);
    done.chainId = ChainId(99);
    folder.publish(alice.propose(done));
    QTRY_COMPARE(model.rowCount(), 1);
    const QPersistentModelIndex first = model.index(0, 0);
    ChainLink link;
    for (quint64 nonce = 6; nonce < 10; ++nonce) {
        auto draft = testDraft(nonce);
        draft.link = link;
        draft.createdAt = Timestamp::fromSeconds(1'700'000'000 + static_cast<qint64>(nonce));
        const Proposal proposal = alice.propose(draft);
        link = {link.sequence + 1, proposal.envelopeDigest()};
        folder.publish(proposal);
    }
    QTRY_COMPARE(model.rowCount(), 5);
    QCOMPARE(first.row(), 4); // what is done stands last
    QCOMPARE(first.data(ApprovalQueueModel::IdRole).value<Hash32>().toString(), done.safeTxHash().toString());
    QCOMPARE(model.index(0, 0).data(ApprovalQueueModel::NonceRole).toString(), u"9"_s); // newest first
}

void TestApprovalQueueModel::everyStageHasAGroupAndAName()
{
    QSet<QString> names;
    for (int stage = 0; stage <= static_cast<int>(lastStage); ++stage) {
        names.insert(ApprovalQueueModel::stageText(static_cast<ProposalStage>(stage)));
        QVERIFY(
            !ApprovalQueueModel::groupText(ApprovalQueueModel::groupOf(static_cast<ProposalStage>(stage))).isEmpty());
    }
    QCOMPARE(names.size(), static_cast<int>(lastStage) + 1);
}

QTEST_GUILESS_MAIN(TestApprovalQueueModel)
#include "tst_approvalqueuemodel.moc"
