#include "ledgerfixture.h"

#include <QTest>

#include <thread>

using namespace countersign;
using namespace countersign::participant;
using namespace std::chrono_literals;

namespace {

QByteArray codeOf(const CantonError &error)
{
    return {error.code.id.data(), static_cast<qsizetype>(error.code.id.size())};
}

} // namespace

class TestLedger : public QObject {
    Q_OBJECT

private slots:
    void partiesGetTheNamespaceOfTheParticipant();
    void aHintIsAllocatedOnce();
    void offsetsAndRecordTimesStrictlyIncrease();
    void createNeedsTheSignatory();
    void createNeedsKnownStakeholders();
    void exerciseNeedsTheController();
    void consequenceIsAuthorisedByTheContractsSignatories();
    void archivedContractIsNotFound();
    void contractOfOthersIsNotFound();
    void exerciseByAnotherTemplateIsRefused();
    void withdrawArchivesWithoutCreating();
    void archiveNeedsAllSignatories();
    void failingTransactionChangesNothing();
    void createAndExerciseInOneTransactionIsTransient();
    void unknownSubmitterCannotSubmit();
    void commandIsAcceptedOnce();
    void deduplicationIsBySubmitterUserAndCommand();
    void deduplicationDurationEnds();
    void deduplicationOffsetLooksOnlyBehindIt();
    void refusedCommandMayBeTriedAgain();
    void activeContractsAreThoseOfTheOffset();
    void pruningKeepsActiveContractsAndRefusesOlderOffsets();
    void retentionPrunesByItself();
    void waitEndsWithTheNextUpdate();
    void manyThreadsSubmitWithoutLoss();
};

void TestLedger::partiesGetTheNamespaceOfTheParticipant()
{
    LedgerFixture fixture;
    const std::string &id = fixture.ledger.participantId();
    QCOMPARE(fixture.issuer, "PolicyIssuer" + id.substr(id.find("::")));
    QCOMPARE(fixture.issuer.size(), std::string("PolicyIssuer::").size() + 68);
    QCOMPARE(fixture.ledger.parties().size(), std::size_t(3));
    QVERIFY(fixture.ledger.isKnownParty(fixture.relayer));
    QVERIFY(!fixture.ledger.isKnownParty("Relayer::1220"));
}

void TestLedger::aHintIsAllocatedOnce()
{
    LedgerFixture fixture;
    for (const char *hint : {"Relayer", "", "a::b", "a/b"}) {
        const auto party = fixture.ledger.allocateParty(hint);
        QVERIFY(!party);
        QCOMPARE(codeOf(party.error()), QByteArray("INVALID_ARGUMENT"));
    }
}

void TestLedger::offsetsAndRecordTimesStrictlyIncrease()
{
    LedgerFixture fixture;
    const auto first = fixture.request("a");
    const auto second = fixture.request("b"); // the clock stands still
    fixture.clock.advance(-1h); // and even goes back
    const auto third = fixture.request("c");
    QVERIFY(first->offset < second->offset && second->offset < third->offset);
    QVERIFY(first->recordTime < second->recordTime && second->recordTime < third->recordTime);
    QVERIFY(first->updateId != second->updateId);
    QCOMPARE(fixture.ledger.head().end, third->offset);
}

void TestLedger::createNeedsTheSignatory()
{
    LedgerFixture fixture;
    const auto created = fixture.ledger.submit(fixture.submission("a", {fixture.relayer}, {fixture.createStep("a")}));
    QVERIFY(!created);
    QCOMPARE(codeOf(created.error()), QByteArray("DAML_AUTHORIZATION_ERROR"));
    QVERIFY(QString::fromStdString(created.error().cause).contains(QString::fromStdString(fixture.issuer)));
}

