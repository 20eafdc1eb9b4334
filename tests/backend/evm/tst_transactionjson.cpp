#include "backend/evm/transactionjson.h"
#include "tests/backend/evm/signedtransactions.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

Result<DecodedTransaction> read(
    const QByteArray &json, const QByteArray &signature = {}, const TransactionDecoding &how = {})
{
    const JsonText text = JsonText::parse(json).value();
    if (signature.isEmpty())
        return transactionFromJson(text.root(), {}, how);
    const JsonText signatureText = JsonText::parse(signature).value();
    return transactionFromJson(text.root(), signatureText.root(), how);
}

// A fee market transaction with one member more, or another in its place.
QByteArray with(const QByteArray &member)
{
    return "{\"type\":\"2\",\"chainId\":\"1\",\"gasLimit\":\"21000\"," + member + "}";
}

} // namespace

class TestTransactionJson final : public QObject {
    Q_OBJECT

private slots:
    void writesAllOfATransaction()
    {
        const auto decoded = decodeTransaction(hex(signedExample(TransactionType::SetCode).raw)).value();
        const QByteArray expected
            = "{\"type\":\"4\",\"chainId\":\"31337\",\"nonce\":\"3\",\"to\":"
              "\"0x52908400098527886E0F7030069857D2E4169EE7\",\"value\":\"5\","
              "\"data\":\"0xdeadbeef\",\"gasLimit\":\"100000\",\"maxPriorityFeePerGas\":\"1500000000\","
              "\"maxFeePerGas\":\"30000000000\","
              "\"accessList\":[{\"address\":\"0x52908400098527886E0F7030069857D2E4169EE7\","
              "\"storageKeys\":[\"0x1111111111111111111111111111111111111111111111111111111111111111\"]}],"
              "\"authorizationList\":[{\"chainId\":\"1\",\"address\":\"0x52908400098527886E0F7030069857D2E4169EE7\","
              "\"nonce\":\"7\",\"yParity\":\"1\","
              "\"r\":\"0x7ac5e4ac68c8eeff4ad8264d778f6d74f96427dc3a225812c973836a34bd61e0\","
              "\"s\":\"0x11773b4b4cf0df3a9e7f747e87210992671de5a3ef9f67bb554046195f7f49be\","
              "\"authority\":\"0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F\"}],"
              "\"signature\":{\"r\":\"0xea3d1ecca245e3cf66747deb81def23f577b37ec42c571df9de88429c939466a\","
              "\"s\":\"0x1896eb35e3ed92b1206170010f971e5f9359842da659128db9a0b3702484589f\",\"yParity\":\"1\"},"
              "\"from\":\"0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F\","
              "\"hash\":\"0x0e2d84edbbd1c9cbf032cb8e3f074e1392a2106ca21ea2a55c0c94bd99420e79\","
              "\"signingHash\":\"0x6e55cddd8699971cb663b109012bd928216b95cf31b150b68ac83fb4ae79e950\"}";
        QCOMPARE(transactionToJson(decoded), expected);
    }

    void writesNullForWhatIsNotThere()
    {
        const QByteArray json = transactionToJson({.transaction = {.type = TransactionType::Legacy}});
        QVERIFY(json.contains("\"chainId\":null"));
        QVERIFY(json.contains("\"to\":null"));
        QVERIFY(!json.contains("accessList") && !json.contains("signature") && !json.contains("maxFeePerGas")
            && !json.contains("\"hash\""));
        EvmTransaction t = exampleOfType(TransactionType::SetCode);
        t.authorizationList.front().yParity = 9;
        QVERIFY(transactionToJson({.transaction = t}).contains("\"authority\":null"));
    }

    void readsWhatItWrites()
    {
        for (const SignedExample &example : signedExamples()) {
            const auto decoded = decodeTransaction(hex(example.raw)).value();
            const auto again = read(transactionToJson(decoded)).value();
            QVERIFY(again.transaction == decoded.transaction);
            QVERIFY(again.signature == decoded.signature && again.hash == decoded.hash && again.from == decoded.from);
            const QByteArray raw = toHex(hex(example.raw)).toLatin1();
            QCOMPARE(encodedTransactionToJson(again),
                "{\"raw\":\"" + raw + "\",\"from\":\"" + signerOfExamples.toString().toLatin1() + "\",\"hash\":\""
                    + example.hash.toLatin1() + "\",\"signingHash\":\"" + example.signingHash.toLatin1() + "\"}");
            const DecodedTransaction notSigned{.transaction = example.transaction};
            QVERIFY(read(transactionToJson(notSigned)).value().transaction == example.transaction);
        }
    }

