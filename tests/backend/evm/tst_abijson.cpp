#include "backend/evm/abi.h"
#include "backend/evm/abijson.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

using List = AbiValue::List;

std::vector<AbiParameter> parameters(QStringView list)
{
    return parseParameterList(list).value();
}

Result<std::vector<AbiValue>> read(QStringView list, QByteArrayView json)
{
    const auto text = JsonText::parse(json.toByteArray()).value();
    return abiValuesFromJson(parameters(list), text.root());
}

QString errorOf(QStringView list, QByteArrayView json)
{
    const auto values = read(list, json);
    return values ? QString() : values.error().message;
}

QByteArray written(QStringView list, const std::vector<AbiValue> &values)
{
    QByteArray json;
    appendAbiJson(json, parameters(list), values);
    return json;
}

} // namespace

class TestAbiJson final : public QObject {
    Q_OBJECT

private slots:
    void writesWhatItReads_data()
    {
        QTest::addColumn<QString>("list");
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("nothing") << u"()"_s << "[]"_ba;
        QTest::newRow("integers") << u"(uint8,int8,int256)"_s << QByteArray(R"(["255","-128","-1"])");
        QTest::newRow("bool") << u"(bool,bool)"_s << "[true,false]"_ba;
        QTest::newRow("address") << u"(address)"_s << QByteArray(R"(["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"])");
        QTest::newRow("bytes") << u"(bytes,bytes2)"_s << QByteArray(R"(["0x","0x00ff"])");
        QTest::newRow("text") << u"(string)"_s << "[\"say \\\"x\\\" \\\\ \xC3\xBC\"]"_ba;
        QTest::newRow("byte order mark") << u"(string)"_s << "[\"\xEF\xBB\xBFx\"]"_ba;
        QTest::newRow("nested") << u"((uint8 a,(bool,string)[2] b)[],uint8[1][])"_s
                                << QByteArray(R"([[["1",[[true,"x"],[false,""]]]],[["1"],["2"]]])");
        QTest::newRow("empty lists") << u"(bool[],bytes[][])"_s << "[[],[[],[]]]"_ba;
    }
    void writesWhatItReads()
    {
        QFETCH(QString, list);
        QFETCH(QByteArray, json);
        const auto values = read(list, json);
        QVERIFY2(values.has_value(), qPrintable(values ? QString() : values.error().message));
        QCOMPARE(written(list, *values), json);
        QVERIFY(abiEncode(list, *values));
    }

    void readsTuplesByTheNamesOfTheirComponents()
    {
        const auto values = read(u"((address to,uint8 n) call)", R"({"call":{"n":1,"to":"0x52908400098527886e0f7030069857d2e4169ee7"}})");
        QCOMPARE(written(u"((address to,uint8 n) call)", values.value()), QByteArray(R"([["0x52908400098527886E0F7030069857D2E4169EE7","1"]])"));
    }

    void tellsThePathOfWhatIsWrong_data()
    {
        QTest::addColumn<QString>("list");
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("message");
        QTest::newRow("range") << u"(bool,(uint8 n)[] items)"_s << QByteArray(R"([true,[[1],[256]]])") << u"[1][1][0]: \"256\" does not fit 8 bits"_s;
        QTest::newRow("by name") << u"(bool,(uint8 n)[] items)"_s << QByteArray(R"([true,[{"n":-1}]])") << u"[1][0].n: \"-1\" is negative"_s;
        QTest::newRow("missing") << u"((uint8 n,bool b) x)"_s << QByteArray(R"([{"n":1}])") << u"[0]: b is missing"_s;
        QTest::newRow("extra") << u"((uint8 n) x)"_s << QByteArray(R"([{"n":1,"m":2}])") << u"[0]: m is no component of it"_s;
        QTest::newRow("too few") << u"(bool[2])"_s << "[[true]]"_ba << u"[0]: 2 values are needed, 1 given"_s;
        QTest::newRow("too many") << u"(bool)"_s << "[true,true]"_ba << u"1 values are needed, 2 given"_s;
        QTest::newRow("bool of a number") << u"(bool)"_s << "[1]"_ba << u"[0]: true or false is needed, not a number"_s;
        QTest::newRow("list of a text") << u"(bool[])"_s << QByteArray(R"(["x"])") << u"[0]: an array is needed, not a text"_s;
        QTest::newRow("fixed bytes") << u"(bytes2)"_s << QByteArray(R"(["0x00"])") << u"[0]: bytes2 has 2 bytes, 1 given"_s;
        QTest::newRow("text of a number") << u"(string)"_s << "[1]"_ba << u"[0]: a text is needed, not a number"_s;
    }
    void tellsThePathOfWhatIsWrong()
    {
        QFETCH(QString, list);
        QFETCH(QByteArray, json);
        QFETCH(QString, message);
        QCOMPARE(errorOf(list, json), message);
    }

    void refusesObjectsForComponentsWithoutNamesOfTheirOwn()
    {
        QVERIFY(!errorOf(u"((uint8,bool) x)", R"([{"":1}])").isEmpty());
        QVERIFY(!errorOf(u"((uint8 a,bool a) x)", R"([{"a":1,"b":true}])").isEmpty());
        QVERIFY(!errorOf(u"(address a)", R"(["0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"])").isEmpty());
    }

    void writesNullForAValueOfAnotherType()
    {
        QCOMPARE(written(u"(bool)", {AbiValue(List{true})}), "[null]"_ba);
    }

private:
    static bool abiEncode(QStringView list, const std::vector<AbiValue> &values)
    {
        return countersign::abiEncode(parameters(list), values).has_value();
    }
};

QTEST_GUILESS_MAIN(TestAbiJson)
#include "tst_abijson.moc"
