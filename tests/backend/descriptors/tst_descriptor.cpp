#include "backend/descriptors/descriptorformatter.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

namespace {

const Address target = *Address::parse(u"0x1111111111111111111111111111111111111111");
const Address friendly = *Address::parse(u"0x2222222222222222222222222222222222222222");
const Address stranger = *Address::parse(u"0x3333333333333333333333333333333333333333");
const Address holder = *Address::parse(u"0x4444444444444444444444444444444444444444");

/// A descriptor of one function: its key, what it says of it, and further metadata.
QByteArray describing(const QByteArray &key, const QByteArray &format, const QByteArray &metadata = {})
{
    return R"({"context":{"contract":{"deployments":[{"chainId":1,"address":"0x1111111111111111111111111111111111111111"}]}},
        "metadata":{"owner":"Somebody")" + metadata + R"(},"display":{"formats":{")" + key + R"(":)" + format + "}}}";
}

QString nameOf(const Address &address)
{
    return address == friendly ? u"alice"_s : QString();
}

DescribedCall describe(const QByteArray &json, QStringView function, std::initializer_list<AbiValue> arguments, bool isKnown = true)
{
    const auto descriptor = Descriptor::load(u"test.json"_s, json);
    if (!descriptor)
        qFatal("%s", qPrintable(descriptor.error().message));
    const AbiFunction called = AbiFunction::parse(function).value();
    CallToDescribe call{ChainId(1), holder, target, Uint256(1'500'000'000'000'000'000), called.encodeCall(arguments).value(), nullptr, {}};
    if (isKnown) {
        call.parameters = &called.inputs();
        call.signature = called.signature();
    }
    return describeCall(*descriptor, call, nameOf);
}

QString value(const DescribedCall &described, QStringView label)
{
    if (!described.hint)
        return u"no hint: "_s + described.mismatch;
    for (const HintField &field : described.hint->fields) {
        if (field.label == label)
            return field.value;
    }
    return u"no field"_s;
}

} // namespace

class TestDescriptor final : public QObject {
    Q_OBJECT

private slots:
    void fieldsAreFormatted_data();
    void fieldsAreFormatted();
    void intentIsFilledIn();
    void definitionsAreReferredTo();
    void whatIsLeftOutIsNamed_data();
    void whatIsLeftOutIsNamed();
    void descriptorThatDoesNotFitIsNotUsed_data();
    void descriptorThatDoesNotFitIsNotUsed();
    void namesForAddressesAreClaims();
    void includedFileIsReadFirst();
    void badFilesAreRefused_data();
    void badFilesAreRefused();
};

