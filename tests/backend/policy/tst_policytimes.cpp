#include "backend/policy/policydryrun.h"
#include "backend/policy/policyevaluation.h"
#include "tests/backend/policy/policysamples.h"

#include <QTest>

#include <chrono>
#include <optional>

using namespace countersign;
using namespace countersign::samples;
using namespace std::chrono_literals;

namespace {

const QByteArray twoHours = "coolingOff: {otherwise: 2h}\n";

/// A payment about to be signed at noon, by what its author says of its date and what the console has seen.
PolicyQuestion dated(std::optional<Timestamp> createdAt, std::optional<Timestamp> firstSeenAt)
{
    PolicyQuestion asked = question();
    asked.createdAt = createdAt;
    asked.firstSeenAt = firstSeenAt;
    return asked;
}

} // namespace

/// Since when a proposal is known, and until when it holds: what its author wrote into it, and what was seen here.
class TestPolicyTimes final : public QObject {
    Q_OBJECT

private slots:
    void whoDatesItBackShortensNothing()
    {
        const Policy policy = policyOf(twoHours);
        const PolicyVerdict verdict = evaluatePolicy(policy, dated(noon - 240h, noon - 1h));
        const PolicyFinding *finding = verdict.finding(u"policy.coolingOff");
        QVERIFY(finding && finding->severity == PolicySeverity::Block);
        QCOMPARE(*verdict.notBefore, noon + 1h);
        QCOMPARE(verdict.knownSince, KnownSince::FirstSeen);
        QCOMPARE(verdict.knownAt, noon - 1h);
        QVERIFY2(finding->evidence.contains(u"first seen here at %1"_s.arg((noon - 1h).toIsoString())), qPrintable(finding->evidence));
        QVERIFY(!evaluatePolicy(policy, dated(noon - 240h, noon - 2h)).isBlocked());
    }
    void theLaterOfBothCounts()
    {
        const PolicyVerdict verdict = evaluatePolicy(policyOf(twoHours), dated(noon - 1h, noon - 24h));
        QCOMPARE(*verdict.notBefore, noon + 1h);
        QCOMPARE(verdict.knownSince, KnownSince::Claimed);
        const PolicyFinding *finding = verdict.finding(u"policy.coolingOff");
        QVERIFY(finding);
        QVERIFY2(finding->evidence.contains(u"created at %1, as its author says"_s.arg((noon - 1h).toIsoString())),
            qPrintable(finding->evidence));
    }
    void theAuthorsWordAloneIsSaidToBeThat()
    {
        const PolicyVerdict verdict = evaluatePolicy(policyOf(twoHours), dated(noon - 3h, {}));
        QVERIFY(!verdict.isBlocked());
        const PolicyFinding *finding = verdict.finding(u"policy.firstSeen");
        QVERIFY(finding && finding->severity == PolicySeverity::Warn);
        QVERIFY2(finding->evidence.contains((noon - 3h).toIsoString()), qPrintable(finding->evidence));
        QVERIFY(!evaluatePolicy(policyOf(twoHours), dated(noon - 3h, noon - 3h)).finding(u"policy.firstSeen"));
        QVERIFY2(!evaluatePolicy(policyOf(), dated(noon, {})).finding(u"policy.firstSeen"), "nobody has to wait");
        const QByteArray strict = twoHours + "severities: {policy.firstSeen: {severity: block}}\n";
        QVERIFY(evaluatePolicy(policyOf(strict), dated(noon - 3h, {})).isBlocked());
    }
    void whatNobodyDatedIsKnownSinceItWasSeen()
    {
        const Policy policy = policyOf(twoHours);
        QVERIFY(!evaluatePolicy(policy, dated({}, noon - 2h)).isBlocked());
        QCOMPARE(*evaluatePolicy(policy, dated({}, noon - 1h)).notBefore, noon + 1h);
        QVERIFY(evaluatePolicy(policy, dated({}, {})).finding(u"policy.fact"));
    }
    void aDateAheadOfTheClockBlocks()
    {
        QVERIFY(!evaluatePolicy(policyOf(), dated(noon + 5min, noon - 1h)).isBlocked());
        const PolicyVerdict verdict = evaluatePolicy(policyOf(), dated(noon + 5min + 1s, noon - 1h));
        QVERIFY(verdict.isBlocked());
        QVERIFY(verdict.finding(u"policy.postdated"));
    }
    void theExpiryRestsOnTheAuthorsDate()
    {
        const Policy policy = policyOf("expiry: {otherwise: 7d, longest: 30d}\n");
        PolicyQuestion asked = dated(noon - 8 * 24h, noon - 1h);
        QVERIFY2(evaluatePolicy(policy, asked).finding(u"policy.expired"), "seen late is no longer life");
        asked = dated(noon - 6 * 24h, noon - 1h);
        QCOMPARE(*evaluatePolicy(policy, asked).expires, noon + 24h);
        asked.expiresAt = noon + 25 * 24h;
        QVERIFY(evaluatePolicy(policy, asked).finding(u"policy.expiry"));
        asked.createdAt.reset();
        QVERIFY2(evaluatePolicy(policy, asked).finding(u"policy.fact"), "what was seen is not what it was made at");
    }
    void historyWithoutAMemoryCanStillBeTried()
    {
        const PastProposal past{u"a payment"_s, dated(noon - 3h, {}), PolicyOutcome::Executed};
        const PastProposal hasty{u"a hasty one"_s, dated(noon - 3h, noon - 1h), PolicyOutcome::Executed};
        const DryRun run = dryRun(policyOf(twoHours), {past, hasty});
        QCOMPARE(run.executedAndAllowed, 1);
        QCOMPARE(run.executedButBlocked, 1);
        QCOMPARE(run.differences.value(0).ids, QStringList{u"policy.coolingOff"_s});
    }
};

QTEST_GUILESS_MAIN(TestPolicyTimes)
#include "tst_policytimes.moc"
