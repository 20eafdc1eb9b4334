#include "backend/evm/eip712.h"
#include "backend/evm/signature.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

using List = AbiValue::List;

const Address someone = address(u"0x52908400098527886E0F7030069857D2E4169EE7");

// The example of EIP-712 itself.
Eip712Schema mailSchema()
{
    return Eip712Schema::create({{u"Mail"_s, {{u"from"_s, u"Person"_s}, {u"to"_s, u"Person"_s}, {u"contents"_s, u"string"_s}}},
                                 {u"Person"_s, {{u"name"_s, u"string"_s}, {u"wallet"_s, u"address"_s}}}})
        .value();
}

const Eip712Domain mailDomain{.name = u"Ether Mail"_s,
                              .version = u"1"_s,
                              .chainId = Uint256(1),
                              .verifyingContract = address(u"0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC")};

List mail()
{
    return {List{u"Cow"_s, address(u"0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826")},
            List{u"Bob"_s, address(u"0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB")}, u"Hello, Bob!"_s};
}

} // namespace

class TestEip712 final : public QObject {
    Q_OBJECT

private slots:
    void hashesTheExampleOfTheStandard()
    {
        const Eip712Schema schema = mailSchema();
        QCOMPARE(schema.encodeType(u"Mail").value(), u"Mail(Person from,Person to,string contents)Person(string name,address wallet)"_s);
        QCOMPARE(schema.typeHash(u"Mail").value(), hash(u"0xa0cedeb2dc280ba39b857546d74f5549c3a1d7bdc2dd96bf881f76108e23dac2"));
        const Hash32 message = schema.hashStruct(u"Mail", mail()).value();
        QCOMPARE(message, hash(u"0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e"));
        QCOMPARE(mailDomain.separator(), hash(u"0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f"));
        const Hash32 digest = eip712Digest(mailDomain.separator(), message);
        QCOMPARE(digest, hash(u"0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2"));
        const EvmSignature signature{.r = hash(u"0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d"),
                                     .s = hash(u"0x07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b91562"),
                                     .yParity = true};
        QCOMPARE(recoverAddress(digest, signature).value(), address(u"0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"));
    }

    // Hashes by ethers 6.
    void hashesArraysOfStructsAndBytesAsEthersDoes()
    {
        const auto schema = Eip712Schema::create({{u"Person"_s, {{u"name"_s, u"string"_s}, {u"wallets"_s, u"address[]"_s}}},
                                                  {u"Mail"_s,
                                                   {{u"from"_s, u"Person"_s},
                                                    {u"to"_s, u"Person[]"_s},
                                                    {u"contents"_s, u"string"_s},
                                                    {u"grid"_s, u"uint8[2][]"_s},
                                                    {u"blob"_s, u"bytes"_s}}}})
                                .value();
        const List value = {List{u"Cow"_s, List{someone}}, List{List{u"Bob"_s, List{}}, List{u"Eve"_s, List{someone, someone}}}, u"Hello"_s,
                            List{List{Uint256(1), Uint256(2)}, List{Uint256(3), Uint256(4)}}, hex(u"0102")};
        const Hash32 message = schema.hashStruct(u"Mail", value).value();
        QCOMPARE(message, hash(u"0xf9fbd5af2cbe27dabab839a933268466dffa94b3fb0e7df3f966161e9d0384cf"));
        Eip712Domain domain = mailDomain;
        domain.salt = Hash32::fromBytes(Bytes(32, '\x22')).value();
        QCOMPARE(domain.separator(), hash(u"0xbb343ad97a46420d9f025ce4bc943a7d6ec391cc162a7a6e981edfbe18e6b544"));
        QCOMPARE(eip712Digest(domain.separator(), message), hash(u"0xf49acec870bbb74544d8c2b8cbd1712fac1e8de661000c1f885a0414066b0f16"));
    }