void TestDescriptor::fieldsAreFormatted_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<AbiValue::List>("argument");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *type, const char *field, AbiValue argument, const QString &expected) {
        QTest::newRow(name) << QByteArray(type) << QByteArray(field) << AbiValue::list({std::move(argument)}) << expected;
    };
    row("raw number", "uint256", R"("path":"x")", AbiValue(Uint256(7)), u"7"_s);
    row("rooted path", "uint256", R"("path":"#.x","format":"raw")", AbiValue(Uint256(7)), u"7"_s);
    row("address that the book has", "address", R"("path":"x","format":"addressName")", AbiValue(friendly),
        u"alice (0x2222222222222222222222222222222222222222)"_s);
    row("address that the book has not", "address", R"("path":"x","format":"addressName","params":{"types":["eoa"],"sources":["ens"]})",
        AbiValue(stranger), stranger.toString());
    row("amount", "uint256", R"("path":"x","format":"amount")", AbiValue(Uint256(2'500'000'000'000'000'000)), u"2.5 of the chain's coin"_s);
    row("amount below one", "uint256", R"("path":"x","format":"amount")", AbiValue(Uint256(10)), u"0.00000000000000001 of the chain's coin"_s);
    row("value of the transaction", "uint256", R"("path":"@.value","format":"amount")", AbiValue(Uint256()), u"1.5 of the chain's coin"_s);
    row("sender", "uint256", R"("path":"@.from","format":"addressName")", AbiValue(Uint256()), holder.toString());
    row("token of its own", "uint256", R"("path":"x","format":"tokenAmount","params":{"tokenPath":"@.to"})", AbiValue(Uint256(1'230'000)),
        u"1.23 TOK of 0x1111111111111111111111111111111111111111"_s);
    row("another token", "uint256", R"("path":"x","format":"tokenAmount","params":{"token":"0x2222222222222222222222222222222222222222"})",
        AbiValue(Uint256(9)), u"9 of the smallest unit of alice (0x2222222222222222222222222222222222222222)"_s);
    row("token of a constant", "uint256", R"("path":"x","format":"tokenAmount","params":{"token":"$.metadata.constants.token"})",
        AbiValue(Uint256(9)), u"9 of the smallest unit of 0x3333333333333333333333333333333333333333"_s);
    row("coin as a token", "uint256",
        R"("path":"x","format":"tokenAmount","params":{"token":"0x3333333333333333333333333333333333333333","nativeCurrencyAddress":["$.metadata.constants.token"]})",
        AbiValue(Uint256(1'000'000'000'000'000'000)), u"1 of the chain's coin"_s);
    row("above the threshold", "uint256", R"("path":"x","format":"tokenAmount","params":{"tokenPath":"@.to","threshold":"0x64","message":"All"})",
        AbiValue(Uint256(100)), u"All (0.0001 TOK of 0x1111111111111111111111111111111111111111)"_s);
    row("token that nobody names", "uint256", R"("path":"x","format":"tokenAmount")", AbiValue(Uint256(9)), u"9 of an unknown token's smallest unit"_s);
    row("collectible", "uint256", R"("path":"x","format":"nftName","params":{"collectionPath":"@.to"})", AbiValue(Uint256(9)),
        u"number 9 of 0x1111111111111111111111111111111111111111"_s);
    row("date", "uint256", R"("path":"x","format":"date","params":{"encoding":"timestamp"})", AbiValue(Uint256(1'700'000'000)),
        u"2023-11-14 22:13:20 UTC"_s);
    row("date beyond all calendars", "uint256", R"("path":"x","format":"date","params":{"encoding":"timestamp"})", AbiValue(Uint256::max()),
        Uint256::max().toDecimal());
    row("block", "uint256", R"("path":"x","format":"date","params":{"encoding":"blockheight"})", AbiValue(Uint256(17)), u"block 17"_s);
    row("duration", "uint256", R"("path":"x","format":"duration")", AbiValue(Uint256(3'661)), u"01:01:01"_s);
    row("unit", "uint256", R"("path":"x","format":"unit","params":{"base":"%","decimals":4})", AbiValue(Uint256(3'000)), u"0.3%"_s);
    row("negative unit", "int256", R"("path":"x","format":"unit","params":{"base":"bps","decimals":1})", AbiValue::ofSigned(-15), u"-1.5bps"_s);
    row("enumeration", "uint8", R"("path":"x","format":"enum","params":{"$ref":"$.metadata.enums.kind"})", AbiValue(Uint256(1)), u"variable (1)"_s);
    row("value that the enumeration lacks", "uint8", R"("path":"x","format":"enum","params":{"$ref":"$.metadata.enums.kind"})",
        AbiValue(Uint256(5)), u"5"_s);
    row("calldata", "bytes", R"("path":"x","format":"calldata","params":{"calleePath":"@.to"})", AbiValue(Bytes("\1\2\3\4", 4)),
        u"4 bytes to 0x1111111111111111111111111111111111111111, keccak256 %1"_s.arg(keccak256(Bytes("\1\2\3\4", 4)).toString()));
    row("slice of bytes", "bytes", R"("path":"x.[0:2]")", AbiValue(Bytes("\1\2\3\4", 4)), u"0x0102"_s);
    row("end of a number as an address", "uint256", R"("path":"x.[-20:]","format":"addressName")",
        AbiValue(Uint256::fromBigEndian(Bytes(12, '\7') + friendly.bytes()).value()), u"alice (0x2222222222222222222222222222222222222222)"_s);
    row("chain", "uint256", R"("path":"x","format":"chainId")", AbiValue(Uint256(10)), u"chain 10"_s);
    row("text of its own", "uint256", R"("value":"for ever")", AbiValue(Uint256(10)), u"for ever"_s);
    row("constant", "uint256", R"("path":"$.metadata.constants.word")", AbiValue(Uint256(10)), u"hello"_s);
    row("last element", "uint256[]", R"("path":"x.[-1]")", AbiValue(AbiValue::list({AbiValue(Uint256(4)), AbiValue(Uint256(5))})), u"5"_s);
    row("member of a tuple", "(address who,uint256 n)", R"("path":"x.n")", AbiValue(AbiValue::list({AbiValue(friendly), AbiValue(Uint256(5))})), u"5"_s);
}

void TestDescriptor::fieldsAreFormatted()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, field);
    QFETCH(AbiValue::List, argument);
    QFETCH(QString, expected);
    const QByteArray key = "f(" + type + " x)";
    const QByteArray json = describing(key, R"({"intent":"Do","fields":[{"label":"it",)" + field + "}]}",
        R"(,"token":{"name":"Token","ticker":"TOK","decimals":6},"enums":{"kind":{"0":"stable","1":"variable"}},
           "constants":{"token":"0x3333333333333333333333333333333333333333","word":"hello"})");
    QCOMPARE(value(describe(json, QString::fromLatin1(key), {argument.front()}), u"it"), expected);
}

void TestDescriptor::intentIsFilledIn()
{
    const QByteArray fields = R"("fields":[{"path":"to","label":"To","format":"addressName"},{"path":"n","label":"Number"}]})";
    const auto intent = [&](const QByteArray &texts) {
        const DescribedCall described = describe(describing("f(address to,uint256 n)", "{" + texts + "," + fields),
            u"f(address to,uint256 n)", {AbiValue(friendly), AbiValue(Uint256(3))});
        return described.hint ? described.hint->intent : described.mismatch;
    };
    QCOMPARE(intent(R"("intent":"Send")"), u"Send"_s);
    QCOMPARE(intent(R"("intent":{"Action":"Send","Kind":"All"})"), u"Action: Send, Kind: All"_s);
    QCOMPARE(intent(R"("intent":"Send","interpolatedIntent":"Send {n} {{now}} to {#.to}")"),
        u"Send 3 {now} to alice (0x2222222222222222222222222222222222222222)"_s);
    QCOMPARE(intent(R"("intent":"Send","interpolatedIntent":"Send {missing}")"), u"Send"_s);
    QCOMPARE(intent(R"("intent":"Send","interpolatedIntent":"Send {n")"), u"Send"_s);
}

void TestDescriptor::definitionsAreReferredTo()
{
    const QByteArray json = R"json({"context":{"contract":{"deployments":[]}},"display":{
        "definitions":{"sum":{"label":"Sum","format":"unit","params":{"base":"x","decimals":1}}},
        "formats":{"f(uint256 a,uint256 b)":{"intent":"I","fields":[
            {"path":"a","$ref":"$.display.definitions.sum"},
            {"path":"b","$ref":"$.display.definitions.sum","label":"Other","params":{"decimals":"2"}}]}}}})json";
    const DescribedCall described = describe(json, u"f(uint256 a,uint256 b)", {AbiValue(Uint256(15)), AbiValue(Uint256(15))});
    QCOMPARE(value(described, u"Sum"), u"1.5x"_s);
    QCOMPARE(value(described, u"Other"), u"0.15x"_s);
    QVERIFY(described.hidden.isEmpty());
}

void TestDescriptor::whatIsLeftOutIsNamed_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QStringList>("hidden");
    const QStringList all{u"list[0].who"_s, u"list[0].n"_s, u"list[1].who"_s, u"list[1].n"_s, u"data"_s};
    QTest::newRow("nothing shown") << QByteArray("[]") << all;
    QTest::newRow("everything") << QByteArray(R"([{"path":"list.[].who","label":"a"},{"path":"list[].n","label":"b"},{"path":"data","label":"c"}])") << QStringList();
    QTest::newRow("a whole list") << QByteArray(R"([{"path":"list","label":"a"},{"path":"data","label":"c"}])") << QStringList();
    QTest::newRow("one element") << QByteArray(R"([{"path":"list.[0]","label":"a"},{"path":"data","label":"c"}])") << all.mid(2, 2);
    QTest::newRow("a group") << QByteArray(R"([{"path":"list.[]","label":"g","fields":[{"path":"who","label":"a"},{"path":"n","label":"b"}]},{"path":"#.data","label":"c"}])")
                             << QStringList();
    QTest::newRow("never visible") << QByteArray(R"([{"path":"list","label":"a"},{"path":"data","label":"c","visible":"never"}])") << QStringList{u"data"_s};
    QTest::newRow("a part of the bytes") << QByteArray(R"([{"path":"list","label":"a"},{"path":"data.[0:2]","label":"c"}])") << QStringList{u"data"_s};
    QTest::newRow("all of the bytes by a slice") << QByteArray(R"([{"path":"list","label":"a"},{"path":"data.[0:]","label":"c"}])") << QStringList();
}

void TestDescriptor::whatIsLeftOutIsNamed()
{
    QFETCH(QByteArray, fields);
    QFETCH(QStringList, hidden);
    constexpr auto function = u"f((address who,uint256 n)[] list,bytes data)";
    const QByteArray json = describing("f(tuple(address who, uint256 n)[] calldata list, bytes memory data)", R"({"intent":"I","fields":)" + fields + "}");
    const AbiValue one(AbiValue::list({AbiValue(friendly), AbiValue(Uint256(5))}));
    const DescribedCall described = describe(json, function, {AbiValue(AbiValue::list({one, one})), AbiValue(Bytes(4, '\1'))});
    QVERIFY2(described.hint, qPrintable(described.mismatch));
    QCOMPARE(described.hidden, hidden);
}

void TestDescriptor::descriptorThatDoesNotFitIsNotUsed_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<bool>("saysNothing");
    const QByteArray fields = R"({"intent":"I","fields":[{"path":"to","label":"a"},{"path":"n","label":"b"}]})";
    QTest::newRow("another function") << describing("g(address to,uint256 n)", fields) << true;
    QTest::newRow("an argument that is not there") << describing("f(address to,uint256 n)", R"({"fields":[{"path":"amount","label":"a"}]})") << false;
    QTest::newRow("a member of a number") << describing("f(address to,uint256 n)", R"({"fields":[{"path":"n.low","label":"a"}]})") << false;
    QTest::newRow("an element of an address") << describing("f(address to,uint256 n)", R"({"fields":[{"path":"to.[0]","label":"a"}]})") << false;
    QTest::newRow("something required that is not there") << describing("f(address to,uint256 n)", R"({"fields":[],"required":["x"]})") << false;
    QTest::newRow("a value that must be another") << describing("f(address to,uint256 n)", R"({"fields":[{"path":"n","label":"a","visible":{"mustBe":[7]}}]})") << false;
    QByteArray own = describing("f(address to,uint256 n)", fields);
    own.replace(R"("contract":{)", R"("contract":{"abi":[{"type":"function","name":"g","inputs":[],"outputs":[],"stateMutability":"view"}],)");
    QTest::newRow("its own interface lacks it") << own << false;
}

void TestDescriptor::descriptorThatDoesNotFitIsNotUsed()
{
    QFETCH(QByteArray, json);
    QFETCH(bool, saysNothing);
    const DescribedCall described = describe(json, u"f(address to,uint256 n)", {AbiValue(friendly), AbiValue(Uint256(5))});
    QVERIFY(!described.hint);
    QVERIFY(described.hidden.isEmpty() && described.claims.isEmpty());
    QCOMPARE(described.mismatch.isEmpty(), saysNothing);
    // The key's selector decides, whatever we know of the function.
    const DescribedCall fits = describe(describing("f(address,uint256)", R"({"fields":[{"path":"to","label":"a"}]})"),
        u"f(address to,uint256 n)", {AbiValue(friendly), AbiValue(Uint256(5))});
    QVERIFY2(fits.hint, qPrintable(fits.mismatch));
    const DescribedCall unnamed = describe(describing("f(address,uint256)", R"({"fields":[{"path":"to","label":"a"}]})"),
        u"f(address to,uint256 n)", {AbiValue(friendly), AbiValue(Uint256(5))}, false);
    QVERIFY(!unnamed.hint && !unnamed.mismatch.isEmpty());
}

void TestDescriptor::namesForAddressesAreClaims()
{
    const QByteArray json = describing("f(address to)",
        R"({"fields":[{"path":"to","label":"alice","format":"enum","params":{"$ref":"$.metadata.enums.who"}}]})",
        R"(,"enums":{"who":{"0x3333333333333333333333333333333333333333":"The bank"}})");
    const DescribedCall described = describe(json, u"f(address to)", {AbiValue(stranger)});
    const QList<NameClaim> expected{{stranger, u"alice"_s, false}, {stranger, u"The bank"_s, true}};
    QCOMPARE(described.claims.size(), expected.size());
    QVERIFY(described.claims == expected);
}

void TestDescriptor::includedFileIsReadFirst()
{
    const QByteArray common = R"json({"metadata":{"owner":"Common"},"display":{"formats":{"f(address to,uint256 n)":
        {"intent":"Common","fields":[{"path":"to","label":"To"},{"path":"n","label":"Number"}]}}}})json";
    const QByteArray own = R"json({"includes":"./common.json","context":{"contract":{"deployments":[{"chainId":5,"address":"0x1111111111111111111111111111111111111111"}]}},
        "display":{"formats":{"f(address to,uint256 n)":{"intent":"Own","fields":[{"path":"n","label":"Count"}]}}}})json";
    const auto include = [&](const QString &name) -> Result<QByteArray> {
        if (name == "common.json"_L1)
            return common;
        return name == "loop.json"_L1 ? QByteArray(R"({"includes":"loop.json"})") : Result<QByteArray>(fail(ErrorKind::NotFound, name));
    };
    const auto read = Descriptor::load(u"own.json"_s, own, include);
    QVERIFY2(read, qPrintable(read ? QString() : read.error().message));
    QCOMPARE(read->owner, u"Common"_s);
    QCOMPARE(read->deployments.size(), 1);
    QCOMPARE(read->formats.size(), 1U);
    QCOMPARE(read->formats[0].intent, u"Own"_s);
    QCOMPARE(read->formats[0].fields.size(), 2U);
    QCOMPARE(read->formats[0].fields[1].label, u"Count"_s);
    QVERIFY(read->hash != keccak256(own)); // what is included is part of what is claimed
    QVERIFY(!Descriptor::load(u"own.json"_s, own));
    for (const QByteArray &name : {QByteArray("../common.json"), QByteArray("https://example.org/a.json"), QByteArray("/etc/passwd"),
             QByteArray("loop.json"), QByteArray("none.json")})
        QVERIFY2(!Descriptor::load(u"own.json"_s, R"({"includes":")" + name + R"("})", include), name.constData());
}

