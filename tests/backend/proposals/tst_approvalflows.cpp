#include "backend/evm/chainclient.h"
#include "backend/proposals/exchangelog.h"
#include "backend/proposals/execution/executionquote.h"
#include "backend/proposals/incidents.h"
#include "backend/proposals/policypastreading.h"
#include "backend/proposals/proposalboard.h"
#include "backend/records/recordfile.h"
#include "backend/records/recordonchain.h"
#include "backend/records/recordverification.h"
#include "backend/review/contextreading.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/safe/safecalls.h"
#include "backend/types/devicetext.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/approvalestate.h"

#include <sqlite3.h>

#include <QCoroTask>
#include <QDir>
#include <QFile>
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
    void wronglyTypedHashIsAnIncidentWithARecord();
    void unfinishedComparisonIsNoIncident();
    void incidentClosesTheProposalUntilAPersonHasLookedIntoIt();
    void approvalIsKeptAndVerifies();
    void keyThatWantsThePinEachTimeIsAskedOnce();
    void executionIsKeptAndVerifies();
    void mismatchIsReportedToTheOthers();
    void aReportedMismatchIsKeptAsARecord();
    void mismatchThatNobodySignsStaysAtThisConsole();
    void rejectionNoteAndWithdrawalAreSaid();
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
        flow.start(item(proposal->safeTxHash()), proposal->safeTxHash(), typed(proposal->safeTxHash()), secret("1234"));
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

    const auto approve = [this, &proposal](const Address &owner) {
        rpc(u"anvil_impersonateAccount"_s, {owner.toString()});
        rpc(u"anvil_setBalance"_s, {owner.toString(), u"0xde0b6b3a7640000"_s});
        const QJsonObject approval{{u"from"_s, owner.toString()}, {u"to"_s, proposal->safe.toString()},
            {u"data"_s, toHex(encodeApproveHash(proposal->safeTxHash()))}};
        const bool isSent = rpc(u"eth_sendTransaction"_s, {approval}).isString();
        rpc(u"anvil_mine"_s);
        rpc(u"anvil_stopImpersonatingAccount"_s, {owner.toString()});
        return isSent;
    };
    // What the policy and the signers' list call signed is no more than that.
    const auto reviewed
        = [this, &proposal] { return QCoro::waitFor(m_reader->review(item(proposal->safeTxHash()), {}, {}, {})); };
    const auto before = reviewed();
    VERIFY_RESULT(before);
    QCOMPARE(before->signaturesByOwners(), 0);
    QVERIFY(approve(bob));
    board.refresh();
    QTRY_COMPARE(board.entries().first().standing.have, 1);
    QCOMPARE(board.entries().first().standing.stage, ProposalStage::Collecting);
    QVERIFY(std::ranges::find(board.entries().first().standing.owners, bob, &OwnerStanding::owner)->hasSigned);

    // One that nobody claims counts as well, and both execute.
    QVERIFY(approve(holder(u"carol"_s).address));
    board.refresh();
    QTRY_COMPARE(board.entries().first().standing.stage, ProposalStage::Ready);
    const auto after = reviewed();
    VERIFY_RESULT(after);
    QCOMPARE(after->signaturesByOwners(), 2);
    QCOMPARE(std::ranges::count(after->signers, true, &ReviewSigner::isApprovedOnChain), 2);
    VERIFY_RESULT(QCoro::waitFor(quoteExecution(m_environment, item(proposal->safeTxHash()), holder(u"carol"_s).address)));
    VERIFY_RESULT(execute(u"carol"_s, proposal->safeTxHash()));
    board.refresh();
    QTRY_COMPARE(board.entries().first().standing.stage, ProposalStage::Executed);
}

namespace {

/// Points that failed, as lines.
QString failures(const QList<RecordPoint> &points)
{
    QStringList lines;
    for (const RecordPoint &point : points) {
        if (point.outcome == RecordPoint::Outcome::Failed)
            lines.append(u"%1: %2"_s.arg(point.id, point.detail));
    }
    return lines.join(u'\n');
}

RecordPoint::Outcome outcomeOf(const QList<RecordPoint> &points, QStringView id)
{
    const auto found = std::ranges::find(points, id, &RecordPoint::id);
    return found == points.end() ? RecordPoint::Outcome::NotChecked : found->outcome;
}

Result<RecordFile> readRecord(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::Unavailable, file.errorString());
    return approvalRecordFromJson(file.readAll());
}

} // namespace

