#include "backend/evm/artifact.h"
#include "backend/evm/jsonabi.h"
#include "backend/evm/jsonquantity.h"
#include "backend/evm/revert.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

const Address someone = address(u"0x52908400098527886E0F7030069857D2E4169EE7");

JsonAbi sample()
{
    return JsonAbi::load(R"([
        {"type":"constructor","inputs":[{"name":"owner","type":"address"}]},
        {"type":"function","name":"run","stateMutability":"nonpayable","outputs":[],"inputs":[
            {"name":"calls","type":"tuple[2][]","components":[{"name":"to","type":"address"},
                {"name":"inner","type":"tuple","components":[{"name":"data","type":"bytes"}]}]}]},
        {"type":"function","name":"set","inputs":[{"name":"a","type":"uint256"}],"outputs":[]},
        {"type":"function","name":"set","inputs":[{"name":"a","type":"bool"}],"outputs":[]},
        {"type":"event","name":"Named","anonymous":false,"inputs":[{"name":"name","type":"string","indexed":true},
            {"name":"n","type":"int8","indexed":true},{"name":"who","type":"address","indexed":false}]},
        {"type":"error","name":"InvalidIntentSignature","inputs":[{"name":"recovered","type":"address"},{"name":"expected","type":"address"}]},
        {"type":"receive","stateMutability":"payable"}])")
        .value();
}

// A log of Named("hey", -3, someone), by ethers 6.
EvmLog namedLog()
{
    EvmLog log;
    log.topics = {hash(u"0x8ae449f796a3cff2eabf43c4b453a2090c6101208cc86385f2c10e1304d14b3e"),
                  hash(u"0x77dcd57beb1f0f2e28ea0f01df187f9912d3a78de5e0bd8abf37307a7e9b7596"),
                  hash(u"0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd")};
    log.data = word(u"52908400098527886e0f7030069857d2e4169ee7");
    return log;
}

} // namespace

class TestJsonAbi final : public QObject {
    Q_OBJECT

private slots:
    void readsFunctionsWithNestedTuples()
    {
        const JsonAbi abi = sample();
        const AbiFunction *run = abi.function(u"run");
        QCOMPARE(run->signature(), u"run((address,(bytes))[2][])"_s);
        QVERIFY(abi.function(run->selector()) == run);
        QVERIFY(!abi.function(u"set")); // two of that name
        QCOMPARE(abi.function(u"set(bool)")->signature(), u"set(bool)"_s);
        QCOMPARE(abi.encodeConstructor(std::array{AbiValue(someone)}).value(), word(u"52908400098527886e0f7030069857d2e4169ee7"));
    }

    void decodesALogWithAHashedArgument()
    {
        const auto event = sample().decodeLog(namedLog()).value();
        QCOMPARE(event.name, u"Named"_s);
        QVERIFY(event.arguments[0].hashed);
        QVERIFY(*event.value(u"n") == AbiValue::ofSigned(-3));
        QVERIFY(*event.value(u"who") == AbiValue(someone));
        QVERIFY(!event.value(u"nothing"));
    }

    void refusesLogsThatAreNotTheEvents()
    {
        EvmLog unknown = namedLog();
        unknown.topics[0] = Hash32();
        QCOMPARE(sample().decodeLog(unknown).error().kind, ErrorKind::NotFound);
        EvmLog fewer = namedLog();
        fewer.topics.pop_back();
        QCOMPARE(sample().decodeLog(fewer).error().kind, ErrorKind::NotFound);
        EvmLog dirty = namedLog();
        dirty.topics[2] = hash(u"0x00000000000000000000000000000000000000000000000000000000000001fd");
        QCOMPARE(sample().decodeLog(dirty).error().kind, ErrorKind::Invalid);
        EvmLog longer = namedLog();
        longer.data += '\0';
        QCOMPARE(sample().decodeLog(longer).error().kind, ErrorKind::Invalid);
        EvmLog empty;
        QCOMPARE(sample().decodeLog(empty).error().kind, ErrorKind::NotFound);
    }

