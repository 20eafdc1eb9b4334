#include "backend/types/uint256.h"

#include "backend/types/strings.h"

#include <QRandomGenerator>
#include <QTest>

using namespace countersign;

class TestUint256 final : public QObject {
    Q_OBJECT

private slots:
    void decimalAndHexadecimalTextMeetInTheSameValue()
    {
        QCOMPARE(*Uint256::parse(u"255"), *Uint256::parse(u"0xff"));
        QCOMPARE(Uint256::max().toDecimal(), u"115792089237316195423570985008687907853269984665640564039457584007913129639935"_s);
        QCOMPARE(Uint256().toDecimal(), u"0"_s);
        QCOMPARE(Uint256().toHexQuantity(), u"0x0"_s);
        QCOMPARE(Uint256(500).toHexQuantity(), u"0x1f4"_s);
        QCOMPARE(Uint256::parse(u"10000000000000000000")->toDecimal(), u"10000000000000000000"_s);
        QCOMPARE(Uint256::parse(u"100000000000000000000000000000000000000")->toDecimal(), u"100000000000000000000000000000000000000"_s);
    }

    void textThatIsNoNumberIsRefused_data()
    {
        QTest::addColumn<QString>("text");
        for (const auto &text : {u""_s, u"0x"_s, u"-1"_s, u"+1"_s, u" 1"_s, u"1_000"_s, u"0xg"_s, u"1.5"_s, u"1e3"_s,
                                 u"115792089237316195423570985008687907853269984665640564039457584007913129639936"_s,
                                 u"0x10000000000000000000000000000000000000000000000000000000000000000"_s})
            QTest::newRow(qPrintable(text.left(20) + u'#' + QString::number(text.size()))) << text;
    }

    void textThatIsNoNumberIsRefused()
    {
        QFETCH(QString, text);
        const auto value = Uint256::parse(text);
        QVERIFY(!value);
        QCOMPARE(value.error().kind, ErrorKind::Invalid);
    }

    void arithmeticThatDoesNotFitIsAbsent()
    {
        QVERIFY(!Uint256::max().checkedAdd(Uint256(1)));
        QVERIFY(!Uint256(1).checkedSub(Uint256(2)));
        QVERIFY(!Uint256::max().checkedMul(Uint256(2)));
        QVERIFY(!Uint256(1).divmod(Uint256(0)));
        QCOMPARE(*Uint256::max().checkedSub(Uint256::max()), Uint256(0));
    }

    void carriesAndBorrowsCrossEveryLimb()
    {
        const Uint256 max = Uint256::max();
        for (const int bits : {64, 128, 192}) {
            const Uint256 power = Uint256(1).shiftedLeft(bits);
            const Uint256 below = *power.checkedSub(Uint256(1));
            QCOMPARE(below.bitLength(), bits);
            QCOMPARE(*below.checkedAdd(Uint256(1)), power);
            QVERIFY(below < power && power > below);
            QCOMPARE(*power.checkedMul(Uint256(1).shiftedLeft(255 - bits)), Uint256(1).shiftedLeft(255));
            QVERIFY(!power.checkedMul(Uint256(1).shiftedLeft(256 - bits)));
        }
        QCOMPARE(*max.checkedMul(Uint256(1)), max);
        QVERIFY(!max.checkedMul(max));
        QCOMPARE(*max.checkedMul(Uint256(0)), Uint256(0));
        QCOMPARE(*Uint256(0).checkedAdd(max), max);
    }

    // The remainder needs a 257th bit on the way.
    void dividesByMoreThanHalfOfTheLargest()
    {
        const Uint256 divisor = *Uint256(1).shiftedLeft(255).checkedAdd(Uint256(1));
        const auto [quotient, remainder] = *Uint256::max().divmod(divisor);
        QCOMPARE(quotient, Uint256(1));
        QCOMPARE(remainder, *Uint256::max().checkedSub(divisor));
        const auto self = *Uint256::max().divmod(Uint256::max());
        QCOMPARE(self.first, Uint256(1));
        QVERIFY(self.second.isZero());
        QCOMPARE(Uint256(5).divmod(Uint256::max())->second, Uint256(5));
    }

    void knowsWhatFitsSixtyFourBits()
    {
        QCOMPARE(Uint256(~0ULL).toU64().value(), ~0ULL);
        QVERIFY(!Uint256(1).shiftedLeft(64).toU64());
        QVERIFY(!Uint256(1).shiftedLeft(255).toU64());
        QCOMPARE(Uint256(1).shiftedLeft(64).toMinimalBigEndian().size(), 9);
        QVERIFY(Uint256().toMinimalBigEndian().isEmpty());
        QVERIFY(!Uint256::fromBigEndian(Bytes(33, '\0')));
    }

    void divisionAndMultiplicationAreInverse()
    {
        QRandomGenerator random(7);
        const auto any = [&random](int bytes) {
            Bytes data(bytes, Qt::Uninitialized);
            for (char &byte : data)
                byte = static_cast<char>(random.bounded(256));
            return *Uint256::fromBigEndian(data);
        };
        for (int i = 0; i < 2000; ++i) {
            const Uint256 a = any(1 + random.bounded(32));
            const Uint256 b = any(1 + random.bounded(32));
            if (b.isZero())
                continue;
            const auto result = a.divmod(b);
            QVERIFY(result);
            QVERIFY(result->second < b);
            QCOMPARE(*result->first.checkedMul(b)->checkedAdd(result->second), a);
            QCOMPARE(*Uint256::parse(a.toDecimal()), a);
            QCOMPARE(*Uint256::parse(a.toHexQuantity()), a);
            QCOMPARE(*Uint256::fromBigEndian(a.toBigEndian()), a);
            QCOMPARE(*Uint256::fromBigEndian(a.toMinimalBigEndian()), a);
        }
    }

    void shiftsMoveBitsAcrossLimbs()
    {
        QCOMPARE(Uint256(1).shiftedLeft(200).shiftedRight(200), Uint256(1));
        QCOMPARE(Uint256(1).shiftedLeft(64).toHexQuantity(), u"0x10000000000000000"_s);
        QVERIFY(Uint256(1).shiftedLeft(256).isZero());
        QCOMPARE(Uint256(1).shiftedLeft(255).bitLength(), 256);
        QVERIFY(Uint256(1).shiftedLeft(255).bit(255));
    }
};

QTEST_GUILESS_MAIN(TestUint256)
#include "tst_uint256.moc"
