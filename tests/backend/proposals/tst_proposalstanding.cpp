#include "backend/proposals/proposalstanding.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/drafts.h"
#include "tests/backend/proposals/testkey.h"

#include <QTest>

using namespace countersign;

namespace {

const TestKey alice(1);
const TestKey bob(2);
const TestKey carol(3);
const TestKey mallory(4);
const Timestamp now = Timestamp::fromSeconds(1'700'000'500);

SafeFacts facts(quint64 nonce = 2)
{
    SafeFacts facts;
    facts.state.safe = testSafe;
    facts.state.chainId = ChainId(testChain);
    facts.state.owners = {alice.address(), bob.address(), carol.address()};
    facts.state.threshold = Uint256(2);
    facts.state.nonce = Uint256(nonce);
    return facts;
}

ExchangeItem item(std::initializer_list<const TestKey *> signers = {})
{
    ExchangeItem item{alice.propose(testDraft()), {}};
    for (const TestKey *signer : signers)
        item.signatures.append(signer->countersign(item.id()));
    return item;
}

bool waits(const ExchangeItem &item, const SafeFacts &facts, const TestKey &me)
{
    return judgeStanding(item, &facts, me.address(), now).waitsForMe;
}

Statement said(const ExchangeItem &item, const TestKey &who, StatementKind kind)
{
    Statement statement;
    statement.kind = kind;
    statement.chainId = ChainId(testChain);
    statement.safe = testSafe;
    statement.safeTxHash = item.id();
    statement.madeAt = now;
    statement.text = u"The amount is wrong."_s;
    return who.state(statement);
}

ProposalStage stage(const ExchangeItem &item, const SafeFacts &facts, const TestKey *me = nullptr)
{
    return judgeStanding(item, &facts, me ? std::optional(me->address()) : std::nullopt, now).stage;
}

} // namespace

class TestProposalStanding final : public QObject {
    Q_OBJECT

private slots:
    void isUnknownBeforeTheChainWasRead()
    {
        QCOMPARE(judgeStanding(item(), nullptr, {}, now).stage, ProposalStage::Unknown);
    }
    void waitsForMeUntilISign()
    {
        QVERIFY(waits(item(), facts(), alice));
        QVERIFY(!waits(item({&alice}), facts(), alice));
        QVERIFY(waits(item({&alice}), facts(), bob));
        QVERIFY(!waits(item({&alice, &carol}), facts(), bob));
    }
    void waitsForOthersWhenIAmNoOwner()
    {
        QVERIFY(!waits(item(), facts(), mallory));
        QCOMPARE(stage(item(), facts(), &mallory), ProposalStage::Proposed);
    }
    void isReadyAtTheThreshold()
    {
        const auto standing
            = judgeStanding(item({&alice, &carol}), std::make_unique<SafeFacts>(facts()).get(), {}, now);
        QCOMPARE(standing.stage, ProposalStage::Ready);
        QCOMPARE(standing.have, 2);
        QCOMPARE(standing.need, 2);
        QVERIFY(standing.owners[0].hasSigned);
        QVERIFY(!standing.owners[1].hasSigned);
    }
    void sealedSignaturesCountOnlyWhereTheyAreOpen()
    {
        const auto all = facts();
        ExchangeItem given = item({&alice});
        Statement sealed = said(given, bob, StatementKind::Note);
        sealed.kind = StatementKind::SealedSignature;
        sealed.text.clear();
        sealed.recipient = carol.address();
        sealed.encryptionKey = keccak256("key");
        sealed.sealed = Bytes(90, 's');
        given.statements.append(bob.state(sealed));
        const auto elsewhere = judgeStanding(given, &all, alice.address(), now);
        QCOMPARE(elsewhere.stage, ProposalStage::Collecting);
        QCOMPARE(elsewhere.have, 1);
        QCOMPARE(elsewhere.sealed, 1);
        QCOMPARE(elsewhere.owners[1].sealedFor, std::optional(carol.address()));
        QVERIFY(!elsewhere.owners[1].hasSigned);
        QVERIFY(elsewhere.reason.contains(u"1 more is sealed"_s));
        QVERIFY2(!waits(given, all, bob), "who gave it sealed is not asked again");
        const auto here = judgeStanding(given, &all, carol.address(), now, {}, {bob.countersign(given.id())});
        QCOMPARE(here.stage, ProposalStage::Ready);
        QCOMPARE(here.have, 2);
        QCOMPARE(here.opened, 1);
        QCOMPARE(here.sealed, 0);
        QVERIFY(here.reason.contains(u"only you can execute"_s));
        // Once it is in the open as well, anyone may.
        given.signatures.append(bob.countersign(given.id()));
        const auto published = judgeStanding(given, &all, carol.address(), now, {}, {bob.countersign(given.id())});
        QCOMPARE(published.have, 2);
        QCOMPARE(published.opened, 0);
        // An owner who was removed counts nowhere, open or sealed.
        SafeFacts later = facts();
        later.state.owners = {alice.address(), carol.address()};
        given.signatures.removeLast();
        const auto removed = judgeStanding(given, &later, carol.address(), now, {}, {bob.countersign(given.id())});
        QCOMPARE(removed.have, 1);
        QCOMPARE(removed.opened, 0);
        QCOMPARE(removed.sealed, 0);
        QCOMPARE(removed.strangers.size(), 1);
    }
    void strangersAreShownButNeverCounted()
    {
        const auto all = facts();
        const auto standing = judgeStanding(item({&alice, &mallory}), &all, {}, now);
        QCOMPARE(standing.stage, ProposalStage::Collecting);
        QCOMPARE(standing.have, 1);
        QCOMPARE(standing.strangers.size(), 1);
    }
    void ownerWhoWasRemovedCountsNoMore()
    {
        auto later = facts();
        later.state.owners = {bob.address(), carol.address()};
        QCOMPARE(stage(item({&alice, &bob}), later), ProposalStage::Collecting);
    }
    void isQueuedWhileEarlierNoncesAreOpen() { QCOMPARE(stage(item({&alice, &bob}), facts(1)), ProposalStage::Queued); }
    void isReplacedWhenItsNonceIsUsedByAnother()
    {
        QCOMPARE(stage(item({&alice, &bob}), facts(3)), ProposalStage::Replaced);
    }
    void isExecutedOrFailedAsTheChainSays()
    {
        auto done = facts(3);
        done.outcomes.insert(item().id(), {true, Hash32(), BlockNumber(7)});
        QCOMPARE(stage(item({&alice, &bob}), done), ProposalStage::Executed);
        done.outcomes.insert(item().id(), {false, Hash32(), BlockNumber(7)});
        QCOMPARE(stage(item({&alice, &bob}), done), ProposalStage::Failed);
    }
    void isInvalidForAnotherSafeOrChain()
    {
        auto other = facts();
        other.state.chainId = ChainId(1);
        QCOMPARE(stage(item(), other), ProposalStage::Invalid);
        other = facts();
        other.state.safe = testRegistry;
        QCOMPARE(stage(item(), other), ProposalStage::Invalid);
    }
    void isInReviewOnceAnOwnerHasSpoken()
    {
        auto heard = item();
        heard.statements = {said(heard, mallory, StatementKind::Note)};
        QCOMPARE(stage(heard, facts()), ProposalStage::Proposed);
        heard.statements = {said(heard, bob, StatementKind::Note)};
        QCOMPARE(stage(heard, facts()), ProposalStage::InReview);
    }
    void isRejectedWhenTheThresholdIsOutOfReach()
    {
        auto refused = item();
        refused.statements
            = {said(refused, bob, StatementKind::Rejection), said(refused, mallory, StatementKind::Rejection)};
        QCOMPARE(stage(refused, facts()), ProposalStage::InReview);
        QVERIFY(!waits(refused, facts(), bob));
        refused.statements.append(said(refused, carol, StatementKind::Rejection));
        QCOMPARE(stage(refused, facts()), ProposalStage::Rejected);
        // Who has signed cannot take it back by saying so.
        refused.signatures = {bob.countersign(refused.id())};
        QCOMPARE(stage(refused, facts()), ProposalStage::Collecting);
    }
    void isWithdrawnByItsProposerOnly()
    {
        auto taken = item({&alice, &bob});
        taken.statements = {said(taken, bob, StatementKind::Withdrawal)};
        QCOMPARE(stage(taken, facts()), ProposalStage::Ready);
        taken.statements = {said(taken, alice, StatementKind::Withdrawal)};
        const auto all = facts();
        const auto standing = judgeStanding(taken, &all, {}, now);
        QCOMPARE(standing.stage, ProposalStage::Rejected);
        QVERIFY2(standing.reason.contains(u"stops it for good"_s), qPrintable(standing.reason));
    }
    void isReplacedWhenItsProposerSaysSo()
    {
        auto old = item({&alice});
        old.replacedBy = keccak256("x");
        QCOMPARE(stage(old, facts()), ProposalStage::Replaced);
    }
    void waitsForItsTime()
    {
        auto draft = testDraft();
        draft.notBefore = now + std::chrono::seconds(1);
        ExchangeItem early{alice.propose(draft), {}};
        early.signatures = {alice.countersign(early.id()), bob.countersign(early.id())};
        QCOMPARE(stage(early, facts()), ProposalStage::Queued);
        draft.notBefore = now;
        early.proposal = alice.propose(draft);
        QCOMPARE(stage(early, facts()), ProposalStage::Ready);
    }
    void waitsForWhatItDependsOn()
    {
        const Hash32 first = keccak256("deployment");
        auto draft = testDraft();
        draft.dependsOn = {first};
        ExchangeItem later{alice.propose(draft), {}};
        later.signatures = {alice.countersign(later.id())};
        const auto all = facts();
        const auto judged = [&](const QHash<Hash32, DependencyStanding> &others) { return judgeStanding(later, &all, {}, now, others); };
        QCOMPARE(judged({{first, {u"Deploy"_s, ProposalStage::Collecting}}}).stage, ProposalStage::Collecting);
        later.signatures.append(bob.countersign(later.id()));
        QCOMPARE(judged({}).stage, ProposalStage::Queued);
        const auto waiting = judged({{first, {u"Deploy"_s, ProposalStage::Executing}}});
        QCOMPARE(waiting.stage, ProposalStage::Queued);
        QVERIFY2(waiting.reason.contains(u"waits for “Deploy” to be executed and verified"_s), qPrintable(waiting.reason));
        QCOMPARE(judged({{first, {u"Deploy"_s, ProposalStage::Executed}}}).stage, ProposalStage::Ready);
        for (const auto lost : {ProposalStage::Failed, ProposalStage::Replaced, ProposalStage::Invalid})
            QCOMPARE(judged({{first, {u"Deploy"_s, lost}}}).stage, ProposalStage::Invalid);
        for (const auto left : {ProposalStage::Rejected, ProposalStage::Expired})
            QCOMPARE(judged({{first, {u"Deploy"_s, left}}}).stage, ProposalStage::Rejected);
    }
    void isExecutingUntilTheChainSpeaks()
    {
        auto sent = facts();
        sent.sent.insert(item().id(), keccak256("transaction"));
        QCOMPARE(stage(item({&alice, &bob}), sent), ProposalStage::Executing);
        sent.state.nonce = Uint256(3);
        sent.outcomes.insert(item().id(), {true, Hash32(), BlockNumber(7)});
        QCOMPARE(stage(item({&alice, &bob}), sent), ProposalStage::Executed);
    }
    void claimCountsOnlyWhenTheChainConfirmsIt()
    {
        auto claimed = item({&alice});
        claimed.claims = {*CollectedSignature::make(
            ChainId(testChain), testSafe, claimed.id(), SafeSignature::approved(bob.address()), now)};
        auto all = facts();
        auto standing = judgeStanding(claimed, &all, {}, now);
        QCOMPARE(standing.have, 1);
        QVERIFY(standing.owners[1].claimsApproval);
        all.confirmed[claimed.id()].insert(bob.address());
        standing = judgeStanding(claimed, &all, {}, now);
        QCOMPARE(standing.have, 2);
        QVERIFY(!standing.owners[1].claimsApproval);
        QCOMPARE(standing.stage, ProposalStage::Ready);
    }
    void reportOfAnotherHashContestsIt()
    {
        auto odd = item({&alice, &bob});
        const auto all = facts();
        odd.statements = {said(odd, mallory, StatementKind::MismatchReport)};
        QVERIFY(!judgeStanding(odd, &all, {}, now).isContested);
        odd.statements = {said(odd, carol, StatementKind::MismatchReport)};
        QVERIFY(judgeStanding(odd, &all, {}, now).isContested);
    }
    void expires()
    {
        auto draft = testDraft();
        draft.expiresAt = now;
        QCOMPARE(stage({alice.propose(draft), {}}, facts(), &bob), ProposalStage::Expired);
        draft.expiresAt = now + std::chrono::seconds(1);
        QCOMPARE(stage({alice.propose(draft), {}}, facts(), &bob), ProposalStage::Proposed);
    }
};

QTEST_GUILESS_MAIN(TestProposalStanding)
#include "tst_proposalstanding.moc"
