#include "backend/safe/transactionbuilder.h"
#include "backend/safe/transactionbuilderchecksum.h"
#include "backend/safe/transactionbuildervalue.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

const Address target = address(u"0x49d4450977E2c95362C13D3a31a09311E0Ea26A6");

constexpr auto addressCall = R"({"to":"0x49d4450977E2c95362C13D3a31a09311E0Ea26A6","value":"0","contractMethod":{"inputs":)"
                             R"([{"internalType":"address","name":"paramAddress","type":"address"}],"name":"testAddress","payable":false},)"
                             R"("contractInputsValues":{"paramAddress":"0x49d4450977E2c95362C13D3a31a09311E0Ea26A6"}})";
constexpr auto boolCall = R"({"to":"0x49d4450977E2c95362C13D3a31a09311E0Ea26A6","value":"0","contractMethod":{"inputs":)"
                          R"([{"internalType":"bool","name":"paramBool","type":"bool"}],"name":"testBool","payable":false},)"
                          R"("contractInputsValues":{"paramAddress":"","paramBool":"false"}})";
constexpr auto dataCall = R"({"to":"0x49d4450977E2c95362C13D3a31a09311E0Ea26A6","value":"2000000000000000000",)"
                          R"("data":"0x42f4579000000000000000000000000049d4450977e2c95362c13d3a31a09311e0ea26a6"})";
constexpr auto meta = R"("name":"test batch file","txBuilderVersion":"1.4.0",)"
                      R"("createdFromSafeAddress":"0xDF8a1Ce35c9a6ACE153B4e0767942f1E2291a1Aa",)"
                      R"("createdFromOwnerAddress":"0x49d4450977E2c95362C13D3a31a09311E0Ea26A6")";
// Of these three, as the builder's own tests have it.
constexpr auto published = u"0x86c81826dbf7e8a37612153294cc85fdf5c81998dd0a44b86d945502a7eace7c";

constexpr auto unnamedInput = R"("data":null,"contractMethod":{"name":"f","payable":true,"inputs":[{"name":"","type":"bool"}]},)"
                              R"("contractInputsValues":{"0":"true"})";
constexpr std::array transfers = {R"("data":null,"contractMethod":null,"contractInputsValues":null)", "\"data\":\"\"",
                                  R"("data":null,"contractMethod":{"name":"receive","payable":true})"};

QByteArray fileOf(const QByteArray &transactions, const QByteArray &metaMembers = meta, const QByteArray &more = {})
{
    return R"({"version":"1.0","chainId":"4","createdAt":1646321521061,"meta":{)" + metaMembers + R"(},"transactions":[)" + transactions + "]" + more
        + "}";
}

QByteArray threeCalls()
{
    return QByteArray(addressCall) + "," + boolCall + "," + dataCall;
}

QByteArray callOf(const QByteArray &members)
{
    return R"({"to":"0x49d4450977E2c95362C13D3a31a09311E0Ea26A6","value":"0",)" + members + "}";
}

QByteArray serialized(const QByteArray &json)
{
    return transactionBuilderSerialization(JsonText::parse(json).value().root());
}

AbiType type(QStringView text)
{
    return AbiType::parse(text).value();
}

} // namespace

class TestTransactionBuilder final : public QObject {
    Q_OBJECT

private slots:
    void computesThePublishedChecksum()
    {
        QCOMPARE(readTransactionBuilderFile(fileOf(threeCalls())).value().computedChecksum, hash(published));
        // Neither the name nor the checksum itself enters, nor does the order of the members.
        const QByteArray renamed = QByteArray(meta).replace("test batch file", "another")
            + ",\"checksum\":\"" + QStringView(published).toUtf8() + "\"";
        const auto file = readTransactionBuilderFile(fileOf(threeCalls(), renamed)).value();
        QVERIFY(file.checksumMatches());
        const QByteArray turned = R"({"transactions":[)" + threeCalls() + R"(],"meta":{)" + meta
            + R"(},"createdAt":1646321521061,"chainId":"4","version":"1.0"})";
        QCOMPARE(readTransactionBuilderFile(turned).value().computedChecksum, hash(published));
        const auto moved = readTransactionBuilderFile(fileOf(QByteArray(boolCall) + "," + addressCall + "," + dataCall, renamed)).value();
        QVERIFY(!moved.checksumMatches());
    }

