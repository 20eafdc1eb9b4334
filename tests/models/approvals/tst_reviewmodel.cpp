#include "backend/review/reviewsafetransaction.h"
#include "backend/types/strings.h"
#include "models/approvals/calltreemodel.h"
#include "models/approvals/effectsmodel.h"
#include "models/approvals/findingsmodel.h"
#include "models/approvals/reviewmodel.h"
#include "models/approvals/signersmodel.h"
#include "tests/backend/review/reviewfixture.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace countersign;

class TestReviewModel final : public QObject {
    Q_OBJECT

private slots:
    void partsShowTheReview();
    void holderMaySignOnceAndOnlyAnOwner();
    void blockingFindingForbidsBoth();
    void executionNeedsTheThresholdAndTheNextNonce();
    void lastReviewStaysWhileTheNextIsMade();
    void whatIsExecutedShowsItsReviewOfThen();
    void strangersStandBelowTheOwners();
    void undecodedCallShowsItsBytes();
    void oneFindingAtManyPlacesIsOneRow();
    void whatMayBeOverriddenIsMarked();
    void guessIsMarkedWithAllThatItMayBe();
    void hintStandsBelowItsCall();
};

namespace {

Review review(const ReviewFixture &fixture)
{
    return reviewSafeTransaction(fixture.item, fixture.context);
}

} // namespace

