#include "backend/keys/pkcs11module.h"
#include "backend/keys/pkcs11token.h"
#include "tests/backend/evm/values.h"
#include "tests/backend/keys/softhsm.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

class TestPkcs11Module final : public QObject {
    Q_OBJECT

private:
    SoftHsm m_hsm;

private slots:
    void saysWhichModuleIsNotThere()
    {
        const auto module = Pkcs11Module::load(u"/nowhere/token.so"_s);
        QCOMPARE(module.error().kind, ErrorKind::NotFound);
        QVERIFY(module.error().message.contains(u"/nowhere/token.so"));
    }

    void refusesWhatIsNoModule()
    {
        QFile text(m_hsm.folder() + u"/text.so"_s);
        QVERIFY(text.open(QIODevice::WriteOnly));
        text.write("no library");
        text.close();
        QCOMPARE(Pkcs11Module::load(text.fileName()).error().kind, ErrorKind::Invalid);
    }

    void mayBeLoadedTwiceInOneProcess()
    {
        const auto first = m_hsm.module();
        const auto token = initialiseToken(*first, u"bob"_s, secret("12345678"), secret("1234")).value();
        {
            const auto second = m_hsm.module();
            QVERIFY(generateSecp256k1Key(*second, token.serial, secret("1234"), Bytes("\x01", 1), u"k"_s).has_value());
        }
        QVERIFY(generateSecp256k1Key(*first, token.serial, secret("1234"), Bytes("\x02", 1), u"k"_s).has_value());
    }

    void refusesALabelThatIsTooLong()
    {
        const auto module = m_hsm.module();
        const auto token = initialiseToken(*module, QString(33, u'x'), secret("12345678"), secret("1234"));
        QCOMPARE(token.error().kind, ErrorKind::Invalid);
    }

    void unwrapsBothFormsOfAPublicPoint()
    {
        const Bytes point = Bytes(1, '\x04') + Bytes(64, '\x11');
        QCOMPARE(unwrapEcPoint(point).value(), point);
        QCOMPARE(unwrapEcPoint(Bytes(hex(u"0441") + point)).value(), point);
        QVERIFY(!unwrapEcPoint(Bytes(hex(u"0440") + point)).has_value());
        QVERIFY(!unwrapEcPoint(point.first(64)).has_value());
        QVERIFY(!unwrapEcPoint({}).has_value());
    }
};

QTEST_GUILESS_MAIN(TestPkcs11Module)
#include "tst_pkcs11module.moc"
