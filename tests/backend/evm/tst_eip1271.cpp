#include "backend/evm/eip1271.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

// A word of the ABI that holds a small number.
QString number(const QString &digits)
{
    return digits.rightJustified(64, u'0');
}

const QString twos = u"22"_s.repeated(65) + u"00"_s.repeated(31); // 65 bytes, filled up to three words

} // namespace

class TestEip1271 final : public QObject {
    Q_OBJECT

private slots:
    // As ethers 6 encodes them.
    void callsBothForms()
    {
        const Bytes signature(65, '\x22');
        QCOMPARE(isValidSignatureCall(Hash32::fromDigest(Bytes(32, '\x11')), signature),
            hex(QString(u"1626ba7e"_s + u"11"_s.repeated(32) + number(u"40"_s) + number(u"41"_s) + twos)));
        QCOMPARE(isValidSignatureOfDataCall(Bytes(33, '\x11'), signature),
            hex(QString(u"20c13b0b"_s + number(u"40"_s) + number(u"a0"_s) + number(u"21"_s) + u"11"_s.repeated(33)
                + u"00"_s.repeated(31) + number(u"41"_s) + twos)));
        QCOMPARE(isValidSignatureOfDataCall({}, {}),
            hex(QString(u"20c13b0b"_s + number(u"40"_s) + number(u"60"_s) + number(u"0"_s) + number(u"0"_s))));
    }

    void takesOneAnswerForYes_data()
    {
        QTest::addColumn<QString>("answer");
        QTest::addColumn<bool>("yes");
        QTest::addColumn<bool>("yesOfData");
        const QString zeros = u"00"_s.repeated(28);
        QTest::newRow("magic") << QString(u"1626ba7e"_s + zeros) << true << false;
        QTest::newRow("magic of the data form") << QString(u"20c13b0b"_s + zeros) << false << true;
        QTest::newRow("nothing") << QString() << false << false;
        QTest::newRow("magic alone") << u"1626ba7e"_s << false << false;
        QTest::newRow("dirty behind") << QString(u"1626ba7e"_s + u"00"_s.repeated(27) + u"01"_s) << false << false;
        QTest::newRow("to the right") << QString(zeros + u"1626ba7e"_s) << false << false;
        QTest::newRow("true") << QString(u"00"_s.repeated(31) + u"01"_s) << false << false;
        QTest::newRow("two words") << QString(u"1626ba7e"_s + zeros + u"00"_s.repeated(32)) << false << false;
        QTest::newRow("refusal") << QString(u"ffffffff"_s + zeros) << false << false;
    }
    void takesOneAnswerForYes()
    {
        QFETCH(QString, answer);
        QFETCH(bool, yes);
        QFETCH(bool, yesOfData);
        QCOMPARE(isValidSignatureAnswer(hex(answer)), yes);
        QCOMPARE(isValidSignatureOfDataAnswer(hex(answer)), yesOfData);
    }
};

QTEST_GUILESS_MAIN(TestEip1271)
#include "tst_eip1271.moc"
