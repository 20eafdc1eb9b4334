#include "backend/types/strings.h"
#include "ui/widgets/format.h"

#include <QLocale>
#include <QTest>

using namespace countersign;

class TestFormat final : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void amountsOfEtherNeverHaveAnExponent_data()
    {
        QTest::addColumn<QString>("wei");
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << u"0"_s << u"0 ether"_s;
        QTest::newRow("one wei") << u"1"_s << u"1 wei"_s;
        QTest::newRow("a base fee near nothing") << u"16910"_s << u"16,910 wei"_s;
        QTest::newRow("a thousandth of a gwei") << u"1000000"_s << u"0.001 gwei"_s;
        QTest::newRow("one gwei") << u"1000000000"_s << u"1 gwei"_s;
        QTest::newRow("the cost of an execution") << u"78380000000000"_s << u"78,380 gwei"_s;
        QTest::newRow("a tenth of a thousandth") << u"100000000000000"_s << u"0.0001 ether"_s;
        QTest::newRow("four digits count") << u"123456789012345678"_s << u"0.1235 ether"_s;
        QTest::newRow("a treasury") << u"1000000000000000000000"_s << u"1,000 ether"_s;
    }

    void amountsOfEtherNeverHaveAnExponent()
    {
        QFETCH(const QString, wei);
        QFETCH(const QString, text);
        const auto amount = Uint256::parse(wei);
        QVERIFY(amount.has_value());
        QCOMPARE(nativeAmountText(*amount), text);
    }
};

QTEST_MAIN(TestFormat)
#include "tst_format.moc"
