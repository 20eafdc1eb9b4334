#include "backend/proposals/statementflow.h"
#include "backend/review/reviewsafetransaction.h"
#include "tests/backend/policy/policysamples.h"
#include "tests/backend/review/reviewfixture.h"

#include <QTest>

#include <algorithm>
#include <memory>

using namespace countersign;

namespace {

const QString early = u"time.early"_s;
const QString because = u"The custodian waits for it."_s;

/// A proposal before its time, which the policy lets two people override.
struct Fixture : ReviewFixture {
    explicit Fixture(const Policy &policy = samples::policyOf("overrides: [time.early]\n"))
    {
        auto draft = testDraft();
        draft.notBefore = context.now + std::chrono::hours(1);
        propose(draft);
        context.policy = std::make_shared<const Policy>(policy);
    }
    Statement overridden(const TestKey &by, const QString &finding = early, const QString &reason = because) const
    {
        return by.state(draftOverride(item.proposal, finding, context.policy->id(), reason));
    }
    Review review() const { return reviewSafeTransaction(item, context); }
    Severity severity() const { return review().finding(early)->severity; }
};

} // namespace

class TestReviewOverrides final : public QObject {
    Q_OBJECT

private slots:
    void twoPeopleMayGoOn()
    {
        Fixture f;
        QVERIFY(f.review().isBlocked());
        QCOMPARE(f.review().overridable, QStringList{early});
        f.item.statements = {f.overridden(bob), f.overridden(carol, early, u"I have asked the custodian."_s)};
        const Review review = f.review();
        const Finding *finding = review.finding(early);
        QVERIFY2(!review.isBlocked(), qPrintable(review.findings.first().message));
        QCOMPARE(finding->severity, Severity::Warn);
        QVERIFY2(finding->message.startsWith(u"Overridden by bob and carol: "_s), qPrintable(finding->message));
        QVERIFY(finding->evidence.contains(u"bob: %1"_s.arg(because)));
        QVERIFY(finding->evidence.contains(u"carol: I have asked the custodian."_s));
        QVERIFY(review.overridable.isEmpty());
        QVERIFY(review.finding(u"policy.override.used"));
    }
    void oneAloneIsToldWhatIsMissing()
    {
        Fixture f;
        f.item.statements = {f.overridden(bob)};
        const Review review = f.review();
        QCOMPARE(f.severity(), Severity::Block);
        QVERIFY(review.finding(u"policy.override.open")->message.startsWith(u"bob answers"_s));
        QCOMPARE(review.overrides.size(), 1);
        QVERIFY(!review.overrides.first().holds);
        QCOMPARE(review.overrides.first().by, QStringList{u"bob"_s});
        QCOMPARE(review.overridable, QStringList{early});
    }
    void onePersonTwiceIsOne()
    {
        Fixture f;
        f.item.statements = {f.overridden(bob), f.overridden(bob, early, u"And once more with feeling."_s)};
        QCOMPARE(f.severity(), Severity::Block);
    }
    void aStrangerIsNobody()
    {
        Fixture f;
        f.item.statements = {f.overridden(bob), f.overridden(mallory)};
        QCOMPARE(f.severity(), Severity::Block);
        f.item.statements.append(f.overridden(carol));
        QVERIFY2(f.severity() == Severity::Warn, "a stranger's word does not spoil that of two others either");
    }
    void theProposerAndAnotherMay()
    {
        Fixture f;
        for (const auto &[first, second] : {std::pair(&alice, &bob), std::pair(&bob, &alice)}) {
            f.item.statements = {f.overridden(*first), f.overridden(*second)};
            QCOMPARE(f.severity(), Severity::Warn);
        }
    }
    void anotherPolicyEndsIt()
    {
        Fixture f;
        f.item.statements = {f.overridden(bob), f.overridden(carol)};
        f.context.policy = std::make_shared<const Policy>(samples::policyOf("overrides: [time.early, nonce.used]\n"));
        QCOMPARE(f.severity(), Severity::Block);
        QVERIFY(f.review().finding(u"policy.override.stale"));
    }
    void anotherProposalHasNoPartInIt()
    {
        Fixture f;
        f.item.statements = {f.overridden(bob), f.overridden(carol)};
        auto draft = testDraft(3);
        draft.notBefore = f.context.now + std::chrono::hours(1);
        const QList<Statement> statements = f.item.statements;
        f.propose(draft);
        f.item.statements = statements;
        QCOMPARE(f.severity(), Severity::Block);
    }
    void whatIsNotListedStays()
    {
        Fixture f(samples::policyOf("overrides: [nonce.used]\n"));
        f.item.statements = {f.overridden(bob), f.overridden(carol)};
        QCOMPARE(f.severity(), Severity::Block);
        QVERIFY(f.review().finding(u"policy.override.refused"));
        QVERIFY(!f.review().overridable.contains(early));
    }
    void whatNobodyMayOverrideStaysWhateverAPolicySays()
    {
        Policy policy = samples::policyOf();
        policy.overrides = {u"chain.mismatch"_s};
        Fixture f(policy);
        f.propose(testDraft());
        f.context.rpcChainId = ChainId(1);
        f.item.statements = {f.overridden(bob, u"chain.mismatch"_s), f.overridden(carol, u"chain.mismatch"_s)};
        QCOMPARE(f.review().finding(u"chain.mismatch")->severity, Severity::Block);
        QVERIFY(f.review().overridable.isEmpty());
    }
    void findingsOfThePolicyAreOverriddenAlike()
    {
        Fixture f(samples::policyOf("coolingOff: {otherwise: 4h}\noverrides: [policy.coolingOff]\n"));
        f.propose(testDraft());
        QCOMPARE(f.review().overridable, QStringList{u"policy.coolingOff"_s});
        f.item.statements = {f.overridden(bob, u"policy.coolingOff"_s), f.overridden(carol, u"policy.coolingOff"_s)};
        const Review review = f.review();
        QVERIFY(review.finding(u"policy.coolingOff")->message.startsWith(u"Overridden by bob and carol: "_s));
        QVERIFY(!review.isBlocked());
    }
};

QTEST_GUILESS_MAIN(TestReviewOverrides)
#include "tst_reviewoverrides.moc"