void TestLedger::createNeedsKnownStakeholders()
{
    LedgerFixture fixture;
    DamlRecord arguments = fixture.intent("a");
    arguments[1] = damlParty("Stranger::1220");
    const auto created = fixture.ledger.submit(
        fixture.submission("a", {fixture.issuer}, {CreateStep {fixture.ref("IntentRequest"), arguments}}));
    QVERIFY(!created);
    QCOMPARE(codeOf(created.error()), QByteArray("UNKNOWN_INFORMEES"));
}

void TestLedger::exerciseNeedsTheController()
{
    LedgerFixture fixture;
    const std::string id = createdId(*fixture.request("a"));
    const auto authorised
        = fixture.ledger.submit(fixture.submission("b", {fixture.relayer}, {fixture.authoriseStep(id)}));
    QVERIFY(!authorised);
    QCOMPARE(codeOf(authorised.error()), QByteArray("DAML_AUTHORIZATION_ERROR"));
}

void TestLedger::consequenceIsAuthorisedByTheContractsSignatories()
{
    LedgerFixture fixture;
    const std::string request = createdId(*fixture.request("a"));
    fixture.clock.advance(5s);
    const auto authorised = fixture.authorise(request);
    QCOMPARE(authorised->nodes.size(), std::size_t(2));
    QCOMPARE(authorised->nodes[0].lastDescendant, 1);
    const Contract &intent = *authorised->nodes[1].contract;
    QCOMPARE(intent.ref.spec->entity, std::string("AuthorisedIntent"));
    QCOMPARE(authorised->nodes[0].resultContractId, intent.id);
    QCOMPARE(intent.arguments[16], damlText("0xsignature"));
    QCOMPARE(intent.arguments[17], damlTimestamp(authorised->recordTime.micros()));

    const Contract &receipt = *fixture.acknowledge(intent.id)->nodes[1].contract;
    QCOMPARE(receipt.ref.spec->entity, std::string("IntentReceipt"));
    QCOMPARE(receipt.signatories, PartySet {fixture.relayer});
    QCOMPARE(receipt.observers, (PartySet {fixture.issuer, fixture.regulator}));
    QCOMPARE(receipt.arguments[3], damlText("a"));
    QCOMPARE(receipt.arguments[9], damlText("executed"));
    QCOMPARE(receipt.arguments[11], damlInt(12));
    QCOMPARE(fixture.ledger.head().activeContracts, std::size_t(1));
}

void TestLedger::archivedContractIsNotFound()
{
    LedgerFixture fixture;
    const std::string request = createdId(*fixture.request("a"));
    fixture.authorise(request);
    const auto again = fixture.ledger.submit(fixture.submission("again", {fixture.issuer}, {fixture.authoriseStep(request)}));
    QVERIFY(!again);
    QCOMPARE(codeOf(again.error()), QByteArray("CONTRACT_NOT_FOUND"));
    QCOMPARE(again.error().resourceName, request);
}

void TestLedger::contractOfOthersIsNotFound()
{
    LedgerFixture fixture;
    const std::string stranger = fixture.ledger.allocateParty("Stranger").value();
    const std::string request = createdId(*fixture.request("a"));
    const auto exercised = fixture.ledger.submit(fixture.submission("x", {stranger}, {fixture.authoriseStep(request)}));
    QVERIFY(!exercised);
    QCOMPARE(codeOf(exercised.error()), QByteArray("CONTRACT_NOT_FOUND"));
    // One who may read it is told what is missing instead.
    Submission reading = fixture.submission("y", {stranger}, {fixture.authoriseStep(request)});
    reading.readAs = {fixture.regulator};
    QCOMPARE(codeOf(fixture.ledger.submit(reading).error()), QByteArray("DAML_AUTHORIZATION_ERROR"));
}

void TestLedger::exerciseByAnotherTemplateIsRefused()
{
    LedgerFixture fixture;
    const std::string request = createdId(*fixture.request("a"));
    const auto exercised
        = fixture.ledger.submit(fixture.submission("x", {fixture.relayer}, {fixture.acknowledgeStep(request)}));
    QVERIFY(!exercised);
    QCOMPARE(codeOf(exercised.error()), QByteArray("COMMAND_PREPROCESSING_FAILED"));
}

