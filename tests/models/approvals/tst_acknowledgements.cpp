#include "backend/proposals/exchangelog.h"
#include "backend/proposals/statementflow.h"
#include "models/approvals/acknowledgements.h"
#include "tests/backend/proposals/safechain.h"
#include "tests/backend/proposals/testkey.h"
#include "tests/models/approvals/fakeexchange.h"

#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace countersign;
using namespace countersign::testing;

namespace {

const TestKey alice(1);
const TestKey bob(2);
const TestKey carol(3);

} // namespace

/// Against a chain, because only that knows who the members are.
class TestAcknowledgements final : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_safe = std::make_unique<SafeChain>(
            u"ethereum"_s, QList<Address>{alice.address(), bob.address(), carol.address()}, ChainId(31337));
        const auto settings = m_safe->settings();
        QVERIFY2(settings, "the chain of the test does not stand");
        m_environment.chains = {*settings};
        m_environment.holders = {{u"alice"_s, alice.address(), {}}, {u"bob"_s, bob.address(), {}}};
    }
    void cleanupTestCase() { m_safe.reset(); }

    void whoHasSeenAllIsSaidAndWhoHasNot()
    {
        FakeExchange exchange;
        ManualClock clock;
        ProposalBoard board(m_environment, exchange, clock);
        Acknowledgements seen(m_environment, board, exchange);
        QSignalSpy changed(&seen, &Acknowledgements::changed);
        const ChainSettings &chain = m_environment.chains.first();
        ProposalDraft draft = testDraft();
        draft.chainId = chain.chainId;
        draft.safe = *chain.safe;
        const Proposal proposal = alice.propose(draft);
        exchange.hold({proposal});
        QTRY_COMPARE(seen.states().size(), 1);
        QVERIFY(!changed.isEmpty());
        QVERIFY(!seen.find(ChainId(7), *chain.safe));
        const AcknowledgementState *state = seen.find(chain.chainId, *chain.safe);
        QVERIFY(state);
        // Alice wrote all there is; carol is in no address book.
        QCOMPARE(state->acknowledged, QStringList{u"alice"_s});
        QCOMPARE(state->open, (QStringList{u"bob"_s, carol.address().toString()}));
        QCOMPARE(state->heads, (QList<LaneHead>{{alice.address(), 1, proposal.envelopeDigest()}}));
        QVERIFY2(state->summary().startsWith(u"1 of 3 members have acknowledged head "_s), qPrintable(state->summary()));
        QVERIFY(state->detail().contains(u"bob"_s));
        const QString head = state->head;

        const QList<LaneHead> heads = state->heads;
        const Statement byBob = bob.state(draftAcknowledgement(chain.chainId, *chain.safe, heads));
        const Statement byCarol = carol.state(draftAcknowledgement(chain.chainId, *chain.safe, heads));
        exchange.hold({proposal, byBob});
        QTRY_COMPARE(seen.states().first().acknowledged.size(), 2);
        exchange.hold({proposal, byBob, byCarol});
        QTRY_VERIFY(seen.states().first().isComplete());
        QCOMPARE(seen.states().first().head, head);
        QCOMPARE(seen.states().first().heads.size(), 3);
        changed.clear();
        const QSignalSpy looked(&board, &ProposalBoard::changed);
        board.setHolder(bob.address());
        QVERIFY(!looked.isEmpty());
        QVERIFY2(changed.isEmpty(), "nothing has changed");
    }

private:
    std::unique_ptr<SafeChain> m_safe;
    Environment m_environment;
};

QTEST_GUILESS_MAIN(TestAcknowledgements)
#include "tst_acknowledgements.moc"