void TestReviewModel::partsShowTheReview()
{
    const ReviewFixture fixture;
    ReviewModel model;
    const QAbstractItemModelTester tree(&model.callTree(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QAbstractItemModelTester findings(&model.findings(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QAbstractItemModelTester effects(&model.effects(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QAbstractItemModelTester signersTester(
        &model.signers(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.state(), ReviewModel::State::Empty);
    model.setReview(review(fixture));
    QCOMPARE(model.state(), ReviewModel::State::Ready);
    QVERIFY(model.sentence().startsWith(u"Revoke the Canton signing key"_s));
    QCOMPARE(
        model.hashGroups(ReviewModel::Hash::SafeTx).join(QString()), fixture.item.id().toString().sliced(2).toUpper());
    QCOMPARE(model.signaturesText(), u"0 of 2 signatures"_s);

    const QModelIndex call = model.callTree().index(0, 0);
    QCOMPARE(call.data().toString(), u"revokeKey"_s);
    QCOMPARE(call.siblingAtColumn(CallTreeModel::KnownColumn).data().toString(), u"key registry"_s);
    QCOMPARE(model.callTree().rowCount(call), 1);
    const QModelIndex argument = model.callTree().index(0, CallTreeModel::KnownColumn, call);
    QCOMPARE(argument.data().toString(), u"Treasury desk"_s);
    QCOMPARE(argument.data(CallTreeModel::KindRole).toInt(), static_cast<int>(CallTreeModel::Kind::Argument));

    QCOMPARE(model.findings().rowCount(),
        static_cast<int>(model.review()->findings.size() + model.review()->notRun.size()));
    QCOMPARE(model.effects().index(0, EffectsModel::AfterColumn).data().toString(), u"none"_s);
    QVERIFY(model.effects().index(0, 0).data(EffectsModel::AsPromisedRole).toBool());
    QCOMPARE(model.signers().rowCount(), 3);
    model.clear();
    QCOMPARE(model.callTree().rowCount(), 0);
    QCOMPARE(model.signers().rowCount(), 0);
}

void TestReviewModel::whatMayBeOverriddenIsMarked()
{
    Review made = review(ReviewFixture());
    ReviewModel model;
    model.setReview(made);
    QCOMPARE(model.findings().firstOverridable(), -1);
    made.findings.prepend({u"policy.coolingOff"_s, Severity::Block, u"Too early"_s, {}});
    made.findings.prepend({u"nonce.used"_s, Severity::Block, u"Too late"_s, {}});
    made.findings.append({u"policy.coolingOff"_s, Severity::Warn, u"Overridden by bob and carol: too early"_s, {}});
    made.overridable = {u"policy.coolingOff"_s};
    model.setReview(made);
    QCOMPARE(model.findings().firstOverridable(), 1);
    QCOMPARE(model.findings().finding(1).code, u"policy.coolingOff"_s);
    int marked = 0;
    for (int row = 0; row < model.findings().rowCount(); ++row)
        marked += model.findings().index(row).data(FindingsModel::OverridableRole).toBool() ? 1 : 0;
    QVERIFY2(marked == 1, "what is overridden already is not offered again");
}

void TestReviewModel::holderMaySignOnceAndOnlyAnOwner()
{
    ReviewFixture fixture;
    ReviewModel model;
    model.setReview(review(fixture));
    QVERIFY2(model.cannotSignReason().contains(u"No key"_s), qPrintable(model.cannotSignReason()));
    model.setHolder(mallory.address());
    QVERIFY2(model.cannotSignReason().contains(u"no owner"_s), qPrintable(model.cannotSignReason()));
    model.setHolder(bob.address());
    QVERIFY(model.canSign());
    fixture.item.signatures = {bob.countersign(fixture.item.id())};
    model.setReview(review(fixture));
    QVERIFY2(model.cannotSignReason().contains(u"already"_s), qPrintable(model.cannotSignReason()));
    QVERIFY(model.signers().index(1).data(SignersModel::HasSignedRole).toBool());
    QVERIFY(model.signers().index(1).data(SignersModel::IsMeRole).toBool());
}

void TestReviewModel::blockingFindingForbidsBoth()
{
    ReviewFixture fixture;
    fixture.item.signatures = {bob.countersign(fixture.item.id()), carol.countersign(fixture.item.id())};
    fixture.context.rpcChainId = ChainId(1);
    ReviewModel model;
    model.setHolder(alice.address());
    model.setReview(review(fixture));
    QVERIFY(!model.canSign());
    QVERIFY(!model.canExecute());
    QCOMPARE(model.findings().index(0).data(FindingsModel::SeverityRole).toInt(), static_cast<int>(Severity::Block));
    QCOMPARE(model.cannotSignReason(), model.findings().index(0).data().toString());
}

void TestReviewModel::executionNeedsTheThresholdAndTheNextNonce()
{
    ReviewFixture fixture;
    ReviewModel model;
    model.setHolder(carol.address());
    fixture.item.signatures = {bob.countersign(fixture.item.id())};
    model.setReview(review(fixture));
    QVERIFY2(model.cannotExecuteReason().contains(u"1 of 2"_s), qPrintable(model.cannotExecuteReason()));
    fixture.item.signatures.append(alice.countersign(fixture.item.id()));
    model.setReview(review(fixture));
    QVERIFY2(model.canExecute(), qPrintable(model.cannotExecuteReason()));
    fixture.context.safe.nonce = Uint256(1);
    model.setReview(review(fixture));
    QVERIFY2(model.cannotExecuteReason().contains(u"Nonce 2"_s), qPrintable(model.cannotExecuteReason()));
}

void TestReviewModel::lastReviewStaysWhileTheNextIsMade()
{
    const ReviewFixture fixture;
    ReviewModel model;
    model.setHolder(alice.address());
    model.setReview(review(fixture));
    QVERIFY(model.canSign());
    model.setLoading();
    QVERIFY(!model.canSign());
    QVERIFY(!model.sentence().isEmpty());
    model.setFailed({ErrorKind::Unavailable, u"no answer"_s, {}});
    QVERIFY(!model.canSign());
    QVERIFY(model.cannotSignReason().contains(u"no answer"_s));
    QVERIFY(!model.sentence().isEmpty());
}

void TestReviewModel::whatIsExecutedShowsItsReviewOfThen()
{
    const ReviewFixture fixture;
    const Review then = review(fixture);
    ReviewModel model;
    model.setHolder(then.signers.constFirst().owner);
    model.setReview(then);
    QVERIFY(model.canSign());

    model.setExecuted(then, u"Executed in block 85"_s);
    QVERIFY(!model.canSign());
    QVERIFY(!model.canExecute());
    QCOMPARE(model.cannotSignReason(), u"Executed in block 85"_s);
    QCOMPARE(model.effects().rowCount(), static_cast<int>(then.effects.size()));

    // What a review made afterwards finds at fault is no fault.
    Review now = then;
    now.findings.prepend({u"nonce.used"_s, Severity::Block, u"The nonce is used up"_s, {}, {}, 0});
    model.setExecutedElsewhere(now, u"Executed in block 85"_s);
    QCOMPARE(model.review()->count(Severity::Block), 0);
    QCOMPARE(model.findings().rowCount(), 1);
    QCOMPARE(model.effects().rowCount(), 0);
    QCOMPARE(model.cannotExecuteReason(), u"Executed in block 85"_s);

    model.setReview(then);
    QVERIFY(model.outcome().isEmpty());
    QVERIFY(model.canSign());
}

void TestReviewModel::strangersStandBelowTheOwners()
{
    ReviewFixture fixture;
    fixture.item.signatures = {mallory.countersign(fixture.item.id())};
    ReviewModel model;
    model.setReview(review(fixture));
    QCOMPARE(model.signers().rowCount(), 4);
    QVERIFY(model.signers().index(3).data(SignersModel::IsStrangerRole).toBool());
    QCOMPARE(model.signers().index(3).data().toString(), mallory.address().toString());
    QCOMPARE(model.signaturesText(), u"0 of 2 signatures"_s);
}

void TestReviewModel::undecodedCallShowsItsBytes()
{
    ReviewFixture fixture;
    auto draft = testDraft();
    draft.transaction.data = "\xde\xad\xbe\xef\x01";
    fixture.propose(draft);
    ReviewModel model;
    model.setReview(review(fixture));
    const QModelIndex call = model.callTree().index(0, 0);
    QVERIFY(!call.data(CallTreeModel::IsDecodedRole).toBool());
    QCOMPARE(model.callTree().index(0, CallTreeModel::ValueColumn, call).data().toString(), u"0xdeadbeef01"_s);
}

void TestReviewModel::oneFindingAtManyPlacesIsOneRow()
{
    FindingsModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QList<Finding> findings{{u"gas.burn"_s, Severity::Block, u"It burns"_s, {}, u"transaction"_s, 12}};
    for (int call = 0; call < 200; ++call)
        findings.append({u"target.known"_s, Severity::Info, u"The target is known"_s, u"by the book"_s, u"transaction.calls[%1]"_s.arg(call), 10});
    findings.append({u"target.known"_s, Severity::Info, u"Another target"_s, {}, u"transaction.calls[3].calls[0]"_s, 10});
    model.setFindings(findings, {{28, u"What it would do"_s, u"A simulation needs a node"_s}});
    QCOMPARE(model.rowCount(), 4);
    QCOMPARE(model.index(0).data(FindingsModel::PlacesRole).toString(), QString());
    // What did not run stands between what warns and what only informs.
    QCOMPARE(model.index(1).data(FindingsModel::CodeRole).toString(), u"check.notrun"_s);
    QCOMPARE(model.index(2).data(FindingsModel::PlacesRole).toString(), u"in 200 calls"_s);
    QCOMPARE(model.index(3).data(FindingsModel::PlacesRole).toString(), u"call 4.1"_s);
    QVERIFY(model.index(0).data(FindingsModel::ExplanationRole).toString().contains(u"approval"_s));
}

void TestReviewModel::guessIsMarkedWithAllThatItMayBe()
{
    ReviewFixture fixture;
    ProposalDraft draft = testDraft();
    draft.transaction.to = mallory.address();
    // 23b872dd is transferFrom, and gasprice_bit_ether as well.
    draft.transaction.data = QByteArray::fromHex("23b872dd") + Bytes(32, '\0');
    fixture.propose(draft);
    CallTreeModel model;
    DecodedCall call = review(fixture).call;
    call.isGuess = true;
    call.collisions = {u"gasprice_bit_ether(int128)"_s};
    model.setCall(call);
    const QModelIndex shown = model.index(0, 0);
    QVERIFY(shown.data(CallTreeModel::IsGuessRole).toBool());
    QVERIFY(shown.data().toString().contains(u"guess"_s));
    bool isListed = false;
    for (int row = 0; row < model.rowCount(shown); ++row)
        isListed |= model.index(row, CallTreeModel::ValueColumn, shown).data().toString() == u"gasprice_bit_ether(int128)"_s;
    QVERIFY(isListed);
}

void TestReviewModel::hintStandsBelowItsCall()
{
    ReviewFixture fixture;
    fixture.context.descriptors = std::make_shared<const DescriptorStore>(DescriptorStore::load({}));
    CallTreeModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setCall(review(fixture).call);
    const QModelIndex call = model.index(0, 0);
    QCOMPARE(call.data().toString(), u"revokeKey"_s);
    const QModelIndex hint = model.index(model.rowCount(call) - 1, 0, call);
    QCOMPARE(hint.data(CallTreeModel::KindRole).toInt(), static_cast<int>(CallTreeModel::Kind::Hint));
    QVERIFY(hint.data().toString().contains(u"claimed"_s));
    QVERIFY(hint.siblingAtColumn(CallTreeModel::KnownColumn).data().toString().startsWith(u"by descriptor CantonKeyRegistry.json (0x"_s));
    QCOMPARE(hint.siblingAtColumn(CallTreeModel::ValueColumn).data().toString(), u"Revoke the key of a party"_s);
    QCOMPARE(model.rowCount(hint), 1);
    QCOMPARE(model.index(0, 0, hint).data(CallTreeModel::KindRole).toInt(), static_cast<int>(CallTreeModel::Kind::HintField));
}

QTEST_GUILESS_MAIN(TestReviewModel)
#include "tst_reviewmodel.moc"
