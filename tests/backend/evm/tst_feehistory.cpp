#include "backend/evm/feehistory.h"
#include "backend/types/strings.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace countersign;

namespace {

Result<FeeHistory> history(const QByteArray &json)
{
    return feeHistoryFromJson(QJsonDocument::fromJson(json).object());
}

} // namespace

class TestFeeHistory final : public QObject {
    Q_OBJECT

private slots:
    void suggestsTheMedianOfWhatOthersPaid()
    {
        const auto read = history(R"({"oldestBlock":"0x1","baseFeePerGas":["0x9","0xa","0xb","0x64"],"gasUsedRatio":[0.5,0.1,1],"reward":[["0x5"],["0x1"],["0x3"]]})");
        QCOMPARE(read->nextBaseFee, Uint256(100));
        const auto fee = suggestFee(*read, Uint256(77)).value();
        QCOMPARE(fee.baseFeePerGas, Uint256(100));
        QCOMPARE(fee.maxPriorityFeePerGas, Uint256(3));
        QCOMPARE(fee.maxFeePerGas, Uint256(203));
    }

    void livesWithMissingRewards_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("no member") << QByteArray(R"({"baseFeePerGas":["0x9","0x64"],"gasUsedRatio":[0.5]})");
        QTest::newRow("null") << QByteArray(R"({"baseFeePerGas":["0x9","0x64"],"gasUsedRatio":[0.5],"reward":null})");
        QTest::newRow("no blocks") << QByteArray(R"({"baseFeePerGas":["0x64"],"gasUsedRatio":[],"reward":[]})");
        QTest::newRow("a null block") << QByteArray(R"({"baseFeePerGas":["0x9","0x64"],"gasUsedRatio":[0.5],"reward":[null]})");
        QTest::newRow("an empty list") << QByteArray(R"({"baseFeePerGas":["0x9","0x64"],"gasUsedRatio":[0.5],"reward":[[]]})");
        QTest::newRow("blocks without transactions") << QByteArray(R"({"baseFeePerGas":["0x9","0x9","0x64"],"gasUsedRatio":[0,0],"reward":[["0x0"],["0x0"]]})");
        QTest::newRow("nobody paid") << QByteArray(R"({"baseFeePerGas":["0x9","0x64"],"gasUsedRatio":[0.5],"reward":[["0x0"]]})");
    }

    void livesWithMissingRewards()
    {
        QFETCH(const QByteArray, json);
        const auto read = history(json);
        QVERIFY2(read.has_value(), qPrintable(read ? QString() : read.error().message));
        const auto fee = suggestFee(*read, Uint256(7)).value();
        QCOMPARE(fee.maxPriorityFeePerGas, Uint256(7));
        QCOMPARE(fee.maxFeePerGas, Uint256(207));
    }

    void saysWhenNobodyTellsWhatToPay()
    {
        QCOMPARE(suggestFee({.nextBaseFee = Uint256(1)}, std::nullopt).error().kind, ErrorKind::NotFound);
        QCOMPARE(suggestFee({.nextBaseFee = Uint256::max()}, Uint256(1)).error().kind, ErrorKind::Corrupt);
    }

    void refusesWhatIsNoHistory_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("nothing") << QByteArray("{}");
        QTest::newRow("no base fees") << QByteArray(R"({"baseFeePerGas":[],"reward":[["0x1"]]})");
        QTest::newRow("a number") << QByteArray(R"({"baseFeePerGas":[100]})");
        QTest::newRow("rewards that are no list") << QByteArray(R"({"baseFeePerGas":["0x1"],"reward":{}})");
        QTest::newRow("a block that is no list") << QByteArray(R"({"baseFeePerGas":["0x1"],"reward":["0x1"]})");
        QTest::newRow("a reward that is no quantity") << QByteArray(R"({"baseFeePerGas":["0x1"],"reward":[["1"]]})");
    }

    void refusesWhatIsNoHistory()
    {
        QFETCH(const QByteArray, json);
        QCOMPARE(history(json).error().kind, ErrorKind::Invalid);
    }
};

QTEST_GUILESS_MAIN(TestFeeHistory)
#include "tst_feehistory.moc"
