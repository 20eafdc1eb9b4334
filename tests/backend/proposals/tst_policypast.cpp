#include "backend/proposals/exchangelog.h"
#include "backend/proposals/policypastreading.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/approvalestate.h"

#include <QCoroTask>

using namespace countersign;
using namespace countersign::testing;

namespace {

Policy policyOf(const QByteArray &sections)
{
    QByteArray text = "format: 1\nname: test\nversion: 1\n"
                      "roles: {proposers: [owners], approvers: [owners], executors: [anyone], proposerMayApprove: true, minimumApprovals: 2}\n";
    if (!sections.contains("coolingOff:"))
        text += "coolingOff: {otherwise: \"0\"}\n";
    const auto policy = Policy::parse(text + sections + "default: allow\n", u"policy.yaml"_s);
    if (!policy)
        qFatal("%s", qPrintable(policy.error().detail));
    return *policy;
}

} // namespace

/// What people did before, as the exchange and the journal tell it, and what a policy makes of it.
class TestPolicyPast final : public ApprovalEstate {
    Q_OBJECT

private slots:
    void approvalsAreThoseOfExchangeAndJournalEachOnce();
    void anAcknowledgementCoversWhatWasSeen();
    void whoApprovesTooMuchIsStopped();
    void twoPeopleLetItPass();
    void whoTakesAnOverrideBackIsNotCounted();
    void aProposalIsKnownSinceItWasSeen();

private:
    void hold(const QByteArray &sections)
    {
        m_reader->setPolicy(policyOf(sections));
        m_reader->setPast([this](ReviewSubject subject, ReviewActor actor) {
            return readPolicyPast(*m_exchange, *m_sightings, *m_journal, m_environment, std::move(subject), actor);
        });
    }
    PolicyPast past(const Hash32 &id, const QString &approver, Journal &journal)
    {
        return past(ReviewSubject::of(item(id)), approver, journal);
    }
    PolicyPast past(const ReviewSubject &subject, const QString &approver, Journal &journal)
    {
        return QCoro::waitFor(readPolicyPast(*m_exchange, *m_sightings, journal, m_environment, subject,
            {PolicyStage::Sign, holder(approver).address}));
    }
    Result<StatementOutcome> acknowledge(const QString &name)
    {
        const ChainSettings &chain = m_environment.chains.first();
        return say(name, draftAcknowledgement(chain.chainId, *chain.safe,
                             headsToAcknowledge(ExchangeLog(*m_exchange->snapshot().set), chain.chainId, *chain.safe)));
    }
};

void TestPolicyPast::approvalsAreThoseOfExchangeAndJournalEachOnce()
{
    const auto first = propose(u"alice"_s, draft());
    const auto second = propose(u"alice"_s, draft(3));
    QVERIFY(first && second);
    QCOMPARE(past(second->safeTxHash(), u"bob"_s, *m_journal).recentApprovals, QList<Timestamp>());
    QVERIFY(sign(u"bob"_s, first->safeTxHash()));
    const auto here = past(second->safeTxHash(), u"bob"_s, *m_journal).recentApprovals;
    QVERIFY(here && here->size() == 1);
    QCOMPARE(past(second->safeTxHash(), u"carol"_s, *m_journal).recentApprovals, QList<Timestamp>());
    for (const JournalRow &row : rows()) {
        if (row.kind == JournalKind::Signature)
            QVERIFY2(row.at == here->first(), "this console's own clock comes first");
    }
    // Another console knows of it by the exchange alone.
    Journal other(m_folder->filePath(u"other.sqlite"_s), m_clock);
    other.open();
    QTRY_COMPARE(other.status().state, JournalStatus::State::Ready);
    const auto there = past(second->safeTxHash(), u"bob"_s, other).recentApprovals;
    QVERIFY(there && there->size() == 1);
    QVERIFY(there->first() == item(first->safeTxHash()).signatures.first().signedAt);
    // And where no journal can be read nothing is known.
    Journal broken(u"/proc/none/journal.sqlite"_s, m_clock);
    broken.open();
    QTRY_COMPARE(broken.status().state, JournalStatus::State::Unavailable);
    QVERIFY(!past(second->safeTxHash(), u"bob"_s, broken).recentApprovals);
}

void TestPolicyPast::anAcknowledgementCoversWhatWasSeen()
{
    const auto first = propose(u"alice"_s, draft());
    QVERIFY(first);
    QVERIFY(acknowledge(u"carol"_s));
    QTRY_COMPARE(past(first->safeTxHash(), u"bob"_s, *m_journal).acknowledgements, QList{holder(u"carol"_s).address});
    const auto second = propose(u"alice"_s, draft(3));
    QVERIFY(second);
    QVERIFY2(past(second->safeTxHash(), u"bob"_s, *m_journal).acknowledgements.isEmpty(), "it came later");
}

