#include "backend/proposals/proposalboard.h"
#include "backend/review/contextreading.h"
#include "backend/safe/safecalls.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/approvalestate.h"

#include <sqlite3.h>

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

/// The approval of a revocation, for real: keys in tokens, a Safe and a registry on a chain, files in a folder, rows in
/// a journal.
class TestApprovalFlows final : public ApprovalEstate {
    Q_OBJECT

private slots:
    void keyIsRevokedByTwoHolders();
    void wrongPinIsDeniedRecordedAndNothingIsPublished();
    void tokenThatGoesAwayWhileItSignsIsAnIncident();
    void signatureByAnotherKeyNeverLeaves();
    void flippedBitInASignatureNeverLeaves();
    void holderWhoIsNoOwnerIsRefusedBeforeTheTokenIsAsked();
    void staleNonceIsRefused();
    void gapOfNoncesMayBeSignedButNotExecuted();
    void endpointOfAnotherChainIsRefused();
    void silentEndpointLeavesNothingSigned();
    void secondEndpointMustAnswer();
    void hashThatWasNotComparedIsNotSigned();
    void brokenJournalStopsSigning();
    void oneSignatureDoesNotExecute();
    void executorWithoutMoneyIsTold();
    void flowThatIsGivenUpEndsQuietly();
    void claimedApprovalCountsOnceTheChainConfirmsIt();
};

// Evaluates its argument once: a flow that is run twice is another test.
#define VERIFY_RESULT(expression)                                                                                      \
    do {                                                                                                               \
        const auto &verified = (expression);                                                                           \
        QVERIFY2(verified,                                                                                             \
            qPrintable(verified ? QString() : verified.error().message + u" | "_s + verified.error().detail));         \
    } while (false)

void TestApprovalFlows::keyIsRevokedByTwoHolders()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    QCOMPARE(proposal->proposer.toString(), holder(u"alice"_s).address.toString());
    const Hash32 id = proposal->safeTxHash();
    ProposalBoard board(m_environment, *m_exchange, m_clock);
    board.setHolder(holder(u"bob"_s).address);
    board.refresh();
    QTRY_COMPARE(board.entries().size(), 1);
    QTRY_COMPARE(board.entries().first().standing.stage, ProposalStage::Proposed);
    QVERIFY(board.entries().first().standing.waitsForMe);

    VERIFY_RESULT(sign(u"alice"_s, id));
    VERIFY_RESULT(sign(u"bob"_s, id));
    QTRY_COMPARE(board.entries().first().standing.stage, ProposalStage::Ready);
    const auto again = sign(u"bob"_s, id);
    QVERIFY(!again);
    QCOMPARE(again.error().kind, ErrorKind::Conflict);

    QCOMPARE(registryKey().toString(), m_environment.parties.first().key->toString());
    const auto report = execute(u"carol"_s, id);
    VERIFY_RESULT(report);
    QVERIFY(report->isAsPromised);
    QVERIFY(registryKey().isZero());
    const auto effect = std::ranges::find(
        report->effects, registryKeyVariable(m_environment.parties.first().partyId), &Effect::variable);
    QVERIFY(effect != report->effects.end());
    QCOMPARE(effect->after, u"none"_s);

    board.refresh();
    QTRY_COMPARE(board.entries().first().standing.stage, ProposalStage::Executed);
    QCOMPARE(board.entries().first().standing.outcome->transactionHash.toString(), report->transactionHash.toString());

    // The story as the journal tells it, whole and in order.
    QList<JournalKind> kinds;
    for (const JournalRow &row : rows())
        kinds.append(row.kind);
    const QList<JournalKind> expected{JournalKind::Journal, JournalKind::Proposal, JournalKind::Review,
        JournalKind::Signature, JournalKind::Review, JournalKind::Signature, JournalKind::Execution,
        JournalKind::Execution, JournalKind::Execution, JournalKind::Effect};
    QCOMPARE(kinds, expected);
    auto verification = m_journal->verify();
    QTRY_VERIFY(verification.isFinished());
    QVERIFY(verification.result().ok);

    const auto twice = execute(u"carol"_s, id);
    QVERIFY(!twice);
    QCOMPARE(twice.error().kind, ErrorKind::Rejected);
}

void TestApprovalFlows::wrongPinIsDeniedRecordedAndNothingIsPublished()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    const auto refused = sign(u"bob"_s, proposal->safeTxHash(), "9999");
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Denied);
    QVERIFY2(refused.error().message.contains(u"PIN"_s), qPrintable(refused.error().message));
    QCOMPARE(count(JournalKind::Incident), 1);
    QCOMPARE(count(JournalKind::Signature), 0);
    QVERIFY(item(proposal->safeTxHash()).signatures.isEmpty());
    VERIFY_RESULT(sign(u"bob"_s, proposal->safeTxHash()));
}