    void hashesAnIntentAsEthersDoes()
    {
        const auto schema = Eip712Schema::create({{u"Intent"_s,
                                                   {{u"intentId"_s, u"bytes32"_s},
                                                    {u"partyId"_s, u"bytes32"_s},
                                                    {u"adapterId"_s, u"bytes32"_s},
                                                    {u"amount"_s, u"uint256"_s},
                                                    {u"data"_s, u"bytes"_s},
                                                    {u"nonce"_s, u"uint256"_s},
                                                    {u"deadline"_s, u"uint256"_s}}}})
                                .value();
        const List intent = {keccak256("intent-1"), keccak256("treasury-desk"), keccak256("treasury"), Uint256(1000), hex(u"abcdef"),
                             Uint256(5), Uint256(1'800'000'000)};
        const Hash32 message = schema.hashStruct(u"Intent", intent).value();
        QCOMPARE(message, hash(u"0x3ac4cdee6ae84c5ce299117f9a26f5edb2b9912cf27a973ce086ecd05e145ffb"));
        const Eip712Domain domain{
            .name = u"CantonDeFiVault"_s, .version = u"1"_s, .chainId = Uint256(31337), .verifyingContract = someone};
        QCOMPARE(eip712Digest(domain.separator(), message), hash(u"0x52c450eddb125fae668d817dc508cc864b0bad5421c3d178ea417504e3922b44"));
    }

    void leavesAbsentMembersOutOfTheDomain()
    {
        const Eip712Domain domain{.chainId = Uint256(1), .verifyingContract = someone};
        QCOMPARE(domain.encodeType(), u"EIP712Domain(uint256 chainId,address verifyingContract)"_s);
        QCOMPARE(Eip712Domain().encodeType(), u"EIP712Domain()"_s);
    }

    void sortsReferredStructsByName()
    {
        const auto schema = Eip712Schema::create({{u"A"_s, {{u"z"_s, u"Z"_s}, {u"b"_s, u"B[]"_s}}},
                                                  {u"Z"_s, {{u"b"_s, u"B"_s}}},
                                                  {u"B"_s, {{u"x"_s, u"bool"_s}}},
                                                  {u"Unused"_s, {{u"x"_s, u"bool"_s}}}});
        QCOMPARE(schema.value().encodeType(u"A").value(), u"A(Z z,B[] b)B(bool x)Z(B b)"_s);
    }

    void endsOnRecursiveTypes()
    {
        const auto schema = Eip712Schema::create({{u"Node"_s, {{u"next"_s, u"Node[]"_s}}}}).value();
        QCOMPARE(schema.encodeType(u"Node").value(), u"Node(Node[] next)"_s);
        AbiValue::List value;
        for (int i = 0; i < 100; ++i)
            value = AbiValue::list({AbiValue::list({value})});
        QVERIFY(!schema.hashStruct(u"Node", value).has_value());
        QVERIFY(schema.hashStruct(u"Node", AbiValue::list({AbiValue::list({AbiValue::list({List{}})})})).has_value());
    }

    void takesAnEmptyListForAnAbsentStructOfARecursiveTypeOnly()
    {
        const auto schema = Eip712Schema::create({{u"Pair"_s, {{u"left"_s, u"Pair"_s}, {u"leaf"_s, u"Leaf"_s}}}, {u"Leaf"_s, {{u"x"_s, u"bool"_s}}}}).value();
        QVERIFY(schema.isRecursive(schema.indexOf(u"Pair")));
        QVERIFY(!schema.isRecursive(schema.indexOf(u"Leaf")));
        const Bytes data = schema.encodeData(u"Pair", AbiValue::list({List{}, List{true}})).value();
        QCOMPARE(data.sliced(32, 32), Bytes(32, '\0'));
        QVERIFY(!schema.encodeData(u"Pair", AbiValue::list({List{}, List{}})).has_value());
    }

    void knowsStructsThatContainEachOther()
    {
        const auto schema = Eip712Schema::create({{u"A"_s, {{u"b"_s, u"B[2][]"_s}}}, {u"B"_s, {{u"a"_s, u"A"_s}}}, {u"C"_s, {{u"a"_s, u"A"_s}}}}).value();
        QVERIFY(schema.isRecursive(schema.indexOf(u"A")));
        QVERIFY(schema.isRecursive(schema.indexOf(u"B")));
        QVERIFY(!schema.isRecursive(schema.indexOf(u"C")));
        QCOMPARE(schema.encodeType(u"C").value(), u"C(A a)A(B[2][] b)B(A a)"_s);
        QCOMPARE(schema.fieldTypes(schema.indexOf(u"A")).front().lengths, (std::vector<qsizetype>{0, 2}));
    }

    void refusesSchemasThatNoContractHas_data()
    {
        QTest::addColumn<QString>("type");
        for (const char *type : {"uint", "uint7", "Unknown", "(bool)", "Person ", "bool [2]", "Person[0]", "uint256[2", "tuple", "function", "bool[1][", "bool]", "bool[1]]",
                                 "bool[-1]", "bool[9999999999999999999]"})
            QTest::newRow(type) << QString::fromLatin1(type);
    }
    void refusesSchemasThatNoContractHas()
    {
        QFETCH(QString, type);
        QVERIFY(!Eip712Schema::create({{u"Person"_s, {{u"name"_s, u"string"_s}}}, {u"Mail"_s, {{u"x"_s, type}}}}).has_value());
    }

    void refusesNamesUsedTwiceOrMisspelt()
    {
        QVERIFY(!Eip712Schema::create({{u"A"_s, {}}, {u"A"_s, {}}}).has_value());
        QVERIFY(!Eip712Schema::create({{u"A"_s, {{u"x"_s, u"bool"_s}, {u"x"_s, u"bool"_s}}}}).has_value());
        QVERIFY(!Eip712Schema::create({{u"bool"_s, {}}}).has_value());
        QVERIFY(!Eip712Schema::create({{u"A(bool x)B"_s, {}}}).has_value());
        QVERIFY(!Eip712Schema::create({{u"A"_s, {{u"x,bool y"_s, u"bool"_s}}}}).has_value());
    }

    void refusesValuesOfAnotherShape()
    {
        const Eip712Schema schema = mailSchema();
        QVERIFY(!schema.hashStruct(u"Mail", List{u"x"_s}).has_value());
        List wrong = mail();
        wrong[2] = AbiValue(Uint256(1));
        QCOMPARE(schema.hashStruct(u"Mail", wrong).error().message, u"Mail.contents: text is needed"_s);
        QCOMPARE(schema.hashStruct(u"Letter", mail()).error().kind, ErrorKind::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestEip712)
#include "tst_eip712.moc"
