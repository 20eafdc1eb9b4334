#include "backend/review/knowncalls.h"
#include "backend/safe/safecalls.h"
#include "backend/safe/safesignature.h"
#include "backend/safe/safesimulation.h"
#include "backend/safe/safestorage.h"
#include "tests/backend/review/reviewfixture.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace countersign;

namespace {

QJsonValue json(const char *text)
{
    return QJsonDocument::fromJson(text).object();
}

} // namespace

class TestSimulation final : public QObject {
    Q_OBJECT

private slots:
    void thresholdOwnersApproveAndNothingElseIsOverridden();
    void laterNonceIsAssumedToBeNext();
    void storageThatVanishesBecameZero();
    void brokenTracesAreRefused_data();
    void brokenTracesAreRefused();
    void refusalsAreExplained();
    void brokenAnswersAreRefused();
};

void TestSimulation::thresholdOwnersApproveAndNothingElseIsOverridden()
{
    const ReviewFixture fixture;
    const Hash32 hash = fixture.item.id();
    const auto plan = planSimulation(fixture.context.safe, fixture.item.proposal.transaction, hash);
    QCOMPARE(plan.overrides.size(), 1);
    const AccountOverride account = plan.overrides.value(testSafe);
    QVERIFY(!account.balance && !account.code && !account.nonce);
    QCOMPARE(account.storage.size(), 2);
    auto owners = fixture.context.safe.owners;
    std::ranges::sort(owners);
    QVERIFY(account.storage.contains(approvedHashSlot(owners[0], hash)));
    QVERIFY(account.storage.contains(approvedHashSlot(owners[1], hash)));
    const auto decoded = decodeExecTransaction(plan.call.data);
    QVERIFY(decoded);
    const auto signatures = decodeSafeSignatures(decoded->signatures, 2);
    QVERIFY(signatures);
    QCOMPARE(signatures->at(0).claimedOwner().toString(), owners[0].toString());
    QVERIFY(!fixture.context.safe.isOwner(*plan.call.from));
}

void TestSimulation::laterNonceIsAssumedToBeNext()
{
    ReviewFixture fixture;
    fixture.context.safe.nonce = Uint256(1);
    const auto plan = planSimulation(fixture.context.safe, fixture.item.proposal.transaction, fixture.item.id());
    QCOMPARE(plan.overrides.value(testSafe).storage.value(slotNumber(5)).toString(), slotNumber(2).toString());
}

void TestSimulation::storageThatVanishesBecameZero()
{
    const auto changes = storageChanges(json(R"({
        "pre": {"0x5afe000000000000000000000000000000005afe": {"balance": "0x0", "storage": {
            "0x0000000000000000000000000000000000000000000000000000000000000005": "0x0000000000000000000000000000000000000000000000000000000000000002",
            "0x0000000000000000000000000000000000000000000000000000000000000007": "0x0000000000000000000000000000000000000000000000000000000000000009"}}},
        "post": {"0x5afe000000000000000000000000000000005afe": {"storage": {
            "0x0000000000000000000000000000000000000000000000000000000000000005": "0x0000000000000000000000000000000000000000000000000000000000000003"}},
            "0x7a11000000000000000000000000000000007a11": {"storage": {
            "0x0000000000000000000000000000000000000000000000000000000000000001": "0x0000000000000000000000000000000000000000000000000000000000000004"}}}})"));
    QVERIFY2(changes, qPrintable(changes ? QString() : changes.error().message));
    QCOMPARE(changes->size(), 3);
    QVERIFY(changes->at(0) == (StorageChange{testSafe, slotNumber(5), slotNumber(2), slotNumber(3)}));
    QVERIFY(changes->at(1) == (StorageChange{testSafe, slotNumber(7), slotNumber(9), Hash32()}));
    QVERIFY(changes->at(2) == (StorageChange{testVault, slotNumber(1), Hash32(), slotNumber(4)}));
}

void TestSimulation::brokenTracesAreRefused_data()
{
    QTest::addColumn<QByteArray>("trace");
    QTest::newRow("nothing") << QByteArray("{}");
    QTest::newRow("no post") << QByteArray(R"({"pre": {}})");
    QTest::newRow("account") << QByteArray(R"({"pre": {"0x12": {}}, "post": {}})");
    QTest::newRow("slot") << QByteArray(
        R"({"pre": {"0x5afe000000000000000000000000000000005afe": {"storage": {"0x1": "0x2"}}}, "post": {}})");
}

void TestSimulation::brokenTracesAreRefused()
{
    QFETCH(QByteArray, trace);
    const auto changes = storageChanges(json(trace.constData()));
    QVERIFY(!changes);
    QCOMPARE(changes.error().kind, ErrorKind::Corrupt);
}

void TestSimulation::refusalsAreExplained()
{
    Bytes data = *bytesFromHex(u"0x08c379a0"
                               "0000000000000000000000000000000000000000000000000000000000000020"
                               "0000000000000000000000000000000000000000000000000000000000000005"
                               "4753303236000000000000000000000000000000000000000000000000000000"_s);
    QVERIFY2(safeRevertReason(data, &knownErrors()).contains(u"GS026"_s), qPrintable(safeRevertReason(data, &knownErrors())));
    QVERIFY(safeRevertReason(data, &knownErrors()).size() > 10);
    data = Selector::ofSignature(u"KeyNotRegistered(bytes32)").bytes() + testParty.bytes();
    QVERIFY2(safeRevertReason(data, &knownErrors()).contains(u"KeyNotRegistered"_s), qPrintable(safeRevertReason(data, &knownErrors())));
}

void TestSimulation::brokenAnswersAreRefused()
{
    QVERIFY(!simulatedCalls(QJsonValue(), 1));
    QVERIFY(!simulatedCalls(QJsonArray{json(R"({"calls": [{"status": "yes"}]})")}, 1));
    QVERIFY(!simulatedCalls(QJsonArray{json(R"({"calls": []})")}, 1));
    const auto good = simulatedCalls(
        QJsonArray{json(R"({"calls": [{"status": "0x1", "returnData": "0x01", "gasUsed": "0x5"}]})")}, 1);
    QVERIFY(good);
    QVERIFY(good->first().succeeded);
    QCOMPARE(good->first().gasUsed, 5U);
}

QTEST_GUILESS_MAIN(TestSimulation)
#include "tst_simulation.moc"
