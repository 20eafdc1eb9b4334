#include "backend/evm/abi.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

std::vector<AbiType> types(QStringView list)
{
    return typesOf(parseParameterList(list).value());
}

const Address someone = address(u"0x52908400098527886E0F7030069857D2E4169EE7");

// Encoded by ethers 6: (uint256,(address,string[],(bool,bytes))[],bytes3[2],int16).
const QString nested =
    u"0000000000000000000000000000000000000000000000000000000000000007"
    "00000000000000000000000000000000000000000000000000000000000000a0"
    "0102030000000000000000000000000000000000000000000000000000000000"
    "aabbcc0000000000000000000000000000000000000000000000000000000000"
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe"
    "0000000000000000000000000000000000000000000000000000000000000002"
    "0000000000000000000000000000000000000000000000000000000000000040"
    "0000000000000000000000000000000000000000000000000000000000000220"
    "00000000000000000000000052908400098527886e0f7030069857d2e4169ee7"
    "0000000000000000000000000000000000000000000000000000000000000060"
    "0000000000000000000000000000000000000000000000000000000000000160"
    "0000000000000000000000000000000000000000000000000000000000000002"
    "0000000000000000000000000000000000000000000000000000000000000040"
    "0000000000000000000000000000000000000000000000000000000000000080"
    "0000000000000000000000000000000000000000000000000000000000000003"
    "6f6e650000000000000000000000000000000000000000000000000000000000"
    "000000000000000000000000000000000000000000000000000000000000002f"
    "74776f20776f726473207468617420617265206c6f6e676572207468616e2074"
    "68697274792d74776f2062797465730000000000000000000000000000000000"
    "0000000000000000000000000000000000000000000000000000000000000001"
    "0000000000000000000000000000000000000000000000000000000000000040"
    "0000000000000000000000000000000000000000000000000000000000000002"
    "0102000000000000000000000000000000000000000000000000000000000000"
    "00000000000000000000000052908400098527886e0f7030069857d2e4169ee7"
    "0000000000000000000000000000000000000000000000000000000000000060"
    "0000000000000000000000000000000000000000000000000000000000000080"
    "0000000000000000000000000000000000000000000000000000000000000000"
    "0000000000000000000000000000000000000000000000000000000000000000"
    "0000000000000000000000000000000000000000000000000000000000000040"
    "0000000000000000000000000000000000000000000000000000000000000000"_s;
const QString nestedTypes = u"(uint256,(address,string[],(bool,bytes))[],bytes3[2],int16)"_s;

std::vector<AbiValue> nestedValues()
{
    using List = AbiValue::List;
    const QString longText = u"two words that are longer than thirty-two bytes"_s;
    return {Uint256(7),
            List{List{someone, List{u"one"_s, longText}, List{true, hex(u"0102")}}, List{someone, List{}, List{false, Bytes()}}},
            List{hex(u"010203"), hex(u"aabbcc")}, AbiValue::ofSigned(-2)};
}

} // namespace

class TestAbi final : public QObject {
    Q_OBJECT

private slots:
    void encodesNestedDynamicValuesAsEthersDoes()
    {
        const auto encoded = abiEncode(types(nestedTypes), nestedValues());
        QCOMPARE(toHex(encoded.value()), QString(u"0x"_s + nested));
    }

    void decodesBackWhatItEncoded()
    {
        const auto decoded = abiDecodeStrict(types(nestedTypes), hex(nested));
        QVERIFY(decoded.has_value());
        QVERIFY(*decoded == nestedValues());
    }

    void roundTripsEveryElementaryType_data()
    {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("encoded");
        const QString max = u'f' + QString(63, u'f');
        QTest::newRow("uint256 max") << u"(uint256)"_s << max;
        QTest::newRow("uint8 max") << u"(uint8)"_s << u"ff"_s.rightJustified(64, u'0');
        QTest::newRow("int8 min") << u"(int8)"_s << u"80"_s.rightJustified(64, u'f');
        QTest::newRow("int8 max") << u"(int8)"_s << u"7f"_s.rightJustified(64, u'0');
        QTest::newRow("int256 min") << u"(int256)"_s << u"8"_s.leftJustified(64, u'0');
        QTest::newRow("bool") << u"(bool)"_s << u"1"_s.rightJustified(64, u'0');
        QTest::newRow("bytes32") << u"(bytes32)"_s << max;
        QTest::newRow("bytes1") << u"(bytes1)"_s << u"ff"_s.leftJustified(64, u'0');
        QTest::newRow("function") << u"(function)"_s << QString(48, u'a').leftJustified(64, u'0');
        QTest::newRow("empty tuple list") << u"()"_s << QString();
    }
    void roundTripsEveryElementaryType()
    {
        QFETCH(QString, type);
        QFETCH(QString, encoded);
        const auto decoded = abiDecodeStrict(types(type), hex(encoded));
        QVERIFY2(decoded.has_value(), qPrintable(decoded ? QString() : decoded.error().message));
        QCOMPARE(toHex(abiEncode(types(type), *decoded).value()), QString(u"0x"_s + encoded));
    }

