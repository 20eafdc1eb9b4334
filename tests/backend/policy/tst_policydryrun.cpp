#include "backend/policy/policydryrun.h"
#include "tests/backend/policy/policysamples.h"

#include <QTest>

using namespace countersign;
using namespace countersign::samples;

class TestPolicyDryRun final : public QObject {
    Q_OBJECT

private slots:
    void differencesAndCountsAreThoseOfTheHistory()
    {
        const Policy draft = policyOf("overrides: []\n",
            "  - {name: small, when: {value: {to: \"5 wei\"}}, action: allow}\n"
            "  - {name: large, when: {kinds: [transfer]}, action: block, reason: Too much.}\n",
            "block");
        const QList<PastProposal> history{{u"small"_s, question({transferOf(1)}), PolicyOutcome::Executed},
            {u"large"_s, question({transferOf(6)}), PolicyOutcome::Executed},
            {u"refused"_s, question({transferOf(2)}), PolicyOutcome::Refused},
            {u"rightly refused"_s, question({transferOf(9)}), PolicyOutcome::Refused},
            {u"forgotten"_s, question({transferOf(9)}), PolicyOutcome::Expired}};
        const DryRun run = dryRun(draft, history);
        QCOMPARE(run.executedAndAllowed, 1);
        QCOMPARE(run.executedButBlocked, 1);
        QCOMPARE(run.refusedButAllowed, 1);
        QCOMPARE(run.refusedAndBlocked, 1);
        QCOMPARE(run.expired, 1);
        QCOMPARE(run.differences.size(), 2);
        QCOMPARE(run.differences[0].index, 1);
        QCOMPARE(run.differences[0].title, u"large"_s);
        QVERIFY(run.differences[0].wouldBlock);
        QCOMPARE(run.differences[0].ids, QStringList{u"policy.rule"_s});
        QVERIFY(run.differences[0].why.contains(u"“large” forbids"_s));
        QCOMPARE(run.differences[1].index, 2);
        QVERIFY(!run.differences[1].wouldBlock);
        QCOMPARE(run.differences[1].why, u"call 1: rule “small”"_s);
    }

    void aPolicyThatIsAsPeopleDecidedShowsNoDifference()
    {
        const QList<PastProposal> history{{u"a"_s, question(), PolicyOutcome::Executed}};
        const DryRun run = dryRun(policyOf(), history);
        QVERIFY(run.differences.isEmpty());
        QCOMPARE(run.executedAndAllowed, 1);
        QCOMPARE(dryRun(policyOf({}, {}, "block"), history).executedButBlocked, 1);
        QVERIFY(dryRun(policyOf(), {}) == DryRun());
    }
};

QTEST_GUILESS_MAIN(TestPolicyDryRun)
#include "tst_policydryrun.moc"