void TestApprovalFlows::tokenThatGoesAwayWhileItSignsIsAnIncident()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    m_hsm.inject(u"m");
    const auto refused = sign(u"bob"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Unavailable);
    QCOMPARE(count(JournalKind::Incident), 1);
    QVERIFY(item(proposal->safeTxHash()).signatures.isEmpty());
    m_hsm.inject(u"");
    VERIFY_RESULT(sign(u"bob"_s, proposal->safeTxHash()));
}

void TestApprovalFlows::signatureByAnotherKeyNeverLeaves()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    m_hsm.inject(u"k");
    const auto refused = sign(u"bob"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Rejected);
    QCOMPARE(count(JournalKind::Incident), 1);
    QVERIFY(item(proposal->safeTxHash()).signatures.isEmpty());
}

void TestApprovalFlows::flippedBitInASignatureNeverLeaves()
{
    m_hsm.inject(u"b");
    const auto refused = propose(u"alice"_s, draft());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Rejected);
    QCOMPARE(count(JournalKind::Incident), 1);
    QVERIFY(m_exchange->snapshot().items.isEmpty());
}

void TestApprovalFlows::holderWhoIsNoOwnerIsRefusedBeforeTheTokenIsAsked()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    m_hsm.inject(u"r"); // were the token asked, it would not be there
    const auto refused = sign(u"mallory"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Rejected);
    QVERIFY2(refused.error().message.contains(u"no owner"_s), qPrintable(refused.error().message));
    QCOMPARE(count(JournalKind::Incident), 0);
}

void TestApprovalFlows::staleNonceIsRefused()
{
    const auto proposal = propose(u"alice"_s, draft(1));
    VERIFY_RESULT(proposal);
    const auto refused = sign(u"bob"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Rejected);
    QVERIFY2(refused.error().detail.contains(u"nonce.used"_s), qPrintable(refused.error().detail));
    ProposalBoard board(m_environment, *m_exchange, m_clock);
    board.refresh();
    QTRY_VERIFY(!board.entries().isEmpty() && board.entries().first().standing.stage == ProposalStage::Replaced);
}

void TestApprovalFlows::gapOfNoncesMayBeSignedButNotExecuted()
{
    const auto proposal = propose(u"alice"_s, draft(3));
    VERIFY_RESULT(proposal);
    VERIFY_RESULT(sign(u"alice"_s, proposal->safeTxHash()));
    VERIFY_RESULT(sign(u"bob"_s, proposal->safeTxHash()));
    const auto refused = execute(u"carol"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Rejected);
    QVERIFY2(refused.error().message.contains(u"nonce"_s), qPrintable(refused.error().message));
}

void TestApprovalFlows::endpointOfAnotherChainIsRefused()
{
    m_environment.chains[0].chainId = ChainId(1);
    m_reader = std::make_unique<ReviewReader>(m_environment, m_clock);
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    const auto refused = sign(u"bob"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Rejected);
    QVERIFY2(refused.error().detail.contains(u"chain.mismatch"_s), qPrintable(refused.error().detail));
}

void TestApprovalFlows::silentEndpointLeavesNothingSigned()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    m_environment.chains[0].rpc = {QUrl(u"http://127.0.0.1:1"_s)};
    m_reader = std::make_unique<ReviewReader>(m_environment, m_clock);
    const auto refused = sign(u"bob"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Unavailable);
    QVERIFY2(refused.error().message.contains(u"ethereum"_s), qPrintable(refused.error().message));
    QVERIFY(item(proposal->safeTxHash()).signatures.isEmpty());
    ProposalBoard board(m_environment, *m_exchange, m_clock);
    board.refresh();
    QTRY_VERIFY(board.problem(m_environment.chains.first().chainId));
}

void TestApprovalFlows::secondEndpointMustAnswer()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    m_environment.chains[0].rpc.append(QUrl(u"http://127.0.0.1:1"_s));
    m_reader = std::make_unique<ReviewReader>(m_environment, m_clock);
    const auto refused = sign(u"bob"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QVERIFY2(refused.error().detail.contains(u"endpoint.silent"_s), qPrintable(refused.error().detail));
    m_environment.chains[0].rpc[1] = m_environment.chains[0].rpc[0];
    m_reader = std::make_unique<ReviewReader>(m_environment, m_clock);
    VERIFY_RESULT(sign(u"bob"_s, proposal->safeTxHash()));
}

