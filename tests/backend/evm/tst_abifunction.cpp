#include "backend/evm/abifunction.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

class TestAbiFunction final : public QObject {
    Q_OBJECT

private slots:
    void takesTheSelectorOfTheCanonicalSignature_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("selector");
        QTest::newRow("transfer") << u"function transfer(address to, uint amount) external returns (bool)"_s << u"0xa9059cbb"_s;
        QTest::newRow("execTransaction")
            << u"execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address payable,bytes)"_s << u"0x6a761202"_s;
        QTest::newRow("no arguments") << u"getOwners() view returns (address[])"_s << u"0xa0e67e2b"_s;
        QTest::newRow("transferOwnership") << u"transferOwnership(address)"_s << u"0xf2fde38b"_s;
    }
    void takesTheSelectorOfTheCanonicalSignature()
    {
        QFETCH(QString, text);
        QFETCH(QString, selector);
        QCOMPARE(AbiFunction::parse(text).value().selector().toString(), selector);
    }

    void encodesAndDecodesACall()
    {
        const auto transfer = AbiFunction::parse(u"transfer(address to,uint256 amount)").value();
        const Address to = address(u"0x52908400098527886E0F7030069857D2E4169EE7");
        const auto data = transfer.encodeCall({to, Uint256(1000)});
        QCOMPARE(toHex(data.value()),
                 u"0xa9059cbb00000000000000000000000052908400098527886e0f7030069857d2e4169ee7"
                 "00000000000000000000000000000000000000000000000000000000000003e8"_s);
        const auto arguments = transfer.decodeCall(*data);
        QVERIFY(arguments.value()[1] == AbiValue(Uint256(1000)));
    }

    void takesOneTupleForOneArgument()
    {
        const auto function = AbiFunction::parse(u"f((uint256,bool) pair)").value();
        const auto data = function.encodeCall({AbiValue::List{Uint256(1), true}});
        QVERIFY(data.has_value());
        QVERIFY(function.decodeCall(*data).value() == AbiValue::list({AbiValue::List{Uint256(1), true}}));
    }

    void refusesACallOfAnotherFunction()
    {
        const auto transfer = AbiFunction::parse(u"transfer(address to,uint256 amount)").value();
        QCOMPARE(transfer.decodeCall(hex(u"095ea7b3")).error().detail, u"abi.selector at byte 0"_s);
        QVERIFY(transfer.decodeCall(hex(u"a9059c")).error().detail.startsWith(u"abi.truncated"));
        QVERIFY(!transfer.decodeCallLenient(hex(u"a9059c")).has_value());
        QCOMPARE(transfer.decodeCallLenient(hex(u"00000000") + Bytes(64, '\0')).error().detail, u"abi.selector at byte 0"_s);
        QCOMPARE(transfer.decodeCallLenient(hex(u"a9059cbb") + Bytes(96, '\0')).value().deviations.front().position, 64);
    }

    void decodesWhatACallReturned()
    {
        const auto owners = AbiFunction::parse(u"getOwners() view returns (address[])").value();
        const auto output = owners.decodeOutput(Bytes(word(u"20") + word(u"1") + word(u"52908400098527886E0F7030069857D2E4169EE7")));
        QCOMPARE(output.value().front().get<AbiValue::List>()->size(), size_t(1));
        QCOMPARE(owners.mutability(), StateMutability::View);
    }

    void refusesMalformedSignatures_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("no name") << u"(bool)"_s;
        QTest::newRow("no list") << u"transfer"_s;
        QTest::newRow("open list") << u"transfer(bool"_s;
        QTest::newRow("double comma") << u"transfer(bool,,bool)"_s;
        QTest::newRow("rest") << u"transfer(bool) nonsense"_s;
        QTest::newRow("empty") << QString();
    }
    void refusesMalformedSignatures()
    {
        QFETCH(QString, text);
        QCOMPARE(AbiFunction::parse(text).error().kind, ErrorKind::Invalid);
    }
};

QTEST_GUILESS_MAIN(TestAbiFunction)
#include "tst_abifunction.moc"