void TestApprovalFlows::wronglyTypedHashIsAnIncidentWithARecord()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    const Hash32 id = proposal->safeTxHash();
    m_hsm.inject(u"r"); // the token is not asked
    const auto refused = sign(u"bob"_s, id, DeviceComparison::of(ComparedHash::SafeTx, u"0000"_s, u"0000"_s));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Conflict);
    const QString told = refused.error().message + refused.error().detail;
    QVERIFY2(!told.contains(id.toString().sliced(2, 4), Qt::CaseInsensitive), qPrintable(told));
    QCOMPARE(count(JournalKind::Incident), 1);
    QVERIFY(item(id).signatures.isEmpty());
    QVERIFY(m_record);
    QCOMPARE(m_record->act, RecordedAct::Refused);
    const auto file = readRecord(m_recordPath);
    VERIFY_RESULT(file);
    const auto points = verifyRecord(*file, {});
    QVERIFY2(!hasFailed(points), qPrintable(failures(points)));
    QVERIFY(rows().last().evidence.contains(m_record->contentHash().toString().toLatin1()));
}

void TestApprovalFlows::unfinishedComparisonIsNoIncident()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    const Hash32 id = proposal->safeTxHash();
    const auto refused = sign(u"bob"_s, id, DeviceComparison());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Invalid);
    QCOMPARE(count(JournalKind::Incident), 0);
    VERIFY_RESULT(sign(u"bob"_s, id));
}

void TestApprovalFlows::incidentClosesTheProposalUntilAPersonHasLookedIntoIt()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    const Hash32 id = proposal->safeTxHash();
    m_hsm.inject(u"k");
    const auto incident = sign(u"bob"_s, id);
    QVERIFY(!incident);
    QCOMPARE(incident.error().kind, ErrorKind::Rejected);
    m_hsm.inject(u"");

    startJournal(); // as after a restart
    QTRY_COMPARE(m_journal->status().state, JournalStatus::State::Ready);
    const auto open = QCoro::waitFor(openIncidents(*m_journal, id));
    VERIFY_RESULT(open);
    QCOMPARE(open->size(), 1);
    const auto refused = sign(u"bob"_s, id);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Rejected);
    QVERIFY2(refused.error().detail.contains(open->first().text), qPrintable(refused.error().detail));
    QCOMPARE(count(JournalKind::Signature), 0);

    const auto silent = QCoro::waitFor(acknowledgeIncidents(*m_journal, u"bob"_s, id, u"  "_s));
    QVERIFY(!silent);
    QCOMPARE(silent.error().kind, ErrorKind::Invalid);
    VERIFY_RESULT(QCoro::waitFor(acknowledgeIncidents(
        *m_journal, u"bob"_s, id, u"The vendor confirmed a fault of the token; it was replaced."_s)));
    VERIFY_RESULT(sign(u"bob"_s, id));
    const auto none = QCoro::waitFor(acknowledgeIncidents(*m_journal, u"bob"_s, id, u"Again."_s));
    QVERIFY(!none);
    QCOMPARE(none.error().kind, ErrorKind::NotFound);
}