void TestApprovalFlows::hashThatWasNotComparedIsNotSigned()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    const auto refused = sign(u"bob"_s, proposal->safeTxHash(), "1234", Hash32());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Conflict);
    QCOMPARE(count(JournalKind::Incident), 1);
    QVERIFY(item(proposal->safeTxHash()).signatures.isEmpty());
}

void TestApprovalFlows::brokenJournalStopsSigning()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    sqlite3 *database = nullptr;
    QCOMPARE(sqlite3_open(QFile::encodeName(m_journal->path()).constData(), &database), SQLITE_OK);
    QCOMPARE(sqlite3_exec(database, "DROP TRIGGER entries_no_update; UPDATE entries SET text = 'nothing' WHERE id = 2",
                 nullptr, nullptr, nullptr),
        SQLITE_OK);
    sqlite3_close(database);
    auto verification = m_journal->verify();
    QTRY_COMPARE(m_journal->status().state, JournalStatus::State::Broken);
    QCOMPARE(verification.result().firstBadRow, 2);
    const auto refused = sign(u"bob"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Corrupt);
    QVERIFY2(refused.error().message.contains(u"journal"_s), qPrintable(refused.error().message));
    QVERIFY(item(proposal->safeTxHash()).signatures.isEmpty());
}

void TestApprovalFlows::oneSignatureDoesNotExecute()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    VERIFY_RESULT(sign(u"alice"_s, proposal->safeTxHash()));
    const auto refused = execute(u"alice"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Rejected);
    QVERIFY2(refused.error().message.contains(u"1 of 2 signatures"_s), qPrintable(refused.error().message));
    QVERIFY(!registryKey().isZero());
}

void TestApprovalFlows::executorWithoutMoneyIsTold()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    VERIFY_RESULT(sign(u"alice"_s, proposal->safeTxHash()));
    VERIFY_RESULT(sign(u"bob"_s, proposal->safeTxHash()));
    const auto refused = execute(u"mallory"_s, proposal->safeTxHash());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Exhausted);
    QVERIFY2(refused.error().message.contains(u"cannot pay"_s), qPrintable(refused.error().message));
}

void TestApprovalFlows::flowThatIsGivenUpEndsQuietly()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    {
        SigningFlow flow(*m_reader, *m_exchange, *m_journal, *holder(u"bob"_s).signer, m_clock, u"bob"_s);
        flow.start(item(proposal->safeTxHash()), proposal->safeTxHash(), secret("1234"));
    }
    // What it had begun ends without touching what is gone; the next try works.
    VERIFY_RESULT(sign(u"bob"_s, proposal->safeTxHash()));
}

void TestApprovalFlows::claimedApprovalCountsOnceTheChainConfirmsIt()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    const Address bob = holder(u"bob"_s).address;
    // Anybody could have written these: one is true later, the other never.
    for (const SafeSignature &signature :
        {SafeSignature::approved(bob), SafeSignature::contract(holder(u"alice"_s).address, "no contract")}) {
        const auto claim = CollectedSignature::make(
            proposal->chainId, proposal->safe, proposal->safeTxHash(), signature, m_clock.now());
        VERIFY_RESULT(claim);
        auto publishing = m_exchange->publish(*claim);
        QTRY_VERIFY(publishing.isFinished());
        VERIFY_RESULT(publishing.result());
    }
    ProposalBoard board(m_environment, *m_exchange, m_clock);
    board.refresh();
    QTRY_VERIFY(!board.entries().isEmpty() && board.entries().first().item.claims.size() == 2);
    QTRY_COMPARE(board.entries().first().standing.stage, ProposalStage::Proposed);
    QCOMPARE(board.entries().first().standing.have, 0);
    QVERIFY(std::ranges::find(board.entries().first().standing.owners, bob, &OwnerStanding::owner)->claimsApproval);

    rpc(u"anvil_impersonateAccount"_s, {bob.toString()});
    rpc(u"anvil_setBalance"_s, {bob.toString(), u"0xde0b6b3a7640000"_s});
    const QJsonObject approval{{u"from"_s, bob.toString()}, {u"to"_s, proposal->safe.toString()},
        {u"data"_s, toHex(encodeApproveHash(proposal->safeTxHash()))}};
    QVERIFY(rpc(u"eth_sendTransaction"_s, {approval}).isString());
    rpc(u"anvil_mine"_s);
    rpc(u"anvil_stopImpersonatingAccount"_s, {bob.toString()});
    board.refresh();
    QTRY_COMPARE(board.entries().first().standing.have, 1);
    QCOMPARE(board.entries().first().standing.stage, ProposalStage::Collecting);
    QVERIFY(std::ranges::find(board.entries().first().standing.owners, bob, &OwnerStanding::owner)->hasSigned);
}

QTEST_GUILESS_MAIN(TestApprovalFlows)
#include "tst_approvalflows.moc"