    void keepsAByteOrderMarkAndZerosInText()
    {
        const AbiValue text(QString(u"\uFEFFa\0b"_s));
        const auto encoded = abiEncode(types(u"(string)"), std::array{text});
        const auto decoded = abiDecodeStrict(types(u"(string)"), encoded.value());
        QVERIFY(decoded.value().front() == text);
    }

    void refusesEachDeviationWithItsOwnError_data()
    {
        QTest::addColumn<QString>("list");
        QTest::addColumn<QString>("data");
        QTest::addColumn<QString>("detail");
        const auto w = [](QStringView digits) { return digits.toString().rightJustified(64, u'0'); };
        const auto left = [](QStringView digits) { return digits.toString().leftJustified(64, u'0'); };
        QTest::newRow("short head") << u"(uint256)"_s << QString(62, u'0') << u"abi.truncated at byte 31"_s;
        QTest::newRow("trailing word") << u"(uint256)"_s << QString(w(u"1") + w(u"0")) << u"abi.trailing at byte 32"_s;
        QTest::newRow("trailing byte") << u"(bool)"_s << QString(w(u"1") + u"00"_s) << u"abi.trailing at byte 32"_s;
        QTest::newRow("dirty uint") << u"(uint8)"_s << w(u"100") << u"abi.integer at byte 0"_s;
        QTest::newRow("int not extended") << u"(int8)"_s << w(u"80") << u"abi.integer at byte 0"_s;
        QTest::newRow("int extended wrongly") << u"(int8)"_s << u"7f"_s.rightJustified(64, u'f') << u"abi.integer at byte 0"_s;
        QTest::newRow("bool two") << u"(bool)"_s << w(u"2") << u"abi.bool at byte 0"_s;
        QTest::newRow("bool high") << u"(bool)"_s << left(u"01") << u"abi.bool at byte 0"_s;
        QTest::newRow("dirty address") << u"(address)"_s << QString(w(QString(u"1"_s + QString(40, u'a')))) << u"abi.address at byte 0"_s;
        QTest::newRow("dirty bytes3") << u"(bytes3)"_s << left(u"01020304") << u"abi.fixedbytes at byte 0"_s;
        QTest::newRow("offset beyond") << u"(bytes)"_s << QString(w(u"60") + w(u"0")) << u"abi.offset.large at byte 0"_s;
        QTest::newRow("offset huge") << u"(bytes)"_s << QString(QString(64, u'f') + w(u"0")) << u"abi.offset.large at byte 0"_s;
        QTest::newRow("offset to itself") << u"(bytes)"_s << QString(w(u"0") + w(u"0")) << u"abi.offset.cycle at byte 0"_s;
        QTest::newRow("list in itself") << u"(uint8[][])"_s << QString(w(u"20") + w(u"1") + w(u"0")) << u"abi.offset.cycle at byte 64"_s;
        QTest::newRow("offset out of order") << u"(bytes,bytes)"_s << QString(w(u"60") + w(u"40") + w(u"0") + w(u"0"))
                                             << u"abi.offset.gap at byte 0"_s;
        QTest::newRow("offset shared") << u"(bytes,bytes)"_s << QString(w(u"40") + w(u"40") + w(u"0")) << u"abi.offset.backward at byte 32"_s;
        QTest::newRow("offset gap") << u"(bytes)"_s << QString(w(u"40") + w(u"0") + w(u"0")) << u"abi.offset.gap at byte 0"_s;
        QTest::newRow("length beyond") << u"(bytes)"_s << QString(w(u"20") + w(u"1")) << u"abi.length at byte 32"_s;
        QTest::newRow("array length beyond") << u"(uint8[])"_s << QString(w(u"20") + w(u"2") + w(u"1")) << u"abi.length at byte 32"_s;
        QTest::newRow("list of lists length huge") << u"(bytes[])"_s << QString(w(u"20") + u"8"_s.leftJustified(64, u'0') + w(u"20"))
                                                   << u"abi.length at byte 32"_s;
        QTest::newRow("array length huge") << u"(uint8[])"_s << QString(w(u"20") + QString(64, u'f')) << u"abi.length at byte 32"_s;
        QTest::newRow("padding missing") << u"(bytes)"_s << QString(w(u"20") + w(u"1") + u"aa"_s) << u"abi.padding.missing at byte 65"_s;
        QTest::newRow("padding dirty") << u"(bytes)"_s << QString(w(u"20") + w(u"1") + left(u"aabb")) << u"abi.padding at byte 65"_s;
        QTest::newRow("not utf-8") << u"(string)"_s << QString(w(u"20") + w(u"1") + left(u"ff")) << u"abi.utf8 at byte 64"_s;
        QTest::newRow("overlong utf-8") << u"(string)"_s << QString(w(u"20") + w(u"2") + left(u"c080")) << u"abi.utf8 at byte 64"_s;
        QTest::newRow("missing length") << u"(bytes)"_s << w(u"20") << u"abi.truncated at byte 32"_s;
    }
    void refusesEachDeviationWithItsOwnError()
    {
        QFETCH(QString, list);
        QFETCH(QString, data);
        QFETCH(QString, detail);
        const auto decoded = abiDecodeStrict(types(list), hex(data));
        QVERIFY(!decoded.has_value());
        QCOMPARE(decoded.error().detail, detail);
        QCOMPARE(decoded.error().kind, ErrorKind::Invalid);
    }