void TestLedger::withdrawArchivesWithoutCreating()
{
    LedgerFixture fixture;
    const std::string request = createdId(*fixture.request("a"));
    const auto withdrawn = fixture.ledger.submit(fixture.submission(
        "w", {fixture.issuer}, {fixture.exerciseStep("IntentRequest", request, "Withdraw", {damlText("mistake")})}));
    QVERIFY(withdrawn);
    QCOMPARE((*withdrawn)->nodes.size(), std::size_t(1));
    QVERIFY((*withdrawn)->nodes[0].resultContractId.empty());
    QCOMPARE(fixture.ledger.head().activeContracts, std::size_t(0));
}

void TestLedger::archiveNeedsAllSignatories()
{
    LedgerFixture fixture;
    const std::string request = createdId(*fixture.request("a"));
    const LedgerStep archive = fixture.exerciseStep("IntentRequest", request, "Archive", {});
    QCOMPARE(codeOf(fixture.ledger.submit(fixture.submission("x", {fixture.relayer}, {archive})).error()),
        QByteArray("DAML_AUTHORIZATION_ERROR"));
    QVERIFY(fixture.ledger.submit(fixture.submission("y", {fixture.issuer}, {archive})));
}

void TestLedger::failingTransactionChangesNothing()
{
    LedgerFixture fixture;
    const std::string request = createdId(*fixture.request("a"));
    const LedgerHead before = fixture.ledger.head();
    const auto mixed = fixture.ledger.submit(fixture.submission("m", {fixture.issuer},
        {fixture.createStep("b"), fixture.authoriseStep(request), fixture.authoriseStep(request)}));
    QVERIFY(!mixed);
    QCOMPARE(codeOf(mixed.error()), QByteArray("CONTRACT_NOT_FOUND"));
    const LedgerHead after = fixture.ledger.head();
    QCOMPARE(after.end, before.end);
    QCOMPARE(after.activeContracts, before.activeContracts);
    QVERIFY(fixture.ledger.submit(fixture.submission("n", {fixture.issuer}, {fixture.authoriseStep(request)})));
}

void TestLedger::createAndExerciseInOneTransactionIsTransient()
{
    LedgerFixture fixture;
    const auto update = fixture.ledger.submit(
        fixture.submission("both", {fixture.issuer}, {fixture.createStep("a"), fixture.authoriseStep({})}));
    QVERIFY(update);
    const std::vector<LedgerNode> &nodes = (*update)->nodes;
    QCOMPARE(nodes.size(), std::size_t(3));
    QVERIFY(nodes[0].transient && nodes[1].transient);
    QVERIFY(!nodes[2].transient);
    QCOMPARE(nodes[1].contract->id, nodes[0].contract->id);
    const auto active = fixture.ledger.activeAt((*update)->offset);
    QVERIFY(active);
    QCOMPARE(active->size(), std::size_t(1));
    QCOMPARE(active->front()->id, nodes[2].contract->id);
}

void TestLedger::unknownSubmitterCannotSubmit()
{
    LedgerFixture fixture;
    const auto update = fixture.ledger.submit(fixture.submission("a", {"Nobody::1220"}, {fixture.createStep("a")}));
    QVERIFY(!update);
    QCOMPARE(codeOf(update.error()), QByteArray("NO_SYNCHRONIZER_ON_WHICH_ALL_SUBMITTERS_CAN_SUBMIT"));
}