    void serializesAsJavaScriptDoes_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray("{}") << QByteArray("{[]}");
        QTest::newRow("sorted") << QByteArray(R"({"b":1,"a":[true,null,"x"],"A":{}})") << QByteArray(R"({["A","a","b"]{[]},[true,null,"x"],1,})");
        QTest::newRow("meta") << QByteArray(R"({"meta":{"name":"n","checksum":"c","z":1}})") << QByteArray(R"({["meta"]{["name","z"]null,1,},})");
        QTest::newRow("inner meta") << QByteArray(R"({"x":{"meta":{"name":"n"}}})") << QByteArray(R"({["x"]{["meta"]{["name"]"n",},},})");
        QTest::newRow("escapes")
            << QByteArray("[\"\\t\\n\\r\\b\\f\\u0001\\\"\\\\\\/é\\u2028\"]") << QByteArray("[\"\\t\\n\\r\\b\\f\\u0001\\\"\\\\/é\u2028\"]");
        // UTF-16 code units: a surrogate pair sorts before U+FF5E.
        QTest::newRow("order of names") << QByteArray(R"({"～":1,"😀":2})") << QByteArray(R"({["😀","～"]2,1,})");
        QTest::newRow("numbers") << QByteArray("[1.0,1e3,-0,0.1,1e21,123456789012345680000,1e-7,0.000001,1.5e300,1e400,1e-400,9007199254740993]")
                                 << QByteArray("[1,1000,0,0.1,1e+21,123456789012345680000,1e-7,0.000001,1.5e+300,null,0,9007199254740992]");
    }
    void serializesAsJavaScriptDoes()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, text);
        QCOMPARE(serialized(json), text);
    }

    void computesDataFromMethodAndValues()
    {
        const auto file = readTransactionBuilderFile(fileOf(threeCalls())).value();
        QCOMPARE(file.chainId, ChainId(4));
        QCOMPARE(file.createdAt, quint64(1646321521061));
        QCOMPARE(file.name, u"test batch file"_s);
        QCOMPARE(file.createdFromOwner, target);
        QVERIFY(!file.checksum);
        QCOMPARE(file.transactions.size(), size_t(3));
        const Bytes expected = AbiFunction::parse(u"testAddress(address)").value().encodeCall({target}).value();
        QCOMPARE(file.transactions[0].data, expected);
        QVERIFY(!file.transactions[0].hasData);
        QVERIFY(!file.transactions[0].disagrees);
        QCOMPARE(file.transactions[1].data, AbiFunction::parse(u"testBool(bool)").value().encodeCall({false}).value());
        QCOMPARE(file.transactions[2].value, Uint256(2'000'000'000'000'000'000));
        QVERIFY(file.transactions[2].hasData);
        QVERIFY(!file.transactions[2].method);
        QVERIFY(file.unknownMembers.isEmpty());
    }

    void saysWhenDataAndMethodDisagree()
    {
        const QByteArray method = R"("contractMethod":{"name":"f","payable":false,"inputs":[{"name":"x","type":"uint256"}]},)";
        const auto read = [&method](const QByteArray &data, const QByteArray &x) {
            return readTransactionBuilderFile(
                       fileOf(callOf(R"("data":")" + data + R"(",)" + method + R"("contractInputsValues":{"x":")" + x + R"("})")))
                .value()
                .transactions.front();
        };
        const Bytes one = AbiFunction::parse(u"f(uint256)").value().encodeCall({Uint256(1)}).value();
        const auto same = read(toHex(one).toUtf8(), "1");
        QVERIFY(same.hasData && !same.disagrees);
        const auto other = read(toHex(one).toUtf8(), "2");
        QVERIFY(other.disagrees);
        QCOMPARE(other.data, one);
        QVERIFY(*other.computed != one);
        const auto unreadable = read(toHex(one).toUtf8(), "many");
        QVERIFY(!unreadable.computed);
        QVERIFY(unreadable.problem.contains(u"many"));
        QVERIFY(read("0x", "1").disagrees);
    }

    void readsValuesOfEveryType_data()
    {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("value"); // empty: refused
        const QString a = target.toString();
        const auto row = [](const QString &of, const QString &text, const QString &value) {
            QTest::newRow(qPrintable(of + u' ' + text)) << of << text << value;
        };
        row(u"uint256"_s, u" 0x10 "_s, u"16"_s);
        row(u"uint8"_s, u"255"_s, u"255"_s);
        row(u"uint8"_s, u"256"_s, {});
        row(u"uint8"_s, u"-1"_s, {});
        row(u"int8"_s, u"-128"_s, u"-128"_s);
        row(u"int8"_s, u"127"_s, u"127"_s);
        row(u"int8"_s, u"128"_s, {});
        row(u"int8"_s, u"-129"_s, {});
        row(u"int256"_s, u"-1"_s, u"-1"_s);
        row(u"int256"_s, u"0"_s, u"0"_s);
        row(u"uint256"_s, u"1.5"_s, {});
        row(u"uint256"_s, {}, {});
        row(u"bool"_s, u"True"_s, u"true"_s);
        row(u"bool"_s, u"0"_s, u"false"_s);
        row(u"bool"_s, u"yes"_s, {});
        row(u"address"_s, a, a);
        row(u"address"_s, u"0x49D4450977E2c95362C13D3a31a09311E0Ea26A6"_s, {});
        row(u"bytes4"_s, u"0x01020304"_s, u"0x01020304"_s);
        row(u"bytes4"_s, u"0x010203"_s, {});
        row(u"bytes"_s, u"0x"_s, u"0x"_s);
        row(u"bytes"_s, u"abc"_s, {});
        row(u"string"_s, u" a \"b\" "_s, u"\" a \\\"b\\\" \""_s);
        row(u"uint256[]"_s, u"[1, 2,3]"_s, u"[1, 2, 3]"_s);
        row(u"uint256[]"_s, u"[\"1\",\"115792089237316195423570985008687907853269984665640564039457584007913129639935\"]"_s,
            u"[1, 115792089237316195423570985008687907853269984665640564039457584007913129639935]"_s);
        row(u"uint256[]"_s, u"[]"_s, u"[]"_s);
        row(u"uint256[]"_s, u"1"_s, {});
        row(u"uint256[2]"_s, u"[1]"_s, {});
        row(u"uint256[2]"_s, u"[1,2,3]"_s, {});
        row(u"address[]"_s, u"[%1, %1]"_s.arg(a), u"[%1, %1]"_s.arg(a));
        row(u"address[]"_s, u"[%1, %1"_s.arg(a), {});
        row(u"address[]"_s, u"[%1, %1]]"_s.arg(a), {});
        row(u"bytes2[][]"_s, u"[[0x0102],[]]"_s, u"[[0x0102], []]"_s);
        row(u"string[]"_s, u"[\"a,b\",\"c]\"]"_s, u"[\"a,b\", \"c]\"]"_s);
        row(u"string[]"_s, u"[a]"_s, {});
        row(u"(uint8,address[])"_s, u"[1,[\"%1\"]]"_s.arg(a), u"(1, [%1])"_s.arg(a));
        row(u"(uint8,address[])"_s, u"[1]"_s, {});
        row(u"(uint8 x,bool y)"_s, u"{\"y\":true,\"x\":7}"_s, u"(x: 7, y: true)"_s);
        row(u"(uint8 x,bool y)"_s, u"{\"x\":7}"_s, {});
        row(u"(uint8 x,bool y)"_s, u"{\"x\":7,\"y\":true,\"z\":1}"_s, {});
    }
    void readsValuesOfEveryType()
    {
        QFETCH(QString, type);
        QFETCH(QString, text);
        QFETCH(QString, value);
        const AbiType of = ::type(type);
        const auto read = parseBuilderValue(of, text);
        if (value.isEmpty()) {
            QVERIFY(!read.has_value());
            QCOMPARE(read.error().kind, ErrorKind::Invalid);
            return;
        }
        QVERIFY2(read.has_value(), read ? "" : qPrintable(read.error().message));
        // What it means, in canonical bytes as well: it must fit its type.
        QVERIFY(abiEncode(std::array{of}, std::array{*read}).has_value());
        QString shown = abiToText(of, *read);
        QCOMPARE(shown.remove(u' '), value.remove(u' '));
    }

    void takesUnnamedInputsByPosition()
    {
        const QByteArray call = callOf(unnamedInput);
        const auto transaction = readTransactionBuilderFile(fileOf(call)).value().transactions.front();
        QCOMPARE(transaction.data, AbiFunction::parse(u"f(bool)").value().encodeCall({true}).value());
        QCOMPARE(transaction.method->mutability(), StateMutability::Payable);
    }

    void readsPlainTransfers()
    {
        for (const char *members : transfers) {
            const auto file = readTransactionBuilderFile(fileOf(callOf(members)));
            QVERIFY2(file.has_value(), file ? "" : qPrintable(file.error().message));
            QVERIFY(file->transactions.front().data.isEmpty());
        }
    }

    void refusesWhatIsNoSuchFile_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("detail");
        const QByteArray good = fileOf({});
        QTest::newRow("no json") << QByteArray("{") << u"json."_s;
        QTest::newRow("a list") << QByteArray("[]") << u"txbuilder.file"_s;
        QTest::newRow("twice") << fileOf({}, meta, R"(,"chainId":"1")") << u"json."_s;
        QTest::newRow("version") << QByteArray(good).replace(R"("1.0")", R"("2.0")") << u"txbuilder.version"_s;
        QTest::newRow("chain as number") << QByteArray(good).replace(R"("4")", "4") << u"txbuilder.chainId"_s;
        QTest::newRow("chain in hex") << QByteArray(good).replace(R"("4")", R"("0x4")") << u"txbuilder.chainId"_s;
        QTest::newRow("chain zero") << QByteArray(good).replace(R"("4")", R"("0")") << u"txbuilder.chainId"_s;
        QTest::newRow("created") << QByteArray(good).replace("1646321521061", "1.5") << u"txbuilder.createdAt"_s;
        QTest::newRow("meta") << QByteArray(good).replace(R"("meta":{)", R"("mета":{)") << u"txbuilder.meta"_s;
        QTest::newRow("safe") << fileOf({}, R"("createdFromSafeAddress":"0x12")") << u"txbuilder.meta.createdFromSafeAddress"_s;
        QTest::newRow("checksum") << fileOf({}, R"("checksum":"0x12")") << u"txbuilder.meta.checksum"_s;
        QTest::newRow("transactions") << QByteArray(good).replace("[]", "{}") << u"txbuilder.transactions"_s;
        QTest::newRow("no object") << fileOf("1") << u"txbuilder.transactions[0]"_s;
        QTest::newRow("no to") << fileOf(R"({"value":"0"})") << u"txbuilder.transactions[0].to"_s;
        QTest::newRow("look-alike")
            << fileOf(R"({"to":"0x49D4450977E2c95362C13D3a31a09311E0Ea26A6","value":"0"})") << u"txbuilder.transactions[0].to"_s;
        QTest::newRow("value as number") << fileOf(callOf(R"("data":null)").replace(R"("0")", "0")) << u"txbuilder.transactions[0].value"_s;
        QTest::newRow("delegatecall") << fileOf(callOf(R"("data":"0x","operation":1)")) << u"txbuilder.transactions[0].operation"_s;
        QTest::newRow("odd data") << fileOf(callOf(R"("data":"0x1")")) << u"txbuilder.transactions[0].data"_s;
        QTest::newRow("bad type") << fileOf(callOf(R"("contractMethod":{"name":"f","inputs":[{"name":"x","type":"uint7"}]})"))
                                  << u"txbuilder.transactions[0].contractMethod"_s;
        QTest::newRow("missing value") << fileOf(callOf(R"("contractMethod":{"name":"f","inputs":[{"name":"x","type":"bool"}]})"))
                                       << u"txbuilder.transactions[0]"_s;
        QTest::newRow("value no text")
            << fileOf(callOf(R"("contractMethod":{"name":"f","inputs":[{"name":"x","type":"bool"}]},"contractInputsValues":{"x":true})"))
            << u"txbuilder.transactions[0].contractInputsValues.x"_s;
    }
    void refusesWhatIsNoSuchFile()
    {
        QFETCH(QByteArray, file);
        QFETCH(QString, detail);
        const auto refused = readTransactionBuilderFile(file);
        QVERIFY(!refused.has_value());
        QVERIFY2(refused.error().detail.startsWith(detail), qPrintable(refused.error().detail + u": "_s + refused.error().message));
    }

    void saysWhatItDoesNotKnow()
    {
        const auto file = readTransactionBuilderFile(fileOf(callOf(R"("gas":"1")"), R"("x":1)", R"(,"y":2)")).value();
        QCOMPARE(file.unknownMembers, (QStringList{u"y"_s, u"meta.x"_s, u"transactions[0].gas"_s}));
    }

    void keepsItsLimits()
    {
        QByteArray many = addressCall;
        for (int i = 0; i < 4; ++i)
            many += QByteArray(",") + addressCall;
        QCOMPARE(readTransactionBuilderFile(fileOf(many), {.maxTransactions = 4}).error().kind, ErrorKind::Exhausted);
        QCOMPARE(readTransactionBuilderFile(fileOf(many), {.maxBytes = 100}).error().kind, ErrorKind::Exhausted);
        QVERIFY(!readTransactionBuilderFile(QByteArray(100'000, '[')).has_value());
    }

    void writesWhatItReads()
    {
        TransactionBuilderFile file{.chainId = ChainId(1),
                                    .createdAt = 1'700'000'000'000,
                                    .name = u"pay \"rent\"\t\u2028"_s,
                                    .description = u"d"_s,
                                    .builderVersion = u"1.0"_s,
                                    .createdFromSafe = target};
        const auto method = AbiFunction::parse(u"f((uint256 a,string b)[2] pairs,bytes data) payable").value();
        const std::vector<std::pair<QString, QString>> inputs = {{u"pairs"_s, u"[[1,\"x\"],[2,\"y\"]]"_s}, {u"data"_s, u"0x01"_s}};
        file.transactions = {{.to = target, .value = 5, .data = hex(u"0102")},
                             {.to = target, .data = computeBuilderData(method, inputs).value(), .method = method, .inputs = inputs},
                             {.to = target, .data = {}}};
        const QByteArray text = writeTransactionBuilderFile(file);
        const auto read = readTransactionBuilderFile(text).value();
        QVERIFY(read.checksumMatches());
        QCOMPARE(read.name, file.name);
        QCOMPARE(read.createdFromSafe, file.createdFromSafe);
        QVERIFY(!read.createdFromOwner);
        QVERIFY(read.unknownMembers.isEmpty());
        QCOMPARE(read.transactions.size(), size_t(3));
        for (size_t i = 0; i < 3; ++i) {
            QCOMPARE(read.transactions[i].data, file.transactions[i].data);
            QVERIFY(!read.transactions[i].disagrees);
            QVERIFY(read.transactions[i].problem.isEmpty());
        }
        QCOMPARE(read.transactions[1].method->signature(), method.signature());
        QVERIFY(read.transactions[1].computed.has_value());
        QCOMPARE(writeTransactionBuilderFile(read), text);
    }
};

QTEST_GUILESS_MAIN(TestTransactionBuilder)
#include "tst_transactionbuilder.moc"
