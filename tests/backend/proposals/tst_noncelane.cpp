#include "backend/proposals/noncelane.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/member.h"

#include <QTest>

using namespace countersign;

namespace {

const Timestamp now = Timestamp::fromSeconds(1'700'000'500);

ExchangeSnapshot snapshotWith(const QList<ExchangeEntry> &entries)
{
    auto set = std::make_shared<ExchangeSet>();
    for (const ExchangeEntry &entry : entries)
        set->add(entry);
    return snapshotOf(set);
}

SafeFacts factsAt(quint64 nonce)
{
    SafeFacts facts;
    facts.state.safe = testSafe;
    facts.state.chainId = ChainId(testChain);
    facts.state.owners = {TestKey(1).address(), TestKey(2).address(), TestKey(3).address()};
    facts.state.threshold = Uint256(2);
    facts.state.nonce = Uint256(nonce);
    return facts;
}

} // namespace

class TestNonceLane final : public QObject {
    Q_OBJECT

private slots:
    void showsRivalsGapsAndWhoSignedWhat()
    {
        Member alice(1);
        Member bob(2);
        Member mallory(4);
        const Proposal used = alice.propose(testDraft(1));
        const Proposal two = alice.propose(testDraft(2));
        auto rivalDraft = testDraft(2);
        rivalDraft.transaction.value = Uint256(1);
        const Proposal rival = bob.propose(rivalDraft);
        const Proposal five = mallory.propose(testDraft(5));
        const auto snapshot = snapshotWith({used, two, rival, five, bob.sign(two), bob.sign(rival), mallory.sign(two)});
        const NonceLane lane = NonceLane::of(snapshot, factsAt(2), now);
        QVERIFY(lane.current == Uint256(2));
        QCOMPARE(lane.nonces.size(), 2);
        QCOMPARE(lane.nonces[0].proposals.size(), 2);
        QVERIFY(lane.nonces[0].isOpen);
        QCOMPARE(lane.nonces[0].signedBy.size(), size_t(1)); // a stranger's signature is none
        QCOMPARE(lane.nonces[0].signedBy.at(bob.address()).size(), 2);
        QVERIFY((lane.gaps == QList<NonceGap>{{Uint256(3), Uint256(4)}}));
        QVERIFY(lane.nextFree == Uint256(3));
        QCOMPARE(rivals(snapshot, ChainId(testChain), testSafe, Uint256(2)).size(), 2);
        QCOMPARE(rivalsOf(snapshot, *snapshot.find(two.safeTxHash())).size(), 1);
        QVERIFY(rivals(snapshot, ChainId(1), testSafe, Uint256(2)).isEmpty());
    }
    void strangersAndDeadProposalsTakeNoNonce()
    {
        Member alice(1);
        Member mallory(4);
        const Proposal two = alice.propose(testDraft(2));
        const auto snapshot = snapshotWith(
            {two, alice.say(StatementKind::Withdrawal, two.safeTxHash()), mallory.propose(testDraft(3))});
        const NonceLane lane = NonceLane::of(snapshot, factsAt(2), now);
        QVERIFY(lane.nextFree == Uint256(2));
        QVERIFY(!lane.nonces[0].isOpen);
        QVERIFY(lane.nonces[1].isOpen);
        QVERIFY(lane.gaps.isEmpty());
    }
    void lastNonceOfAllOverflowsNothing()
    {
        Member alice(1);
        auto draft = testDraft();
        draft.transaction.nonce = Uint256::max();
        auto facts = factsAt(2);
        const auto snapshot = snapshotWith({alice.propose(draft)});
        QCOMPARE(NonceLane::of(snapshot, facts, now).gaps.size(), 1);
        facts.state.nonce = Uint256::max();
        QVERIFY(NonceLane::of(snapshot, facts, now).nextFree == Uint256());
    }
};

QTEST_GUILESS_MAIN(TestNonceLane)
#include "tst_noncelane.moc"