void TestLedger::commandIsAcceptedOnce()
{
    LedgerFixture fixture;
    Submission submission = fixture.submission("a", {fixture.issuer}, {fixture.createStep("a")});
    submission.submissionId = "first";
    QVERIFY(fixture.ledger.submit(submission));
    submission.submissionId = "second";
    const auto again = fixture.ledger.submit(submission);
    QVERIFY(!again);
    QCOMPARE(codeOf(again.error()), QByteArray("DUPLICATE_COMMAND"));
    QCOMPARE(again.error().context.at("existing_submission_id"), std::string("first"));
    QCOMPARE(fixture.ledger.head().activeContracts, std::size_t(1));
}

void TestLedger::deduplicationIsBySubmitterUserAndCommand()
{
    LedgerFixture fixture;
    Submission submission = fixture.submission("a", {fixture.issuer}, {fixture.createStep("a")});
    QVERIFY(fixture.ledger.submit(submission));
    submission.userId = "another";
    QVERIFY(fixture.ledger.submit(submission));
    submission.actAs.insert(fixture.relayer);
    QVERIFY(fixture.ledger.submit(submission));
    QVERIFY(!fixture.ledger.submit(submission));
}

void TestLedger::deduplicationDurationEnds()
{
    LedgerFixture fixture;
    Submission submission = fixture.submission("a", {fixture.issuer}, {fixture.createStep("a")});
    submission.deduplicationDuration = 30s;
    QVERIFY(fixture.ledger.submit(submission));
    fixture.clock.advance(29s);
    QVERIFY(!fixture.ledger.submit(submission));
    fixture.clock.advance(2s);
    QVERIFY(fixture.ledger.submit(submission));
    submission.deduplicationDuration = 25h;
    QCOMPARE(codeOf(fixture.ledger.submit(submission).error()), QByteArray("INVALID_DEDUPLICATION_PERIOD"));
}

void TestLedger::deduplicationOffsetLooksOnlyBehindIt()
{
    LedgerFixture fixture;
    Submission submission = fixture.submission("a", {fixture.issuer}, {fixture.createStep("a")});
    const auto first = fixture.ledger.submit(submission);
    QVERIFY(first);
    submission.deduplicationOffset = (*first)->offset - 1;
    QVERIFY(!fixture.ledger.submit(submission));
    submission.deduplicationOffset = (*first)->offset;
    QVERIFY(fixture.ledger.submit(submission));
}

void TestLedger::refusedCommandMayBeTriedAgain()
{
    LedgerFixture fixture;
    QVERIFY(!fixture.ledger.submit(fixture.submission("a", {fixture.relayer}, {fixture.createStep("a")})));
    QVERIFY(fixture.ledger.submit(fixture.submission("a", {fixture.issuer}, {fixture.createStep("a")})));
    const std::string absent = "00" + std::string(64, '0');
    QVERIFY(!fixture.ledger.submit(fixture.submission("b", {fixture.issuer}, {fixture.authoriseStep(absent)})));
    QVERIFY(fixture.ledger.submit(fixture.submission("b", {fixture.issuer}, {fixture.createStep("b")})));
}

void TestLedger::activeContractsAreThoseOfTheOffset()
{
    LedgerFixture fixture;
    const auto created = fixture.request("a");
    const auto authorised = fixture.authorise(createdId(*created));
    const auto idsAt = [&](std::int64_t offset) {
        QByteArrayList ids;
        for (const auto &contract : fixture.ledger.activeAt(offset).value()) {
            ids.append(QByteArray::fromStdString(contract->id));
        }
        return ids;
    };
    QCOMPARE(idsAt(0), QByteArrayList());
    QCOMPARE(idsAt(created->offset - 1), QByteArrayList());
    QCOMPARE(idsAt(created->offset), QByteArrayList {QByteArray::fromStdString(createdId(*created))});
    QCOMPARE(idsAt(authorised->offset), QByteArrayList {QByteArray::fromStdString(createdId(*authorised))});
    const auto beyond = fixture.ledger.activeAt(authorised->offset + 1);
    QVERIFY(!beyond);
    QCOMPARE(codeOf(beyond.error()), QByteArray("OFFSET_AFTER_LEDGER_END"));
}

