#include "app/practice/support/vaultintent.h"
#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

class TestVaultIntent : public QObject {
    Q_OBJECT

private slots:
    void aNumericBecomesTheSmallestUnit_data()
    {
        QTest::addColumn<QString>("numeric");
        QTest::addColumn<QString>("units");
        QTest::newRow("whole") << u"12"_s << u"12000000"_s;
        QTest::newRow("as Canton prints") << u"1250.5000000000"_s << u"1250500000"_s;
        QTest::newRow("smallest") << u"0.000001"_s << u"1"_s;
        QTest::newRow("zero") << u"0.0"_s << u"0"_s;
    }
    void aNumericBecomesTheSmallestUnit()
    {
        QFETCH(const QString, numeric);
        QFETCH(const QString, units);
        QCOMPARE(amountFromNumeric(numeric)->toDecimal(), units);
    }

    void whatIsNoAmountIsRefused_data()
    {
        QTest::addColumn<QString>("numeric");
        for (const QString &numeric : {QString(), u"-1"_s, u"1e6"_s, u"0x10"_s, u".5"_s, u"1.0000001"_s, u"1.2.3"_s, QString(80, u'9')})
            QTest::newRow(qPrintable(u"\"%1\""_s.arg(numeric.left(12)))) << numeric;
    }
    void whatIsNoAmountIsRefused()
    {
        QFETCH(const QString, numeric);
        QVERIFY(!amountFromNumeric(numeric));
    }

    void anAmountSurvivesTheWayThereAndBack()
    {
        for (const quint64 units : {0ULL, 1ULL, 999'999ULL, 1'000'000ULL, 123'456'789'012ULL})
            QCOMPARE(*amountFromNumeric(numericFromAmount(Uint256(units))), Uint256(units));
        QCOMPARE(numericFromAmount(Uint256(1'250'500'000)), u"1250.5000000000"_s);
    }

    void theDigestDependsOnChainVaultAndEveryField()
    {
        const Address vault = *Address::parse(u"0x00000000000000000000000000000000000000aa");
        VaultIntent intent;
        const Hash32 plain = *intentDigest(intent, ChainId(1), vault);
        QVERIFY(*intentDigest(intent, ChainId(2), vault) != plain);
        QVERIFY(*intentDigest(intent, ChainId(1), Address()) != plain);
        intent.nonce = Uint256(1);
        QVERIFY(*intentDigest(intent, ChainId(1), vault) != plain);
        intent = VaultIntent();
        intent.data = "x";
        QVERIFY(*intentDigest(intent, ChainId(1), vault) != plain);
    }
};

QTEST_GUILESS_MAIN(TestVaultIntent)
#include "tst_vaultintent.moc"
