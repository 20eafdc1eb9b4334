#include "app/practice/participant/damlvalue.h"

#include <QTest>

using namespace countersign::participant;

class TestDamlValue : public QObject {
    Q_OBJECT

private slots:
    void numericIsAnsweredWithTenDecimals_data();
    void numericIsAnsweredWithTenDecimals();
    void otherTextsAreNoNumeric_data();
    void otherTextsAreNoNumeric();
    void partyIdsHaveTheAlphabetOfDaml();
};

void TestDamlValue::numericIsAnsweredWithTenDecimals_data()
{
    QTest::addColumn<QByteArray>("given");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("whole") << QByteArray("1") << QByteArray("1.0000000000");
    QTest::newRow("fraction") << QByteArray("1250.5") << QByteArray("1250.5000000000");
    QTest::newRow("leading zeros") << QByteArray("0007.25") << QByteArray("7.2500000000");
    QTest::newRow("zero") << QByteArray("000") << QByteArray("0.0000000000");
    QTest::newRow("negative") << QByteArray("-3.5") << QByteArray("-3.5000000000");
    QTest::newRow("negative zero") << QByteArray("-0.0") << QByteArray("0.0000000000");
    QTest::newRow("plus") << QByteArray("+2") << QByteArray("2.0000000000");
    QTest::newRow("largest") << QByteArray("9999999999999999999999999999.9999999999")
                             << QByteArray("9999999999999999999999999999.9999999999");
}

void TestDamlValue::numericIsAnsweredWithTenDecimals()
{
    QFETCH(const QByteArray, given);
    QFETCH(const QByteArray, expected);
    const auto normalised = normalisedNumeric(given.toStdString());
    QVERIFY(normalised);
    QCOMPARE(QByteArray::fromStdString(*normalised), expected);
}

void TestDamlValue::otherTextsAreNoNumeric_data()
{
    QTest::addColumn<QByteArray>("given");
    for (const char *text : {"", "-", ".", "1.", ".5", "1e5", "0x10", "1,000", " 1", "1 ", "--1", "1.2.3", "1.12345678901",
             "12345678901234567890123456789"}) {
        QTest::newRow(text) << QByteArray(text);
    }
}

void TestDamlValue::otherTextsAreNoNumeric()
{
    QFETCH(const QByteArray, given);
    QVERIFY(!normalisedNumeric(given.toStdString()));
}

void TestDamlValue::partyIdsHaveTheAlphabetOfDaml()
{
    QVERIFY(isPartyText("Relayer::1220ab"));
    QVERIFY(isPartyText("a b-c_d"));
    QVERIFY(!isPartyText(""));
    QVERIFY(!isPartyText("a/b"));
    QVERIFY(!isPartyText("a\n"));
    QVERIFY(isPartyText(std::string(255, 'a')));
    QVERIFY(!isPartyText(std::string(256, 'a')));
}

QTEST_APPLESS_MAIN(TestDamlValue)

#include "tst_damlvalue.moc"
