#include "backend/evm/abipacked.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

using List = AbiValue::List;

Result<Bytes> packed(QStringView list, const List &values)
{
    return abiEncodePacked(typesOf(parseParameterList(list).value()), values);
}

} // namespace

class TestAbiPacked final : public QObject {
    Q_OBJECT

private slots:
    // The example of the ABI specification.
    void packsTheExampleOfTheSpecification()
    {
        const List values = {AbiValue::ofSigned(-1), hex(u"42"), Uint256(3), u"Hello, world!"_s};
        QCOMPARE(packed(u"(int16,bytes1,uint16,string)", values).value(), hex(u"ffff42000348656c6c6f2c20776f726c6421"));
    }

    void packsEachElementaryTypeInItsOwnWidth()
    {
        const List values = {address(u"0x52908400098527886E0F7030069857D2E4169EE7"), true, hex(u"010203"), hex(u""), Uint256(7),
                             hex(QString(48, u'a'))};
        QCOMPARE(packed(u"(address,bool,bytes3,bytes,uint24,function)", values).value(),
                 hex(u"52908400098527886e0f7030069857d2e4169ee701010203000007aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
    }

    void padsElementsOfArraysAndCountsNothing()
    {
        const QString one = u"1"_s.rightJustified(64, u'0');
        const QString two = u"2"_s.rightJustified(64, u'0');
        QCOMPARE(packed(u"(uint8[],uint8)", List{List{Uint256(1), Uint256(2)}, Uint256(3)}).value(), hex(QString(one + two + u"03"_s)));
        QCOMPARE(packed(u"(bytes2[1])", AbiValue::list({List{hex(u"aabb")}})).value(), hex(u"aabb"_s.leftJustified(64, u'0')));
        QCOMPARE(packed(u"(uint8[1][])", AbiValue::list({AbiValue::list({List{Uint256(1)}, List{Uint256(2)}})})).value(), hex(QString(one + two)));
        QCOMPARE(packed(u"(bool[])", AbiValue::list({List{}})).value(), Bytes());
    }

    void refusesWhatTheCompilerRefuses()
    {
        QCOMPARE(packed(u"((bool))", AbiValue::list({List{true}})).error().detail, u"abi.packed"_s);
        QVERIFY(!packed(u"(bytes[])", AbiValue::list({List{}})).has_value());
        QVERIFY(!packed(u"(string[2])", AbiValue::list({List{u"a"_s, u"b"_s}})).has_value());
        QVERIFY(!packed(u"((bool)[])", AbiValue::list({List{}})).has_value());
    }

    void refusesValuesThatDoNotFit()
    {
        QCOMPARE(packed(u"(bool,uint8)", List{true, Uint256(256)}).error().message,
                 u"[1]: The value does not fit uint8: the number is out of range"_s);
        QVERIFY(!packed(u"(uint8[2])", AbiValue::list({List{Uint256(1)}})).has_value());
        QVERIFY(!packed(u"(bool)", List{}).has_value());
        QVERIFY(!packed(u"(string)", List{hex(u"00")}).has_value());
        QVERIFY(!packed(u"(uint8[])", List{Uint256(1)}).has_value());
    }
};

QTEST_GUILESS_MAIN(TestAbiPacked)
#include "tst_abipacked.moc"
