#include "backend/evm/jsonscalar.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

// The one value of a JSON text, read by `read`.
template<class Read>
auto readWith(const QString &json, Read read)
{
    const auto text = JsonText::parse(json.toUtf8()).value();
    return read(text.root());
}

const auto wide = [](JsonView value) { return uintFromJson(value); };
const auto byteWide = [](JsonView value) { return uintFromJson(value, 8); };
const auto signedByte = [](JsonView value) { return intFromJson(value, 8); };
const auto signedWide = [](JsonView value) { return intFromJson(value); };

QString decimal(const Uint256 &value)
{
    QByteArray text;
    appendDecimal(text, value);
    return QString::fromLatin1(text);
}

QString signedDecimal(const Uint256 &value)
{
    QByteArray text;
    appendSignedDecimal(text, value);
    return QString::fromLatin1(text);
}

} // namespace

class TestJsonScalar final : public QObject {
    Q_OBJECT

private slots:
    void readsIntegersInEachExactSpelling_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("value");
        QTest::newRow("number") << u"5"_s << u"5"_s;
        QTest::newRow("text") << u"\"5\""_s << u"5"_s;
        QTest::newRow("leading zeros") << u"\"007\""_s << u"7"_s;
        QTest::newRow("hex") << u"\"0xff\""_s << u"255"_s;
        QTest::newRow("odd hex") << u"\"0xF\""_s << u"15"_s;
        QTest::newRow("point zero") << u"5.0"_s << u"5"_s;
        QTest::newRow("power") << u"1e3"_s << u"1000"_s;
        QTest::newRow("power with plus") << u"1E+3"_s << u"1000"_s;
        QTest::newRow("power of a fraction") << u"1.25e2"_s << u"125"_s;
        QTest::newRow("negative power") << u"1200e-2"_s << u"12"_s;
        QTest::newRow("zero with any power") << u"0e999999999999999999999"_s << u"0"_s;
        QTest::newRow("minus zero") << u"-0"_s << u"0"_s;
        QTest::newRow("beyond a double") << u"9007199254740993"_s << u"9007199254740993"_s;
        QTest::newRow("largest") << u"115792089237316195423570985008687907853269984665640564039457584007913129639935"_s
                                 << u"115792089237316195423570985008687907853269984665640564039457584007913129639935"_s;
        QTest::newRow("nineteen nines and zeros") << u"\"100000000000000000000000000000000000000\""_s
                                                  << u"100000000000000000000000000000000000000"_s;
    }
    void readsIntegersInEachExactSpelling()
    {
        QFETCH(QString, json);
        QFETCH(QString, value);
        const auto read = readWith(json, wide);
        QVERIFY2(read.has_value(), qPrintable(read ? QString() : read.error().message));
        QCOMPARE(decimal(*read), value);
        QCOMPARE(read->toDecimal(), value);
    }

    void refusesWhatIsNoInteger_data()
    {
        QTest::addColumn<QString>("json");
        for (const char *json : {"1.5", "1e-1", "\"1.0\"", "\"1e3\"", "\"\"", "\"0x\"", "\"-\"", "\"+5\"", "\" 5\"", "\"0xg\"", "\"5n\"", "true",
                                 "null", "[5]", "-1", "\"-1\"", "1e78", "1e999999999999999999999999",
                                 "115792089237316195423570985008687907853269984665640564039457584007913129639936",
                                 "\"0x10000000000000000000000000000000000000000000000000000000000000000\""})
            QTest::newRow(json) << QString::fromLatin1(json);
    }
    void refusesWhatIsNoInteger()
    {
        QFETCH(QString, json);
        const auto read = readWith(json, wide);
        QVERIFY(!read.has_value());
        QCOMPARE(read.error().kind, ErrorKind::Invalid);
    }

    void readsALongExponentInNoTime()
    {
        const QString zeros(200'000, u'0');
        QCOMPARE(decimal(readWith(QString(u"0."_s + zeros + u"1e200001"_s), wide).value()), u"1"_s);
        QVERIFY(!readWith(QString(u'1' + zeros), wide).has_value());
    }

    void keepsToTheWidthOfTheType()
    {
        QCOMPARE(decimal(readWith(u"255"_s, byteWide).value()), u"255"_s);
        QCOMPARE(readWith(u"256"_s, byteWide).error().message, u"\"256\" does not fit 8 bits"_s);
        QCOMPARE(signedDecimal(readWith(u"127"_s, signedByte).value()), u"127"_s);
        QCOMPARE(signedDecimal(readWith(u"-128"_s, signedByte).value()), u"-128"_s);
        QCOMPARE(signedDecimal(readWith(u"\"-0x80\""_s, signedByte).value()), u"-128"_s);
        QVERIFY(!readWith(u"128"_s, signedByte).has_value());
        QVERIFY(!readWith(u"-129"_s, signedByte).has_value());
        QVERIFY(!readWith(u"\"0xff\""_s, signedByte).has_value());
    }

    void writesTheSmallestSignedNumber()
    {
        const QString smallest = u"-57896044618658097711785492504343953926634992332820282019728792003956564819968"_s;
        QCOMPARE(signedDecimal(readWith(smallest, signedWide).value()), smallest);
        QCOMPARE(signedDecimal(Uint256::max()), u"-1"_s);
    }

    void readsAddressesWithAndWithoutTheirChecksum()
    {
        const QString right = u"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"_s;
        for (const QString &text : {right, right.toLower(), QString(u"0x"_s + right.sliced(2).toUpper())}) {
            const auto read = readWith(u'"' + text + u'"', accountFromJson);
            QByteArray written;
            appendAccount(written, read.value());
            QCOMPARE(QString::fromLatin1(written), right);
        }
        const auto wrong = readWith(u"\"0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\""_s, accountFromJson);
        QCOMPARE(wrong.error().detail, u"json.checksum"_s);
        for (const QStringView text : {u"\"5aaeb6053f3e94c9b9a09f33669435e7ef1beaed\"", u"\"0x5aaeb6\"", u"5", u"\"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeg\""})
            QVERIFY(!readWith(text.toString(), accountFromJson).has_value());
    }

    void readsBytesOfWholeDigits()
    {
        QCOMPARE(readWith(u"\"0x00fF\""_s, bytesFromJson).value(), hex(u"00ff"));
        QVERIFY(!readWith(u"\"0x0\""_s, bytesFromJson).has_value());
        QVERIFY(!readWith(u"\"00\""_s, bytesFromJson).has_value());
        QVERIFY(!readWith(u"0"_s, bytesFromJson).has_value());
        QVERIFY(!readWith(u"\"0x00\""_s, bytes32FromJson).has_value());
        QVERIFY(readWith(QString(u"\"0x"_s + QString(64, u'a') + u'"'), bytes32FromJson).has_value());
    }
};

QTEST_GUILESS_MAIN(TestJsonScalar)
#include "tst_jsonscalar.moc"
