#include "backend/evm/typeddata.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

using List = AbiValue::List;

// "name":json
QByteArray member(const char *name, const QByteArray &json)
{
    return '"' + QByteArray(name) + "\":" + json;
}

// The parts of a request; a test replaces the one that it is about.
struct Request {
    QByteArray types = R"({"Mail":[{"name":"from","type":"Person"},{"name":"to","type":"Person"},{"name":"contents","type":"string"}],
                           "Person":[{"name":"name","type":"string"},{"name":"wallet","type":"address"}]})";
    QByteArray primaryType = "Mail";
    QByteArray domain = R"({"name":"Ether Mail","version":"1","chainId":1,"verifyingContract":"0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"})";
    QByteArray message = R"({"from":{"name":"Cow","wallet":"0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"},
                             "to":{"name":"Bob","wallet":"0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"},"contents":"Hello, Bob!"})";

    Result<TypedData> read() const
    {
        return TypedData::parse('{' + member("types", types) + ',' + member("primaryType", '"' + primaryType + '"') + ','
                                + member("domain", domain) + ',' + member("message", message) + '}');
    }
};

QString errorOf(const Request &request)
{
    const auto data = request.read();
    return data ? QString() : data.error().message;
}

Request withField(const QByteArray &type, const QByteArray &value)
{
    return {.types = R"({"T":[{"name":"x",)" + member("type", '"' + type + '"') + "}]}",
            .primaryType = "T",
            .domain = "{}",
            .message = '{' + member("x", value) + '}'};
}

// Person(string name,Person mother,Person father): the example of eth-sig-util for types that contain themselves.
const QByteArray personTypes = R"({"Person":[{"name":"name","type":"string"},{"name":"mother","type":"Person"},{"name":"father","type":"Person"}]})";

} // namespace

class TestTypedData final : public QObject {
    Q_OBJECT

private slots:
    void hashesTheExampleOfTheStandard()
    {
        const TypedData data = Request().read().value();
        QCOMPARE(data.domainHash(), hash(u"0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f"));
        QCOMPARE(data.structHash().value(), hash(u"0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e"));
        QCOMPARE(data.digest(), hash(u"0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2"));
        QCOMPARE(data.encodedType(), u"Mail(Person from,Person to,string contents)Person(string name,address wallet)"_s);
        QCOMPARE(keccak256(data.encodedData().value()), data.structHash().value());
        QCOMPARE(data.domain().chainId.value(), Uint256(1));
        QVERIFY(!data.domain().salt.has_value());
    }