    void infersTheType_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<int>("type");
        QTest::newRow("nothing") << QByteArray("{}") << 0;
        QTest::newRow("gas price") << QByteArray(R"({"gasPrice":1})") << 0;
        QTest::newRow("access list") << QByteArray(R"({"gasPrice":1,"accessList":[]})") << 1;
        QTest::newRow("fee") << QByteArray(R"({"maxFeePerGas":1,"accessList":[]})") << 2;
        QTest::newRow("priority fee") << QByteArray(R"({"maxPriorityFeePerGas":0})") << 2;
        QTest::newRow("blobs") << QByteArray(R"({"maxFeePerGas":1,"blobVersionedHashes":[]})") << 3;
        QTest::newRow("authorizations") << QByteArray(R"({"maxFeePerGas":1,"authorizationList":[]})") << 4;
        QTest::newRow("a null tells nothing")
            << QByteArray(R"({"gasPrice":1,"accessList":null,"authorizationList":null})") << 0;
        QTest::newRow("said") << QByteArray(R"({"type":2,"accessList":[]})") << 2;
        QTest::newRow("said in hex") << QByteArray(R"({"type":"0x1"})") << 1;
    }
    void infersTheType()
    {
        QFETCH(QByteArray, json);
        QFETCH(int, type);
        QCOMPARE(static_cast<int>(read(json, {}, {.strict = false}).value().transaction.type), type);
    }

    void readsIntegersInEachExactForm()
    {
        const auto t = read(
            R"({"type":2,"chainId":"0x1","nonce":7,"gasLimit":"21000","maxFeePerGas":3e10,"value":"1000000000000000000000"})")
                           .value();
        QCOMPARE(t.transaction.chainId.value(), ChainId(1));
        QCOMPARE(t.transaction.nonce, Nonce(7));
        QCOMPARE(t.transaction.maxFeePerGas, Uint256(30'000'000'000));
        QCOMPARE(t.transaction.value.toDecimal(), u"1000000000000000000000"_s);
        QVERIFY(!t.transaction.to);
    }

    void refusesWithTheMembersName_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("detail");
        QTest::newRow("no object") << QByteArray("[]") << u"tx.kind"_s;
        QTest::newRow("unknown member") << with(R"("gas":"1")") << u"tx.unknown"_s;
        QTest::newRow("type 5") << QByteArray(R"({"type":5})") << u"tx.type.value"_s;
        QTest::newRow("fraction") << with(R"("nonce":1.5)") << u"tx.nonce.value"_s;
        QTest::newRow("negative") << with(R"("value":"-1")") << u"tx.value.value"_s;
        QTest::newRow("nonce above 64 bits") << with(R"("nonce":"18446744073709551616")") << u"tx.nonce.value"_s;
        QTest::newRow("nonce 2^64-1") << with(R"("nonce":"18446744073709551615")") << u"tx.nonce.max"_s;
        QTest::newRow("short address") << with(R"("to":"0x00")") << u"tx.to.value"_s;
        QTest::newRow("wrong checksum") << with(R"("to":"0x52908400098527886E0F7030069857D2E4169Ee7")")
                                        << u"tx.to.value"_s;
        QTest::newRow("odd data") << with(R"("data":"0x0")") << u"tx.data.value"_s;
        QTest::newRow("foreign fee") << with(R"("gasPrice":"1")") << u"tx.gasPrice.foreign"_s;
        QTest::newRow("foreign list") << QByteArray(R"({"type":0,"accessList":[]})") << u"tx.accessList.foreign"_s;
        QTest::newRow("list as an object") << with(R"("accessList":{})") << u"tx.accessList.value"_s;
        QTest::newRow("entry without keys")
            << with(R"("accessList":[{"address":"0x0000000000000000000000000000000000000000"}])")
            << u"tx.accessList.storageKeys.missing"_s;
        QTest::newRow("entry with more") << with(R"("accessList":[{"x":1}])") << u"tx.accessList.unknown"_s;
        QTest::newRow("priority above the fee") << with(R"("maxPriorityFeePerGas":"1")") << u"tx.fee.priority"_s;
        QTest::newRow("legacy on chain 0") << QByteArray(R"({"chainId":0})") << u"tx.chainId.zero"_s;
        QTest::newRow("authorization without r") << QByteArray(
            R"({"authorizationList":[{"address":"0x0000000000000000000000000000000000000000","yParity":0,"s":1}]})")
                                                 << u"tx.authorizationList.r.missing"_s;
        QTest::newRow("authorization by another") << QByteArray(
            R"({"authorizationList":[{"address":"0x0000000000000000000000000000000000000000","yParity":0,"r":1,"s":1,)"
            R"("authority":"0x0000000000000000000000000000000000000000"}]})")
                                                  << u"tx.authorizationList.authority.mismatch"_s;
        QTest::newRow("hash without a signature")
            << with(R"("hash":"0x0000000000000000000000000000000000000000000000000000000000000000")")
            << u"tx.hash.mismatch"_s;
        QTest::newRow("another signing hash")
            << with(R"("signingHash":"0x0000000000000000000000000000000000000000000000000000000000000000")")
            << u"tx.signingHash.mismatch"_s;
    }
    void refusesWithTheMembersName()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, detail);
        const auto refused = read(json);
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().detail, detail);
    }

    void refusesATransactionThatPoolsDoNotTake()
    {
        const QByteArray to = "\"to\":\"0x0000000000000000000000000000000000000000\",";
        const QByteArray json = with(to + "\"data\":\"0x" + QByteArray(2 * maxTransactionBytes, '0') + '"');
        QCOMPARE(read(json).error().detail, u"tx.size"_s);
        const auto lenient = read(json, {}, {.strict = false}).value();
        QCOMPARE(lenient.problems.size(), 1U);
        QCOMPARE(lenient.problems.front().detail, u"tx.size"_s);
    }

    void takesASignatureInEachForm()
    {
        const SignedExample example = signedExample(TransactionType::Legacy);
        const QByteArray json = transactionToJson({.transaction = example.transaction});
        const QByteArray numbers = R"("r":"0x28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276",)"
                                   R"("s":"0x67cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83")";
        for (const char *parity : {R"("yParity":0)", R"("v":27)", R"("v":"37")", R"("v":37,"yParity":"0x0")"})
            QCOMPARE(read(json, '{' + numbers + ',' + parity + '}').value().hash.value(), hash(example.hash));
        const auto refusal = [&](const QByteArray &rest) { return read(json, '{' + rest + '}').error().detail; };
        QCOMPARE(refusal(numbers), u"tx.signature.yParity.missing"_s);
        QCOMPARE(refusal(numbers + R"(,"yParity":2)"), u"tx.signature.yParity.value"_s);
        QCOMPARE(refusal(numbers + R"(,"yParity":1,"v":37)"), u"tx.signature.yParity.mismatch"_s);
        QCOMPARE(refusal(numbers + R"(,"v":39)"), u"tx.signature.v.value"_s);
        QCOMPARE(refusal(R"("r":0,"s":1,"yParity":0)"), u"tx.r.zero"_s);
        QCOMPARE(refusal(R"("r":5,"s":1,"yParity":0)"), u"tx.signature.value"_s);
        QCOMPARE(refusal(R"("s":1,"yParity":0)"), u"tx.signature.r.missing"_s);
        const QByteArray high
            = R"("r":1,"s":"0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1","yParity":0)";
        QCOMPARE(refusal(high), u"tx.s.high"_s);
        const auto lenient = read(json, '{' + high + '}', {.strict = false});
        QCOMPARE(lenient.value().problems.front().detail, u"tx.s.high"_s);
    }

    void refusesASignatureThatIsNotWhatItSays()
    {
        const auto decoded = decodeTransaction(hex(signedExample(TransactionType::FeeMarket).raw)).value();
        const QByteArray json = transactionToJson(decoded);
        QByteArray otherFrom = json;
        otherFrom.replace("\"from\":\"0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F\"",
            "\"from\":\"0x52908400098527886E0F7030069857D2E4169EE7\"");
        QCOMPARE(read(otherFrom).error().detail, u"tx.from.mismatch"_s);
        QByteArray otherValue = json;
        otherValue.replace("\"value\":\"5\"", "\"value\":\"6\"");
        QCOMPARE(read(otherValue).error().detail, u"tx.from.mismatch"_s);
        QCOMPARE(read(json, R"({"r":1,"s":1,"yParity":0})").error().detail, u"tx.signature.twice"_s);
        const QByteArray type2 = transactionToJson({.transaction = decoded.transaction});
        QCOMPARE(read(type2, R"({"r":1,"s":1,"v":27})").error().detail, u"tx.signature.v.foreign"_s);
    }
};

QTEST_GUILESS_MAIN(TestTransactionJson)
#include "tst_transactionjson.moc"