void TestLedger::pruningKeepsActiveContractsAndRefusesOlderOffsets()
{
    LedgerFixture fixture;
    const auto kept = fixture.request("kept");
    const auto archived = fixture.request("archived");
    const auto authorised = fixture.authorise(createdId(*archived));
    const auto last = fixture.request("last");
    QVERIFY(fixture.ledger.prune(authorised->offset));
    QCOMPARE(fixture.ledger.head().prunedUpTo, authorised->offset);

    const auto tooOld = fixture.ledger.updates(authorised->offset - 1, last->offset, 10);
    QVERIFY(!tooOld);
    QCOMPARE(codeOf(tooOld.error()), QByteArray("PARTICIPANT_PRUNED_DATA_ACCESSED"));
    QCOMPARE(tooOld.error().context.at("earliest_offset"), std::to_string(authorised->offset));
    QCOMPARE(codeOf(fixture.ledger.activeAt(kept->offset).error()), QByteArray("PARTICIPANT_PRUNED_DATA_ACCESSED"));

    const auto updates = fixture.ledger.updates(authorised->offset, last->offset, 10);
    QVERIFY(updates);
    QCOMPARE(updates->size(), std::size_t(1));
    QCOMPARE(fixture.ledger.activeAt(last->offset)->size(), std::size_t(3));
    QVERIFY(fixture.ledger.submit(fixture.submission("still", {fixture.issuer}, {fixture.authoriseStep(createdId(*kept))})));
    QCOMPARE(codeOf(fixture.ledger.prune(fixture.ledger.head().end).error()), QByteArray("OFFSET_OUT_OF_RANGE"));
}

void TestLedger::retentionPrunesByItself()
{
    LedgerSettings settings;
    settings.retainedUpdates = 100;
    LedgerFixture fixture(settings);
    for (int i = 0; i < 500; ++i) {
        fixture.authorise(createdId(*fixture.request(std::to_string(i))));
    }
    const LedgerHead head = fixture.ledger.head();
    QCOMPARE(head.updates, std::uint64_t(1003));
    QVERIFY(head.prunedUpTo >= head.end - 100);
    QVERIFY(head.prunedUpTo < head.end);
    QCOMPARE(head.activeContracts, std::size_t(500));
    QCOMPARE(fixture.ledger.activeAt(head.end)->size(), std::size_t(500));
}

void TestLedger::waitEndsWithTheNextUpdate()
{
    LedgerFixture fixture;
    const std::int64_t end = fixture.ledger.head().end;
    std::thread writer([&] { fixture.request("a"); });
    while (fixture.ledger.head().end == end) {
        fixture.ledger.waitBeyond(end, 20s);
    }
    writer.join();
    fixture.ledger.waitBeyond(end, 20s); // there is one already: returns at once
    QVERIFY(fixture.ledger.head().end > end);
}

void TestLedger::manyThreadsSubmitWithoutLoss()
{
    LedgerFixture fixture;
    constexpr int Threads = 8;
    constexpr int Each = 200;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < Threads; ++thread) {
        threads.emplace_back([&fixture, thread] {
            for (int i = 0; i < Each; ++i) {
                fixture.request(concat(thread, "-", i));
            }
        });
    }
    for (std::thread &thread : threads) {
        thread.join();
    }
    const LedgerHead head = fixture.ledger.head();
    QCOMPARE(head.activeContracts, std::size_t(Threads * Each));
    const auto updates = fixture.ledger.updates(0, head.end, 100'000);
    QVERIFY(updates);
    QCOMPARE(updates->size(), std::size_t(Threads * Each + 3));
    for (std::size_t i = 1; i < updates->size(); ++i) {
        QVERIFY((*updates)[i - 1]->offset < (*updates)[i]->offset);
    }
}

QTEST_APPLESS_MAIN(TestLedger)

#include "tst_ledger.moc"
