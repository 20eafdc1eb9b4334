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
        QCOMPARE(stage(item(), facts(), &alice), ProposalStage::WaitsForMe);
        QCOMPARE(stage(item({&alice}), facts(), &alice), ProposalStage::WaitsForOthers);
        QCOMPARE(stage(item({&alice}), facts(), &bob), ProposalStage::WaitsForMe);
    }
    void waitsForOthersWhenIAmNoOwner()
    {
        QCOMPARE(stage(item(), facts(), &mallory), ProposalStage::WaitsForOthers);
        QCOMPARE(stage(item(), facts()), ProposalStage::WaitsForOthers);
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
    void strangersAreShownButNeverCounted()
    {
        const auto all = facts();
        const auto standing = judgeStanding(item({&alice, &mallory}), &all, {}, now);
        QCOMPARE(standing.stage, ProposalStage::WaitsForOthers);
        QCOMPARE(standing.have, 1);
        QCOMPARE(standing.strangers.size(), 1);
    }
    void ownerWhoWasRemovedCountsNoMore()
    {
        auto later = facts();
        later.state.owners = {bob.address(), carol.address()};
        QCOMPARE(stage(item({&alice, &bob}), later), ProposalStage::WaitsForOthers);
    }
    void isQueuedWhileEarlierNoncesAreOpen() { QCOMPARE(stage(item({&alice, &bob}), facts(1)), ProposalStage::Queued); }
    void isSupersededWhenItsNonceIsUsedByAnother()
    {
        QCOMPARE(stage(item({&alice, &bob}), facts(3)), ProposalStage::Superseded);
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
    void expires()
    {
        auto draft = testDraft();
        draft.expiresAt = now;
        QCOMPARE(stage({alice.propose(draft), {}}, facts(), &bob), ProposalStage::Expired);
        draft.expiresAt = now + std::chrono::seconds(1);
        QCOMPARE(stage({alice.propose(draft), {}}, facts(), &bob), ProposalStage::WaitsForMe);
    }
};

QTEST_GUILESS_MAIN(TestProposalStanding)
#include "tst_proposalstanding.moc"