void TestDescriptor::badFilesAreRefused_data()
{
    QTest::addColumn<QByteArray>("json");
    const auto field = [](const char *text) { return describing("f(uint256 x)", QByteArray(R"({"fields":[)") + text + "]}"); };
    QTest::newRow("no JSON") << QByteArray("{");
    QTest::newRow("no object") << QByteArray("[]");
    QTest::newRow("member of the file") << QByteArray(R"({"shows":"everything"})");
    QTest::newRow("member of a field") << field(R"({"path":"x","label":"a","instead":"b"})");
    QTest::newRow("format") << field(R"({"path":"x","label":"a","format":"magic"})");
    QTest::newRow("parameter") << field(R"({"path":"x","label":"a","params":{"map":{}}})");
    QTest::newRow("path and value") << field(R"({"path":"x","value":"y","label":"a"})");
    QTest::newRow("neither path nor value") << field(R"({"label":"a"})");
    QTest::newRow("path") << field(R"({"path":"x..y","label":"a"})");
    QTest::newRow("bracket") << field(R"({"path":"x.[","label":"a"})");
    QTest::newRow("index") << field(R"({"path":"x.[1e3]","label":"a"})");
    QTest::newRow("visibility") << field(R"({"path":"x","label":"a","visible":"sometimes"})");
    QTest::newRow("definition") << field(R"({"path":"x","$ref":"$.display.definitions.none"})");
    QTest::newRow("text that turns round") << field("{\"path\":\"x\",\"label\":\"a\u202e\"}");
    QTest::newRow("text of two lines") << field(R"({"path":"x","label":"a\nb"})");
    QTest::newRow("key") << describing("transfer", R"({"fields":[]})");
    QTest::newRow("selector") << describing("0x1234", R"({"fields":[]})");
    QTest::newRow("typed data") << QByteArray(R"({"context":{"eip712":{}},"display":{"formats":{}}})");
    QTest::newRow("deployment") << QByteArray(R"({"context":{"contract":{"deployments":[{"chainId":1}]}}})");
    QTest::newRow("maps") << QByteArray(R"({"metadata":{"maps":{}}})");
    QByteArray deep = "[]";
    for (int i = 0; i < 12; ++i)
        deep = R"([{"fields":)" + deep + "}]";
    QTest::newRow("groups in groups") << describing("f(uint256 x)", R"({"fields":)" + deep + "}");
}

void TestDescriptor::badFilesAreRefused()
{
    QFETCH(QByteArray, json);
    const auto read = Descriptor::load(u"bad.json"_s, json);
    QVERIFY(!read);
    QVERIFY(!read.error().message.isEmpty());
}

QTEST_GUILESS_MAIN(TestDescriptor)
#include "tst_descriptor.moc"