void TestApprovalFlows::approvalIsKeptAndVerifies()
{
    m_environment.chains[0].rpc.append(m_environment.chains[0].rpc[0]);
    m_reader = std::make_unique<ReviewReader>(m_environment, m_clock);
    const auto policy = Policy::load(QStringLiteral(COUNTERSIGN_ROOT "/resources/policy/default.yaml"));
    VERIFY_RESULT(policy);
    m_reader->setPolicy(*policy);
    m_reader->setPast([this](ReviewSubject subject, ReviewActor actor) {
        return readPolicyPast(*m_exchange, *m_sightings, *m_journal, m_environment, std::move(subject), actor);
    });
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    const Hash32 id = proposal->safeTxHash();
    VERIFY_RESULT(sign(u"bob"_s, id));
    QVERIFY(m_record);
    QCOMPARE(m_record->address.toString(), holder(u"bob"_s).address.toString());
    QVERIFY2(m_record->recordSignature, qPrintable(m_record->unsignedBecause));
    const auto file = readRecord(m_recordPath);
    VERIFY_RESULT(file);
    QVERIFY(file->isCanonical);
    QCOMPARE(file->record.contentHash().toString(), m_record->contentHash().toString());
    QCOMPARE(file->record.review.basis.nodes.size(), 2);
    const auto points = verifyRecord(*file, {&*policy, &m_environment});
    QVERIFY2(!hasFailed(points), qPrintable(failures(points)));
    for (const QStringView point :
        {u"record.signature", u"signature", u"calls", u"arguments", u"comparison", u"policy"})
        QVERIFY2(outcomeOf(points, point) == RecordPoint::Outcome::Ok, qPrintable(point.toString()));
    QVERIFY(rows().last().evidence.contains(m_record->contentHash().toString().toLatin1()));

    JsonRpcClient node(m_environment.chains.first().rpc.first());
    ChainClient chain(node);
    const auto onChain = QCoro::waitFor(verifyRecordOnChain(chain, file->record));
    QCOMPARE(onChain.size(), 2);
    QVERIFY2(!hasFailed(onChain), qPrintable(failures(onChain)));
    QCOMPARE(outcomeOf(onChain, u"chain.safe"), RecordPoint::Outcome::Ok);
    ApprovalRecord elsewhere = file->record;
    elsewhere.review.blockHash = id;
    QCOMPARE(
        outcomeOf(QCoro::waitFor(verifyRecordOnChain(chain, elsewhere)), u"chain.block"), RecordPoint::Outcome::Failed);
    elsewhere = file->record;
    elsewhere.review.signers.removeLast();
    QCOMPARE(
        outcomeOf(QCoro::waitFor(verifyRecordOnChain(chain, elsewhere)), u"chain.safe"), RecordPoint::Outcome::Failed);
}

void TestApprovalFlows::keyThatWantsThePinEachTimeIsAskedOnce()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    VERIFY_RESULT(sign(u"carol"_s, proposal->safeTxHash()));
    QVERIFY(m_record);
    QVERIFY(m_record->key.alwaysAuthenticate);
    QVERIFY(!m_record->recordSignature);
    QVERIFY2(m_record->unsignedBecause.contains(u"PIN"_s), qPrintable(m_record->unsignedBecause));
    QCOMPARE(count(JournalKind::Incident), 0);
    const auto file = readRecord(m_recordPath);
    VERIFY_RESULT(file);
    const auto points = verifyRecord(*file, {});
    QVERIFY2(!hasFailed(points), qPrintable(failures(points)));
    QCOMPARE(outcomeOf(points, u"record.signature"), RecordPoint::Outcome::NotChecked);
}

void TestApprovalFlows::executionIsKeptAndVerifies()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    const Hash32 id = proposal->safeTxHash();
    VERIFY_RESULT(sign(u"alice"_s, id));
    VERIFY_RESULT(sign(u"bob"_s, id));
    const auto report = execute(u"carol"_s, id);
    VERIFY_RESULT(report);
    QVERIFY(m_record);
    QCOMPARE(m_record->act, RecordedAct::Executed);
    QVERIFY(m_record->execution == *report);
    const auto file = readRecord(m_recordPath);
    VERIFY_RESULT(file);
    const auto points = verifyRecord(*file, {});
    QVERIFY2(!hasFailed(points), qPrintable(failures(points)));
    JsonRpcClient node(m_environment.chains.first().rpc.first());
    ChainClient chain(node);
    const auto onChain = QCoro::waitFor(verifyRecordOnChain(chain, file->record));
    QCOMPARE(onChain.size(), 3);
    QVERIFY2(!hasFailed(onChain), qPrintable(failures(onChain)));
    QCOMPARE(outcomeOf(onChain, u"chain.execution"), RecordPoint::Outcome::Ok);
    QCOMPARE(QDir(records().path()).entryList(QDir::Files).size(), 3);
}

void TestApprovalFlows::mismatchIsReportedToTheOthers()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    const Hash32 id = proposal->safeTxHash();
    const QString shown = deviceText(keccak256("what an attacker wants signed"));
    const auto comparison = DeviceComparison::mismatch(shown);
    const auto refused = sign(u"bob"_s, id, comparison, {});
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Conflict);
    const auto said = say(u"bob"_s, draftMismatchReport(*proposal, comparison, u"On my second device too."_s));
    VERIFY_RESULT(said);
    QVERIFY(said->isPublished);
    QTRY_COMPARE(item(id).statements.size(), 1);
    const Statement seen = item(id).statements.first();
    QCOMPARE(seen.kind, StatementKind::MismatchReport);
    QCOMPARE(seen.author.toString(), holder(u"bob"_s).address.toString());
    QCOMPARE(deviceText(seen.shownHash), shown);
    QCOMPARE(QCoro::waitFor(openIncidents(*m_journal, id)).value().size(), 2);
    // Nor may it be executed from here before somebody has looked into it.
    const auto executed = execute(u"carol"_s, id);
    QVERIFY(!executed);
    QVERIFY2(executed.error().message.contains(u"incident"_s), qPrintable(executed.error().message));
}

