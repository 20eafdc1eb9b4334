#include "backend/types/strings.h"
#include "models/approvals/discussionmodel.h"
#include "tests/backend/proposals/member.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace countersign;

class TestDiscussionModel final : public QObject {
    Q_OBJECT

private slots:
    void holdersAreCalledByTheirNamesAndStrangersByTheirAddresses()
    {
        Member alice(1);
        Member mallory(4);
        Environment environment;
        environment.holders = {{u"alice"_s, alice.address(), {}}};
        DiscussionModel model(environment);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const Hash32 id = testDraft().safeTxHash();
        model.setStatements({alice.say(StatementKind::Note, id, u"Who lost it?"_s),
            mallory.say(StatementKind::Rejection, id, u"Never."_s)});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0).data().toString(), u"Who lost it?"_s);
        QCOMPARE(model.index(0).data(DiscussionModel::AuthorRole).toString(), u"alice"_s);
        QCOMPARE(model.index(0).data(DiscussionModel::ActRole).toString(), u"notes"_s);
        QCOMPARE(model.index(0).data(Qt::ToolTipRole).toString(), alice.address().toString());
        QCOMPARE(model.index(0).data(DiscussionModel::MadeAtRole).value<Timestamp>().micros(),
            Timestamp::fromSeconds(1'700'000'200).micros());
        QCOMPARE(model.index(1).data(DiscussionModel::AuthorRole).toString(), mallory.address().toString());
        QCOMPARE(model.index(1).data(DiscussionModel::KindRole).toInt(), static_cast<int>(StatementKind::Rejection));
    }
    void aSealedSignatureSaysForWhomAndThatItIsAClaim()
    {
        Member alice(1);
        const Member bob(2);
        Environment environment;
        environment.holders = {{u"bob"_s, bob.address(), {}}};
        DiscussionModel model(environment);
        model.setStatements({alice.giveSealed(
            testDraft().safeTxHash(), {bob.address(), keccak256("key"), {}}, Bytes(90, 's'))});
        QCOMPARE(model.index(0).data().toString(), u"Sealed for bob: claimed until it is opened there"_s);
        QCOMPARE(model.index(0).data(DiscussionModel::ActRole).toString(), u"gave a sealed signature"_s);
    }
    void whatIsSaidLaterLeavesTheSelectionAlone()
    {
        Member alice(1);
        const Environment environment;
        DiscussionModel model(environment);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const Hash32 id = testDraft().safeTxHash();
        const Statement first = alice.say(StatementKind::Note, id, u"one"_s);
        const Statement second = alice.say(StatementKind::Note, id, u"two"_s);
        const Statement third = alice.say(StatementKind::MismatchReport, id, u"three"_s);
        model.setStatements({first, third});
        const QPersistentModelIndex selected = model.index(1);
        model.setStatements({first, second, third});
        QCOMPARE(selected.row(), 2);
        QCOMPARE(selected.data().toString(), u"three"_s);
        const QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        const QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        model.setStatements({first, second, third});
        QCOMPARE(removed.size() + inserted.size(), 0);
        model.setStatements({second});
        QCOMPARE(model.rowCount(), 1);
        QVERIFY(!selected.isValid());
        model.setStatements({});
        QCOMPARE(model.rowCount(), 0);
    }
    void anOverrideThatWasTakenBackSaysSo()
    {
        Member alice(1);
        const Environment environment;
        DiscussionModel model(environment);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const Statement override
            = alice.override(testDraft().safeTxHash(), u"policy.window"_s, keccak256("policy"), u"It cannot wait."_s);
        const Statement back = alice.retract(override, u"It can wait."_s);
        model.setStatements({override});
        QCOMPARE(model.index(0).data().toString(), u"policy.window: It cannot wait."_s);
        const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setStatements({override, back});
        QCOMPARE(changed.size(), 1);
        QCOMPARE(model.index(0).data().toString(), u"Taken back: policy.window: It cannot wait."_s);
        QCOMPARE(model.index(1).data().toString(), u"policy.window: It can wait."_s);
        QCOMPARE(model.index(1).data(DiscussionModel::ActRole).toString(), u"takes an override back"_s);
        model.setStatements({back});
        QCOMPARE(model.index(0).data().toString(), u"Of something that is not here: It can wait."_s);
    }
    void everyKindIsAnActOfItsOwn()
    {
        QSet<QString> acts;
        for (const StatementKind kind : {StatementKind::Rejection, StatementKind::Withdrawal, StatementKind::Note,
                 StatementKind::MismatchReport, StatementKind::Override, StatementKind::Retraction,
                 StatementKind::Acknowledgement})
            acts.insert(DiscussionModel::actText(kind));
        QCOMPARE(acts.size(), 7);
    }
};

QTEST_GUILESS_MAIN(TestDiscussionModel)
#include "tst_discussionmodel.moc"