    void givesTheSameWhenTheDomainsTypeIsSpelt()
    {
        Request request;
        request.types = R"({"EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},{"name":"chainId","type":"uint256"},
                            {"name":"verifyingContract","type":"address"}],)" + request.types.sliced(1);
        QCOMPARE(request.read().value().digest(), hash(u"0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2"));
    }

    void hashesTheDomainInTheOrderThatItsTypeGives()
    {
        Request request;
        request.types = R"({"EIP712Domain":[{"name":"chainId","type":"uint256"},{"name":"name","type":"string"}],)" + request.types.sliced(1);
        request.domain = R"({"name":"n","chainId":"0x5"})";
        Bytes encoded = keccak256("EIP712Domain(uint256 chainId,string name)").bytes();
        encoded += Uint256(5).toBigEndian();
        encoded += keccak256("n").view();
        QCOMPARE(request.read().value().domainHash(), keccak256(encoded));
    }

    void derivesEachOfTheDomainsThirtyTwoTypes()
    {
        const std::array members = {member("name", "\"n\""), member("version", "\"2\""), member("chainId", "\"10\""),
                                    member("verifyingContract", "\"0xcccccccccccccccccccccccccccccccccccccccc\""),
                                    member("salt", "\"0x" + QByteArray(64, '1') + '"')};
        QSet<QString> seen;
        for (unsigned mask = 0; mask < 32; ++mask) {
            QByteArrayList present;
            Eip712Domain expected;
            for (unsigned i = 5; i-- > 0;) { // the members' order in the JSON does not matter
                if ((mask >> i & 1) != 0)
                    present += members[i];
            }
            if ((mask & 1) != 0)
                expected.name = u"n"_s;
            if ((mask & 2) != 0)
                expected.version = u"2"_s;
            if ((mask & 4) != 0)
                expected.chainId = Uint256(10);
            if ((mask & 8) != 0)
                expected.verifyingContract = address(u"0xcccccccccccccccccccccccccccccccccccccccc");
            if ((mask & 16) != 0)
                expected.salt = hash(QString(u"0x"_s + QString(64, u'1')));
            Request request;
            request.domain = '{' + present.join(',') + '}';
            const TypedData data = request.read().value();
            QCOMPARE(data.domainHash(), expected.separator());
            QCOMPARE(data.domain().encodeType(), expected.encodeType());
            seen.insert(data.domainHash().toString());
        }
        QCOMPARE(seen.size(), 32);
    }

    void refusesDomainsThatAreNotAsTheirType_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("domain");
        QTest::addColumn<QString>("message");
        const QByteArray chainOnly = R"([{"name":"chainId","type":"uint256"}])";
        QTest::newRow("missing") << chainOnly << "{}"_ba << u"domain: chainId is missing, but EIP712Domain has it"_s;
        QTest::newRow("not signed") << chainOnly << QByteArray(R"({"chainId":1,"name":"n"})")
                                    << u"domain: \"name\" is no member of EIP712Domain: it would not be signed"_s;
        QTest::newRow("unknown field") << QByteArray(R"([{"name":"owner","type":"address"}])") << "{}"_ba
                                       << u"types.EIP712Domain: owner is no member of a domain"_s;
        QTest::newRow("wrong type") << QByteArray(R"([{"name":"chainId","type":"uint64"}])") << QByteArray(R"({"chainId":1})")
                                    << u"types.EIP712Domain.chainId: its type is uint256, not uint64"_s;
        QTest::newRow("twice") << QByteArray(R"([{"name":"chainId","type":"uint256"},{"name":"chainId","type":"uint256"}])") << QByteArray(R"({"chainId":1})")
                               << u"types: EIP712Domain: chainId is there twice"_s;
        QTest::newRow("unknown member") << QByteArray() << QByteArray(R"({"chainID":1})")
                                        << u"domain: \"chainID\" is no member of EIP712Domain: it would not be signed"_s;
        QTest::newRow("wrong value") << QByteArray() << QByteArray(R"({"version":1})") << u"domain.version: a text is needed, not a number"_s;
        QTest::newRow("no object") << QByteArray() << "[]"_ba << u"domain: an object is needed, be it empty"_s;
    }
    void refusesDomainsThatAreNotAsTheirType()
    {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, domain);
        QFETCH(QString, message);
        Request request;
        if (!type.isEmpty())
            request.types = R"({"EIP712Domain":)" + type + ',' + request.types.sliced(1);
        request.domain = domain;
        QCOMPARE(errorOf(request), message);
    }

    void takesANullMemberOfTheDomainForAbsent()
    {
        Request request;
        request.domain = R"({"chainId":1,"salt":null})";
        QCOMPARE(request.read().value().domain().encodeType(), u"EIP712Domain(uint256 chainId)"_s);
    }

    void signsTheDomainAloneWhenItIsThePrimaryType()
    {
        Request request;
        request.primaryType = "EIP712Domain";
        request.message = "{}";
        const TypedData data = request.read().value();
        QVERIFY(!data.structHash().has_value());
        QCOMPARE(data.digest(), keccak256(hex(u"1901") + data.domainHash().bytes()));
        QCOMPARE(data.encodedType(), u"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"_s);
        QVERIFY(data.messageLines().empty());
        request.message = R"({"contents":"x"})";
        QCOMPARE(errorOf(request), u"message: the primary type is EIP712Domain: a message beside it would not be signed"_s);
    }

    void refusesMessagesOfAnotherShape_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QString>("error");
        const QByteArray person = R"({"name":"Bob","wallet":"0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"})";
        QTest::newRow("missing") << QByteArray(R"({"from":)" + person + R"(,"contents":"x"})") << u"message.to: it is missing"_s;
        QTest::newRow("null struct") << QByteArray(R"({"from":)" + person + R"(,"to":null,"contents":"x"})")
                                     << u"message.to: an object is needed for Person, not null"_s;
        QTest::newRow("extra") << QByteArray(R"({"from":)" + person + R"(,"to":)" + person + R"(,"contents":"x","cc":"y"})")
                               << u"message: \"cc\" is no member of Mail: it would not be signed"_s;
        QTest::newRow("extra below") << QByteArray(R"({"from":{"name":"x","age":1,"wallet":"0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"},"to":)" + person
                                                   + R"(,"contents":"x"})")
                                     << u"message.from: \"age\" is no member of Person: it would not be signed"_s;
        QTest::newRow("wrong value") << QByteArray(R"({"from":)" + person + R"(,"to":)" + person + R"(,"contents":5})")
                                     << u"message.contents: a text is needed, not a number"_s;
        QTest::newRow("no object") << "[]"_ba << u"message: an object is needed for Mail, not an array"_s;
    }
    void refusesMessagesOfAnotherShape()
    {
        QFETCH(QByteArray, message);
        QFETCH(QString, error);
        Request request;
        request.message = message;
        QCOMPARE(errorOf(request), error);
    }

    void refusesTypesThatTheStandardDoesNotKnow_data()
    {
        QTest::addColumn<QByteArray>("types");
        QTest::newRow("alias") << QByteArray(R"({"Mail":[{"name":"x","type":"uint"}]})");
        QTest::newRow("function") << QByteArray(R"({"Mail":[{"name":"x","type":"function"}]})");
        QTest::newRow("dangling") << QByteArray(R"({"Mail":[{"name":"x","type":"Person"}]})");
        QTest::newRow("dangling in an unused type") << QByteArray(R"({"Mail":[],"Other":[{"name":"x","type":"Person"}]})");
        QTest::newRow("domain that is not there") << QByteArray(R"({"Mail":[{"name":"x","type":"EIP712Domain[]"}]})");
        QTest::newRow("type in a struct's name") << QByteArray(R"({"Mail":[],"A(bool x)B":[]})");
        QTest::newRow("type in a field's name") << QByteArray(R"({"Mail":[{"name":"x,bool y","type":"bool"}]})");
        QTest::newRow("space in a type") << QByteArray(R"({"Mail":[{"name":"x","type":"bool "}]})");
        QTest::newRow("two fields of a name") << QByteArray(R"({"Mail":[{"name":"x","type":"bool"},{"name":"x","type":"bool"}]})");
        QTest::newRow("elementary name") << QByteArray(R"({"Mail":[],"bool":[]})");
        QTest::newRow("array of nothing") << QByteArray(R"({"Mail":[{"name":"x","type":"bool[0]"}]})");
        QTest::newRow("array with a zero in front") << QByteArray(R"({"Mail":[{"name":"x","type":"bool[01]"}]})");
        QTest::newRow("array that is open") << "{\"Mail\":[{\"name\":\"x\",\"type\":\"bool[2\"}]}"_ba;
        QTest::newRow("array with more behind") << QByteArray(R"({"Mail":[{"name":"x","type":"bool[2]x"}]})");
        QTest::newRow("tuple") << "{\"Mail\":[{\"name\":\"x\",\"type\":\"(bool)\"}]}"_ba;
        QTest::newRow("field without type") << QByteArray(R"({"Mail":[{"name":"x"}]})");
        QTest::newRow("no list") << QByteArray(R"({"Mail":{}})");
        QTest::newRow("no primary type") << QByteArray(R"({"Letter":[]})");
    }
    void refusesTypesThatTheStandardDoesNotKnow()
    {
        QFETCH(QByteArray, types);
        Request request;
        request.types = types;
        request.message = "{}";
        const auto data = request.read();
        QVERIFY(!data.has_value());
        QCOMPARE(data.error().kind, ErrorKind::Invalid);
    }

    void refusesValuesOutOfTheirTypesRange_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("uint8") << "uint8"_ba << "256"_ba;
        QTest::newRow("uint below zero") << "uint256"_ba << "\"-1\""_ba;
        QTest::newRow("int8") << "int8"_ba << "-129"_ba;
        QTest::newRow("fraction") << "uint256"_ba << "0.5"_ba;
        QTest::newRow("bytes4 too long") << "bytes4"_ba << "\"0x0102030405\""_ba;
        QTest::newRow("bytes4 too short") << "bytes4"_ba << "\"0x01\""_ba;
        QTest::newRow("bytes of text") << "bytes"_ba << "\"hello\""_ba;
        QTest::newRow("bool of text") << "bool"_ba << "\"true\""_ba;
        QTest::newRow("wrong checksum") << "address"_ba << "\"0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\""_ba;
        QTest::newRow("too few elements") << "bool[3]"_ba << "[true,true]"_ba;
        QTest::newRow("list of the wrong depth") << "bool[][2]"_ba << "[true,true]"_ba;
        QTest::newRow("null") << "string"_ba << "null"_ba;
    }
    void refusesValuesOutOfTheirTypesRange()
    {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, value);
        const auto data = withField(type, value).read();
        QVERIFY(!data.has_value());
        QVERIFY(data.error().message.startsWith(u"message.x"));
    }

    void hashesArraysOfArraysFromTheOutermostIn()
    {
        const TypedData data = withField("uint8[2][]", "[[1,2],[3,4],[5,6]]").read().value();
        Bytes outer;
        for (quint64 i = 1; i < 6; i += 2)
            outer += keccak256(Uint256(i).toBigEndian() + Uint256(i + 1).toBigEndian()).view();
        QCOMPARE(data.structHash().value(), keccak256(keccak256("T(uint8[2][] x)").bytes() + keccak256(outer).bytes()));
        QVERIFY(!withField("uint8[2][]", "[[1,2,3],[4,5,6]]").read().has_value());
    }

    // eth_signTypedData_v4 as eth-sig-util does it.
    void encodesAnAbsentStructOfARecursiveTypeAsZeros()
    {
        const Request request = {.types = personTypes, .primaryType = "Person", .domain = "{}",
                                 .message = R"({"name":"Jon","mother":{"name":"Lyanna","father":{"name":"Rickard"}},
                                               "father":{"name":"Rhaegar","mother":null,"father":{"name":"Aeris II"}}})"};
        const TypedData data = request.read().value();
        const Bytes type = keccak256("Person(string name,Person mother,Person father)").bytes();
        const Bytes none(32, '\0');
        const auto person = [&type](QByteArrayView name, const Bytes &mother, const Bytes &father) {
            return keccak256(type + keccak256(name).bytes() + mother + father).bytes();
        };
        const Bytes expected = person("Jon", person("Lyanna", none, person("Rickard", none, none)),
                                      person("Rhaegar", none, person("Aeris II", none, none)));
        QCOMPARE(data.structHash()->bytes(), expected);
    }

    void refusesNullWhereArraysEndTheRecursion()
    {
        Request request = {.types = R"({"Node":[{"name":"next","type":"Node[]"}]})", .primaryType = "Node", .domain = "{}", .message = R"({"next":[{"next":[]}]})"};
        QVERIFY(request.read().has_value());
        request.message = R"({"next":[null]})";
        QVERIFY(!request.read().has_value());
        request.message = "{}";
        QVERIFY(!request.read().has_value());
    }

    void stopsAtValuesThatNestTooDeep()
    {
        QByteArray message = "null";
        for (int i = 0; i < 60; ++i)
            message = R"({"name":"x","mother":)" + message + '}';
        const auto data = Request{.types = personTypes, .primaryType = "Person", .domain = "{}", .message = message}.read();
        QVERIFY(!data.has_value());
        QVERIFY(data.error().message.endsWith(u"the value is nested too deep"));
    }

    void limitsTheTypes()
    {
        QByteArray fields;
        for (int i = 0; i < 300; ++i)
            fields += (i > 0 ? ",{\"name\":\"f" : "{\"name\":\"f") + QByteArray::number(i) + "\",\"type\":\"bool\"}";
        Request request;
        request.types = R"({"Mail":[)" + fields + "]}";
        QVERIFY(errorOf(request).contains(u"more than 256 fields"));
        request.types = "{\"Mail\":[{\"name\":\"" + QByteArray(200'000, 'a') + "\",\"type\":\"bool\"}]}";
        QCOMPARE(request.read().error().kind, ErrorKind::Exhausted);
    }

    void ignoresMembersBesideTheFourAndUnusedTypes()
    {
        Request request;
        request.types = R"({"Unused":[{"name":"x","type":"bool[2][]"}],)" + request.types.sliced(1);
        const auto data = TypedData::parse(R"({"account":"x","types":)" + request.types + R"(,"primaryType":"Mail","domain":)" + request.domain
                                           + R"(,"message":)" + request.message + '}');
        QCOMPARE(data.value().digest(), hash(u"0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2"));
    }

    void showsEachValueWithItsPath()
    {
        Request request;
        request.types = R"({"Order":[{"name":"items","type":"Item[]"},{"name":"pairs","type":"int8[2][1]"}],"Item":[{"name":"id","type":"bytes2"}]})";
        request.primaryType = "Order";
        request.message = R"({"items":[{"id":"0x0001"}],"pairs":[[-1,2]]})";
        QStringList lines;
        const TypedData data = request.read().value();
        for (const TypedDataLine &line : data.messageLines())
            lines += QString(line.depth, u' ') + line.path + u' ' + line.type + u' ' + line.text;
        QCOMPARE(lines, (QStringList{u"items Item[] "_s, u" items[0] Item "_s, u"  items[0].id bytes2 0x0001"_s, u"pairs int8[2][1] "_s,
                                     u" pairs[0] int8[2] "_s, u"  pairs[0][0] int8 -1"_s, u"  pairs[0][1] int8 2"_s}));
        QCOMPARE(data.domainLines().front().text, u"\"Ether Mail\""_s);
        QCOMPARE(data.domainLines().size(), size_t(4));
    }
};

QTEST_GUILESS_MAIN(TestTypedData)
#include "tst_typeddata.moc"