void TestApprovalFlows::aReportedMismatchIsKeptAsARecord()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    const Hash32 id = proposal->safeTxHash();
    const auto comparison = DeviceComparison::mismatch(u"DEAD BEEF"_s);
    const auto review = QCoro::waitFor(m_reader->review(item(id), {}));
    VERIFY_RESULT(review);
    StatementFlow flow(*m_exchange, *m_journal, nullptr, m_clock, u"bob"_s);
    flow.setShown(item(id), *review, comparison, holder(u"bob"_s).address);
    std::optional<Result<StatementOutcome>> finished;
    connect(&flow, &StatementFlow::finished, this, [&finished](const auto &result) { finished = result; });
    flow.start(draftMismatchReport(*proposal, comparison, {}), std::nullopt);
    QTRY_VERIFY(finished);
    const Result<StatementOutcome> &said = *finished;
    VERIFY_RESULT(said);
    QVERIFY(!said->record.isZero());
    QFile file(records().path() + u'/' + RecordFolder::fileName(said->record));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto read = approvalRecordFromJson(file.readAll());
    VERIFY_RESULT(read);
    QCOMPARE(read->record.act, RecordedAct::Refused);
    QCOMPARE(read->record.comparison->shownByDevice, u"DEAD BEEF"_s);
    const auto points = verifyRecord(*read, {nullptr, &m_environment});
    QVERIFY(!hasFailed(points));
    QVERIFY(std::ranges::find(points, u"incident"_s, &RecordPoint::id) != points.end());
    const auto open = QCoro::waitFor(openIncidents(*m_journal, id));
    VERIFY_RESULT(open);
    QCOMPARE(open->size(), 1);
}

void TestApprovalFlows::mismatchThatNobodySignsStaysAtThisConsole()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    const Hash32 id = proposal->safeTxHash();
    const Statement report = draftMismatchReport(*proposal, DeviceComparison::mismatch(u"dead beef"_s), {});
    const auto local = say(u"bob"_s, report, std::nullopt);
    VERIFY_RESULT(local);
    QVERIFY(!local->isPublished);
    QCOMPARE(count(JournalKind::Incident), 1);
    const auto denied = say(u"bob"_s, report, "9999");
    QVERIFY(!denied);
    QCOMPARE(denied.error().kind, ErrorKind::Denied);
    QVERIFY2(denied.error().message.contains(u"recorded"_s), qPrintable(denied.error().message));
    QCOMPARE(QCoro::waitFor(openIncidents(*m_journal, id)).value().size(), 2);
    QVERIFY(item(id).statements.isEmpty());
}

void TestApprovalFlows::rejectionNoteAndWithdrawalAreSaid()
{
    const auto proposal = propose(u"alice"_s, draft());
    VERIFY_RESULT(proposal);
    const Hash32 id = proposal->safeTxHash();
    VERIFY_RESULT(say(u"bob"_s, draftStatement(StatementKind::Note, *proposal, u"Which ticket is this?"_s)));
    VERIFY_RESULT(say(u"bob"_s, draftStatement(StatementKind::Rejection, *proposal, u"The key is still in use."_s)));
    VERIFY_RESULT(say(u"alice"_s, draftStatement(StatementKind::Withdrawal, *proposal, u"Bob is right."_s)));
    QTRY_COMPARE(item(id).statements.size(), 3);
    const Statement acknowledgement = draftAcknowledgement(proposal->chainId, proposal->safe,
        headsToAcknowledge(ExchangeLog(*m_exchange->snapshot().set), proposal->chainId, proposal->safe));
    const auto acknowledged = say(u"carol"_s, acknowledgement);
    VERIFY_RESULT(acknowledged);
    QVERIFY(!acknowledged->statement.heads.isEmpty());
    const auto mute
        = say(u"bob"_s, draftStatement(StatementKind::Note, *proposal, u"Nobody signs this."_s), std::nullopt);
    QVERIFY(!mute);
    QCOMPARE(mute.error().kind, ErrorKind::Invalid);
    QCOMPARE(count(JournalKind::Operation), 4);
}

QTEST_GUILESS_MAIN(TestApprovalFlows)
#include "tst_approvalflows.moc"
