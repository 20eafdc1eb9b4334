#include "backend/safe/safemultisend.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

const Address safe = address(u"0x1111111111111111111111111111111111111111");
const Address target = address(u"0x52908400098527886E0F7030069857D2E4169EE7");

std::vector<MultiSendTransaction> batch()
{
    return {{.to = target, .value = 5, .data = hex(u"010203"), .effectiveTo = target},
            {.operation = SafeOperation::DelegateCall, .to = target, .data = {}, .effectiveTo = target},
            {.to = safe, .value = Uint256::max(), .data = Bytes(100, 'x'), .effectiveTo = safe}};
}

Result<std::vector<MultiSendTransaction>> decode(const Bytes &data, SafeVersion version = SafeVersion::v141(),
                                                 MultiSendKind kind = MultiSendKind::Full)
{
    return decodeMultiSend(data, {.kind = kind, .version = version}, safe);
}

} // namespace

class TestSafeMultiSend final : public QObject {
    Q_OBJECT

private slots:
    void readsCalldataAndPackedBytesAlike()
    {
        const Bytes calldata = encodeMultiSend(batch());
        QCOMPARE(toHex(calldata.first(4)), u"0x8d80ff0a"_s);
        QVERIFY(decode(calldata).value() == batch());
        const Bytes packed = packMultiSend(batch());
        QCOMPARE(packed.size(), 3 * 85 + 103);
        QVERIFY(decode(packed).value() == batch());
        QVERIFY(decode({}).value().empty());
        QVERIFY(decode(encodeMultiSend({})).value().empty());
    }

    void packsAsTheLibraryReads()
    {
        const std::array one = {MultiSendTransaction{.operation = SafeOperation::DelegateCall, .to = target, .value = 258, .data = hex(u"abcd")}};
        QCOMPARE(packMultiSend(one), Bytes(hex(u"01") + target.bytes() + Bytes(30, '\0') + hex(u"0102") + Bytes(31, '\0') + hex(u"02abcd")));
    }

    // From 1.5.0 on the zero address is the Safe: a change of its own settings hides behind nothing.
    void takesZeroForTheSafeWhereTheLibraryDoes()
    {
        const std::array hidden = {MultiSendTransaction{.data = hex(u"694e80c3")}};
        QVERIFY(decode(packMultiSend(hidden), SafeVersion::v130()).value()[0].effectiveTo.isZero());
        QVERIFY(decode(packMultiSend(hidden), SafeVersion::v141()).value()[0].effectiveTo.isZero());
        const auto read = decode(packMultiSend(hidden), SafeVersion::v150()).value();
        QVERIFY(read[0].to.isZero());
        QCOMPARE(read[0].effectiveTo, safe);
        QCOMPARE(decode(packMultiSend(hidden), SafeVersion::v150(), MultiSendKind::CallOnly).value()[0].effectiveTo, safe);
    }

    void refusesADelegatecallThroughCallOnly()
    {
        const auto refused = decode(packMultiSend(batch()), SafeVersion::v141(), MultiSendKind::CallOnly);
        QCOMPARE(refused.error().kind, ErrorKind::Rejected);
        QCOMPARE(refused.error().detail, u"multisend.delegatecall at byte 88"_s);
    }

    void refusesWhatIsNoExactSequence_data()
    {
        QTest::addColumn<QByteArray>("data");
        QTest::addColumn<QString>("detail");
        const Bytes packed = packMultiSend(batch());
        QTest::newRow("a byte less") << packed.chopped(1) << u"multisend.length at byte 226"_s;
        QTest::newRow("inside a head") << packed.first(100) << u"multisend.truncated at byte 88"_s;
        QTest::newRow("one byte behind") << Bytes(packed + Bytes(1, '\0')) << u"multisend.truncated at byte 358"_s;
        // The library would ignore these.
        QTest::newRow("32 bytes behind") << Bytes(packed + Bytes(32, '\0')) << u"multisend.truncated at byte 358"_s;
        QTest::newRow("operation 2") << Bytes(Bytes(1, '\2') + packed.sliced(1)) << u"multisend.operation at byte 0"_s;
        QTest::newRow("operation 255") << Bytes(Bytes(1, '\xff') + packed.sliced(1)) << u"multisend.operation at byte 0"_s;
        QTest::newRow("length 2^256 - 1") << Bytes(packed.first(53) + Bytes(32, '\xff')) << u"multisend.length at byte 53"_s;
        const Bytes calldata = encodeMultiSend(batch());
        QTest::newRow("calldata with bytes behind") << Bytes(calldata + Bytes(32, '\0')) << u"abi.trailing"_s;
        QTest::newRow("calldata cut") << calldata.chopped(32) << u"abi."_s;
    }
    void refusesWhatIsNoExactSequence()
    {
        QFETCH(QByteArray, data);
        QFETCH(QString, detail);
        const auto refused = decode(data);
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().kind, ErrorKind::Invalid);
        QVERIFY2(refused.error().detail.startsWith(detail), qPrintable(refused.error().detail));
    }

    void keepsItsLimits()
    {
        const MultiSendLimits limits{.maxBytes = 400, .maxTransactions = 2};
        QCOMPARE(decodeMultiSend(packMultiSend(batch()), {}, safe, limits).error().kind, ErrorKind::Exhausted);
        QCOMPARE(decodeMultiSend(Bytes(401, '\0'), {}, safe, limits).error().kind, ErrorKind::Exhausted);
    }
};

QTEST_GUILESS_MAIN(TestSafeMultiSend)
#include "tst_safemultisend.moc"