    void refusesAMalformedInterface_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("no json") << QByteArray("[");
        QTest::newRow("object") << QByteArray("{}");
        QTest::newRow("unknown type") << QByteArray(R"([{"type":"function","name":"f","inputs":[{"type":"uint7"}]}])");
        QTest::newRow("missing type") << QByteArray(R"([{"type":"function","name":"f","inputs":[{"name":"x"}]}])");
        QTest::newRow("tuple without components") << QByteArray(R"([{"type":"function","name":"f","inputs":[{"type":"tuple"}]}])");
        QTest::newRow("tuple with a tail") << QByteArray(R"([{"type":"function","name":"f","inputs":[{"type":"tuple[x]","components":[{"type":"bool"}]}]}])");
        QTest::newRow("no name") << QByteArray(R"([{"type":"function","inputs":[]}])");
        QTest::newRow("unknown kind") << QByteArray(R"([{"type":"banana","name":"f","inputs":[]}])");
        QTest::newRow("four indexed") << QByteArray(R"([{"type":"event","name":"E","inputs":[{"type":"bool","indexed":true},{"type":"bool","indexed":true},
            {"type":"bool","indexed":true},{"type":"bool","indexed":true}]}])");
    }
    void refusesAMalformedInterface()
    {
        QFETCH(QByteArray, json);
        QCOMPARE(JsonAbi::load(json).error().kind, ErrorKind::Invalid);
    }

    void mergesWithoutDoubles()
    {
        JsonAbi abi = sample();
        abi.merge(sample());
        QCOMPARE(abi.functions().size(), sample().functions().size());
        QCOMPARE(abi.events().size(), size_t(1));
    }

    void explainsEveryKindOfRevert()
    {
        const JsonAbi abi = sample();
        QCOMPARE(describeRevert({}).kind, RevertKind::Empty);
        const Bytes message = hex(u"08c379a0") + word(u"20") + word(u"5") + QByteArray("GS026").leftJustified(32, '\0');
        QCOMPARE(describeRevert(message).kind, RevertKind::Message);
        QCOMPARE(describeRevert(message).text, u"GS026"_s);
        const Bytes panic = hex(u"4e487b71") + word(u"11");
        QCOMPARE(describeRevert(panic).kind, RevertKind::Panic);
        QVERIFY(describeRevert(panic).text.contains(u"overflowed"));
        // By ethers 6.
        const Bytes custom = hex(u"f7fbee7f") + word(u"52908400098527886e0f7030069857d2e4169ee7") + word(u"52908400098527886e0f7030069857d2e4169ee7");
        const Revert revert = describeRevert(custom, &abi);
        QCOMPARE(revert.kind, RevertKind::Custom);
        QCOMPARE(revert.name, u"InvalidIntentSignature"_s);
        QVERIFY(revert.text.startsWith(u"InvalidIntentSignature(recovered: 0x5290"));
        QCOMPARE(describeRevert(custom).kind, RevertKind::Unknown);
        QVERIFY(revert.isCanonical);
        const Revert unpadded = describeRevert(message.chopped(27));
        QCOMPARE(unpadded.text, u"GS026"_s);
        QVERIFY(!unpadded.isCanonical);
        QCOMPARE(describeRevert(message.chopped(28)).kind, RevertKind::Unknown);
        QCOMPARE(describeRevert(hex(u"0102")).kind, RevertKind::Unknown);
    }

    void readsQuantitiesStrictly_data()
    {
        QTest::addColumn<QJsonValue>("json");
        QTest::addColumn<QString>("decimal");
        QTest::newRow("zero") << QJsonValue(u"0x0"_s) << u"0"_s;
        QTest::newRow("upper") << QJsonValue(u"0xFf"_s) << u"255"_s;
        QTest::newRow("most") << QJsonValue(QString(u"0x"_s + QString(64, u'f'))) << Uint256::max().toDecimal();
        QTest::newRow("65 digits") << QJsonValue(QString(u"0x1"_s + QString(64, u'0'))) << QString();
        QTest::newRow("leading zero") << QJsonValue(u"0x01"_s) << QString();
        QTest::newRow("empty") << QJsonValue(u"0x"_s) << QString();
        QTest::newRow("no prefix") << QJsonValue(u"12"_s) << QString();
        QTest::newRow("upper prefix") << QJsonValue(u"0X1"_s) << QString();
        QTest::newRow("number") << QJsonValue(12) << QString();
        QTest::newRow("null") << QJsonValue() << QString();
        QTest::newRow("sign") << QJsonValue(u"-0x1"_s) << QString();
        QTest::newRow("letters") << QJsonValue(u"0xg"_s) << QString();
        QTest::newRow("space") << QJsonValue(u"0x1 "_s) << QString();
    }
    void readsQuantitiesStrictly()
    {
        QFETCH(QJsonValue, json);
        QFETCH(QString, decimal);
        const auto number = quantityFromJson(json);
        QCOMPARE(number ? number->toDecimal() : QString(), decimal);
    }

    void readsBytesStrictly()
    {
        QCOMPARE(dataFromJson(u"0x"_s).value(), Bytes());
        QVERIFY(!dataFromJson(u"0x123"_s).has_value());
        QVERIFY(!dataFromJson(u""_s).has_value());
        QVERIFY(!dataFromJson(QJsonValue()).has_value());
        QVERIFY(!hashFromJson(u"0x12"_s).has_value());
        QVERIFY(!quantity64FromJson(u"0x10000000000000000"_s).has_value());
        // Nodes write addresses in any case: only the checksum of people's input is judged.
        QCOMPARE(addressFromJson(u"0x52908400098527886E0F7030069857D2E4169Ee7"_s).value(), someone);
    }

    void linksLibrariesAndReadsImmutables()
    {
        const auto artifact = ContractArtifact::load(R"({"contractName":"C","sourceName":"c.sol","abi":[],
            "bytecode":"0x73__$9d93950f2dbe4c659b6c3ccb1d1ff85ea4$__ff","deployedBytecode":"0x600000ff0000",
            "linkReferences":{"l.sol":{"L":[{"start":1,"length":20}]}},
            "immutableReferences":{"7":[{"start":1,"length":2},{"start":4,"length":2}]}})");
        QVERIFY2(artifact.has_value(), qPrintable(artifact ? QString() : artifact.error().message));
        QCOMPARE(artifact->creationCode().error().kind, ErrorKind::Conflict);
        QCOMPARE(artifact->linkedCreationCode({}).error().kind, ErrorKind::NotFound);
        QCOMPARE(artifact->linkedCreationCode({{u"l.sol:L"_s, someone}}).value(), Bytes(hex(u"73") + someone.bytes() + hex(u"ff")));
        QCOMPARE(artifact->immutablesIn(hex(u"601234ff1234")).value().value(u"7"_s), hex(u"1234"));
        QVERIFY(!artifact->matchesRuntime(hex(u"601234ff1235"))); // one immutable, two values
        QVERIFY(!artifact->matchesRuntime(hex(u"611234ff1234")));
        QVERIFY(!artifact->matchesRuntime(hex(u"601234ff12")));
    }

    void refusesAnArtifactThatSaysAThingTwice()
    {
        const auto artifact = ContractArtifact::load(R"({"contractName":"C","abi":[],"bytecode":"0x00","deployedBytecode":"0x00","bytecode":"0x01"})");
        QCOMPARE(artifact.error().kind, ErrorKind::Invalid);
    }

    void refusesArtifactsThatPointOutsideOfTheirCode()
    {
        const auto artifact = [](QByteArrayView immutables, QByteArrayView links) {
            return ContractArtifact::load(QByteArray(R"({"contractName":"C","abi":[],"bytecode":"0x00","deployedBytecode":"0x00","immutableReferences":)" + immutables.toByteArray()
                                                     + R"(,"linkReferences":)" + links.toByteArray() + "}"));
        };
        QVERIFY(artifact("{}", "{}").has_value());
        QVERIFY(!artifact(R"({"1":[{"start":1,"length":1}]})", "{}").has_value());
        QVERIFY(!artifact(R"({"1":[{"start":-1,"length":1}]})", "{}").has_value());
        QVERIFY(!artifact("{}", R"({"l":{"L":[{"start":0,"length":20}]}})").has_value());
        // A placeholder names its library by hash; a reference to code that is no placeholder would hide that code.
        const auto linked = [](const QByteArray &placeholder) {
            const QByteArray before = R"({"contractName":"C","abi":[],"deployedBytecode":"0x","linkReferences":{"l.sol":{"L":[{"start":0,"length":20}]}},)";
            return ContractArtifact::load(QByteArray(before + "\"bytecode\":\"0x" + placeholder + "\"}"));
        };
        QVERIFY(linked("__$9d93950f2dbe4c659b6c3ccb1d1ff85ea4$__").has_value());
        QVERIFY(linked("__l.sol:L_______________________________").has_value()); // before solc 0.5
        QVERIFY(!linked("__$0123456789012345678901234567890123$__").has_value());
        QVERIFY(!linked("0123456789012345678901234567890123456789").has_value());
        QCOMPARE(ContractArtifact::loadFile(u"/nowhere.json"_s).error().kind, ErrorKind::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestJsonAbi)
#include "tst_jsonabi.moc"