    void refusesEveryTruncationOfAValidEncoding()
    {
        const Bytes whole = hex(nested);
        for (qsizetype size = 0; size < whole.size(); ++size)
            QVERIFY(!abiDecodeStrict(types(nestedTypes), whole.first(size)).has_value());
    }

    void refusesDataAboveTheLimit()
    {
        const auto decoded = abiDecodeStrict(types(u"(uint256)"), Bytes(64, '\0'), {.maxBytes = 32});
        QCOMPARE(decoded.error().kind, ErrorKind::Exhausted);
    }

    void refusesValuesThatDoNotFit_data()
    {
        QTest::addColumn<QString>("list");
        QTest::addColumn<int>("which");
        QTest::newRow("uint8 of 256") << u"(uint8)"_s << 0;
        QTest::newRow("int8 of 256") << u"(int8)"_s << 0;
        QTest::newRow("address of a number") << u"(address)"_s << 0;
        QTest::newRow("bool of a number") << u"(bool)"_s << 0;
        QTest::newRow("bytes4 of three bytes") << u"(bytes4)"_s << 1;
        QTest::newRow("string of bytes") << u"(string)"_s << 1;
        QTest::newRow("two of three") << u"(bool[3])"_s << 2;
        QTest::newRow("tuple of two") << u"((bool,bool,bool))"_s << 2;
        QTest::newRow("list for bytes") << u"(bytes)"_s << 2;
    }
    void refusesValuesThatDoNotFit()
    {
        QFETCH(QString, list);
        QFETCH(int, which);
        const std::array<AbiValue, 3> values = {AbiValue(Uint256(256)), AbiValue(hex(u"010203")), AbiValue(AbiValue::List{true, false})};
        QCOMPARE(abiEncode(types(list), std::array{values[static_cast<size_t>(which)]}).error().kind, ErrorKind::Invalid);
    }

    void refusesTheWrongNumberOfValues()
    {
        QVERIFY(!abiEncode(types(u"(bool,bool)"), std::array{AbiValue(true)}).has_value());
    }

    void readsTypesAsTheyAreWritten_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("canonical");
        QTest::newRow("alias") << u"uint"_s << u"uint256"_s;
        QTest::newRow("nested arrays") << u"int[3][]"_s << u"int256[3][]"_s;
        QTest::newRow("tuple with names") << u"(address to, (bool ok, bytes data)[2] calls)"_s << u"(address,(bool,bytes)[2])"_s;
        QTest::newRow("word tuple") << u"tuple(uint8 a)[]"_s << u"(uint8)[]"_s;
        QTest::newRow("wrong width") << u"uint7"_s << QString();
        QTest::newRow("wide") << u"uint264"_s << QString();
        QTest::newRow("bytes33") << u"bytes33"_s << QString();
        QTest::newRow("bytes0") << u"bytes0"_s << QString();
        QTest::newRow("leading zero") << u"uint08"_s << QString();
        QTest::newRow("zero array") << u"bool[0]"_s << QString();
        QTest::newRow("array too long") << u"bool[99999999999999999999]"_s << QString();
        QTest::newRow("product too long") << u"bool[100000][100000]"_s << QString();
        QTest::newRow("empty tuple") << u"()"_s << QString();
        QTest::newRow("open") << u"(bool"_s << QString();
        QTest::newRow("trailing") << u"bool)"_s << QString();
        QTest::newRow("fixed point") << u"fixed128x18"_s << QString();
        QTest::newRow("nothing") << QString() << QString();
        QTest::newRow("deep") << QString(u"bool"_s + u"[]"_s.repeated(100)) << QString();
        QTest::newRow("deep tuple") << u"("_s.repeated(10000) << QString();
    }
    void readsTypesAsTheyAreWritten()
    {
        QFETCH(QString, text);
        QFETCH(QString, canonical);
        const auto type = AbiType::parse(text);
        QCOMPARE(type ? type->canonical() : QString(), canonical);
        if (!type)
            QVERIFY(!type.error().message.isEmpty());
    }

    void tellsWhereATextIsWrong()
    {
        QCOMPARE(AbiType::parse(u"(bool,uint7)").error().message, u"unknown type uint7 at character 7"_s);
    }

    void writesValuesForPeople()
    {
        const auto parameters = parseParameterList(u"((address owner,int8 n,string s,bytes b)[] list)").value();
        const AbiValue value(AbiValue::list({AbiValue::list({someone, AbiValue::ofSigned(-3), u"say \"x\""_s, hex(u"00ff")})}));
        QCOMPARE(abiToText(parameters.front().type, value),
                 u"[(owner: 0x52908400098527886E0F7030069857D2E4169EE7, n: -3, s: \"say \\\"x\\\"\", b: 0x00ff)]"_s);
    }
};

QTEST_GUILESS_MAIN(TestAbi)
#include "tst_abi.moc"