void TestPolicyPast::whoApprovesTooMuchIsStopped()
{
    hold("fatigue: {approvals: 1, within: 10m}\nseverities: {policy.fatigue: {severity: block}}\n");
    const auto first = propose(u"alice"_s, draft());
    const auto second = propose(u"alice"_s, draft(3));
    QVERIFY(first && second);
    const auto signature = sign(u"bob"_s, first->safeTxHash());
    QVERIFY2(signature, qPrintable(signature ? QString() : signature.error().message + signature.error().detail));
    const auto again = sign(u"bob"_s, second->safeTxHash());
    QVERIFY(!again);
    QVERIFY2(again.error().message.contains(u"take a break"_s), qPrintable(again.error().message));
    QVERIFY2(sign(u"carol"_s, second->safeTxHash()), "another person is fresh");
}

void TestPolicyPast::twoPeopleLetItPass()
{
    hold("coolingOff: {otherwise: 4h}\noverrides: [policy.coolingOff]\n");
    const Hash32 policy = policyOf("coolingOff: {otherwise: 4h}\noverrides: [policy.coolingOff]\n").id();
    const auto proposal = propose(u"alice"_s, draft());
    QVERIFY(proposal);
    const Hash32 id = proposal->safeTxHash();
    const auto early = sign(u"bob"_s, id);
    QVERIFY(!early);
    QCOMPARE(early.error().kind, ErrorKind::Rejected);
    const Statement override = draftOverride(*proposal, u"policy.coolingOff"_s, policy, u"The key is in the wrong hands."_s);
    QVERIFY(say(u"bob"_s, override));
    QVERIFY(say(u"bob"_s, override));
    QTRY_COMPARE(item(id).statements.size(), 2);
    QVERIFY2(!sign(u"bob"_s, id), "one person twice is one person");
    QVERIFY(say(u"carol"_s, override));
    QTRY_COMPARE(item(id).statements.size(), 3);
    const auto signature = sign(u"bob"_s, id);
    QVERIFY2(signature, qPrintable(signature ? QString() : signature.error().message + signature.error().detail));
    const Finding *finding = m_record->review.finding(u"policy.coolingOff");
    QVERIFY(finding && finding->severity == Severity::Warn);
    QVERIFY2(finding->message.startsWith(u"Overridden by bob and carol"_s), qPrintable(finding->message));
}

void TestPolicyPast::whoTakesAnOverrideBackIsNotCounted()
{
    const QByteArray sections = "coolingOff: {otherwise: 4h}\noverrides: [policy.coolingOff]\n";
    hold(sections);
    const auto proposal = propose(u"alice"_s, draft());
    QVERIFY(proposal);
    const Hash32 id = proposal->safeTxHash();
    const Statement override
        = draftOverride(*proposal, u"policy.coolingOff"_s, policyOf(sections).id(), u"The key is in the wrong hands."_s);
    QVERIFY(say(u"bob"_s, override));
    const auto given = say(u"carol"_s, override);
    QVERIFY(given);
    QVERIFY(say(u"carol"_s, draftRetraction(given->statement, u"The key was found."_s)));
    QTRY_COMPARE(item(id).statements.size(), 3);
    const auto refused = sign(u"bob"_s, id);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Rejected);
    // She may think otherwise again.
    QVERIFY(say(u"carol"_s, override));
    QTRY_COMPARE(item(id).statements.size(), 4);
    const auto signature = sign(u"bob"_s, id);
    QVERIFY2(signature, qPrintable(signature ? QString() : signature.error().message + signature.error().detail));
    const Finding *finding = m_record->review.finding(u"policy.override.retracted");
    QVERIFY(finding && finding->severity == Severity::Info);
    QVERIFY2(finding->message.startsWith(u"carol ("_s) && finding->message.contains(u"took the override of"_s), qPrintable(finding->message));
}

void TestPolicyPast::aProposalIsKnownSinceItWasSeen()
{
    hold("coolingOff: {otherwise: 4h}\n");
    ProposalDraft old = draft();
    old.createdAt = m_clock.now() - std::chrono::hours(5);
    const Timestamp before = m_clock.now();
    ReviewSubject drafted;
    drafted.draft = old;
    QVERIFY2(past(drafted, u"bob"_s, *m_journal).firstSeenAt >= before, "what was never seen is seen now");
    const auto proposal = propose(u"alice"_s, old);
    QVERIFY(proposal);
    const Hash32 id = proposal->safeTxHash();
    const auto seen = past(id, u"bob"_s, *m_journal).firstSeenAt;
    QVERIFY(seen && *seen >= before && *seen <= m_clock.now());
    QVERIFY(past(id, u"carol"_s, *m_journal).firstSeenAt == seen);
    const auto dated = sign(u"bob"_s, id);
    QVERIFY2(!dated, "its author dated it back, and it came just now");
    QVERIFY2(dated.error().message.contains(u"must have been known for 4h"_s), qPrintable(dated.error().message));
}

QTEST_GUILESS_MAIN(TestPolicyPast)
#include "tst_policypast.moc"
