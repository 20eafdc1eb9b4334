#include "backend/evm/abievent.h"
#include "backend/evm/abitopic.h"
#include "backend/evm/jsonabi.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

using List = AbiValue::List;

const Address someone = address(u"0x52908400098527886E0F7030069857D2E4169EE7");

Hash32 topic(QStringView type, const AbiValue &value)
{
    return abiTopic(AbiType::parse(type).value(), value).value();
}

} // namespace

class TestAbiEvent final : public QObject {
    Q_OBJECT

private slots:
    void decodesWhatItEncodes()
    {
        const auto event = AbiEvent::parse(u"Moved(address indexed from, uint256 amount, int8 indexed by, bytes note)").value();
        const List values = {someone, Uint256(7), AbiValue::ofSigned(-3), hex(u"0102")};
        const auto log = event.encode(values).value();
        QCOMPARE(log.topics.size(), size_t(3));
        QCOMPARE(log.topics[0], keccak256("Moved(address,uint256,int8,bytes)"));
        const auto decoded = event.decode(log.topics, log.data).value();
        for (size_t i = 0; i < values.size(); ++i) {
            QVERIFY(decoded.arguments[i].value == values[i]);
            QVERIFY(!decoded.arguments[i].hashed);
        }
    }

    void hashesIndexedArgumentsThatAreNoWord()
    {
        QCOMPARE(topic(u"string", u"Hello World"_s), keccak256("Hello World"));
        QCOMPARE(topic(u"bytes", hex(u"0102")), keccak256(hex(u"0102")));
        QCOMPARE(topic(u"uint8[2]", List{Uint256(1), Uint256(2)}), keccak256(word(u"1") + word(u"2")));
        // Within lists, bytes and string are padded, and lengths are left out.
        QCOMPARE(topic(u"(string,bytes[])", List{u"a"_s, AbiValue(AbiValue::list({hex(u"0102")}))}),
                 keccak256(hex(u"61"_s.leftJustified(64, u'0')) + hex(u"0102"_s.leftJustified(64, u'0'))));
        QCOMPARE(topic(u"address", someone).bytes(), word(u"52908400098527886e0f7030069857d2e4169ee7"));
    }

    void tellsWhichArgumentsAreHashes()
    {
        const auto event = AbiEvent::parse(u"Named(string indexed name, bool[] indexed flags, bool last)").value();
        const auto log = event.encode(List{u"x"_s, List{true}, true}).value();
        const auto decoded = event.decode(log.topics, log.data).value();
        QVERIFY(decoded.arguments[0].hashed && decoded.arguments[1].hashed && !decoded.arguments[2].hashed);
        QVERIFY(decoded.arguments[0].value == AbiValue(keccak256("x")));
    }

    void readsAnonymousEventsWithFourIndexedArguments()
    {
        const auto event = AbiEvent::parse(u"event Note(bytes4 indexed a, address indexed b, bytes32 indexed c, uint8 indexed d, bytes data) anonymous")
                               .value();
        QVERIFY(event.isAnonymous());
        const List values = {hex(u"01020304"), someone, hex(QString(64, u'1')), Uint256(9), hex(u"aa")};
        const auto log = event.encode(values).value();
        QCOMPARE(log.topics.size(), size_t(4));
        QVERIFY(event.decode(log.topics, log.data).value().arguments[3].value == AbiValue(Uint256(9)));
        QVERIFY(!AbiEvent::parse(u"Note(bool indexed a,bool indexed b,bool indexed c,bool indexed d)").has_value());
        QVERIFY(!AbiEvent::parse(u"Note(bool indexed a,bool indexed b,bool indexed c,bool indexed d,bool indexed e) anonymous").has_value());
    }

    void findsTheOneAnonymousEventThatALogCanBe()
    {
        const auto first = AbiEvent::parse(u"First(bool indexed a) anonymous").value();
        const auto second = AbiEvent::parse(u"Second(uint8 indexed a) anonymous").value();
        EvmLog log;
        log.topics = {hash(u"0x0000000000000000000000000000000000000000000000000000000000000005")};
        QCOMPARE(JsonAbi::ofParts({}, {first, second}).decodeLog(log).value().name, u"Second"_s);
        log.topics = {hash(u"0x0000000000000000000000000000000000000000000000000000000000000001")}; // either
        QCOMPARE(JsonAbi::ofParts({}, {first, second}).decodeLog(log).error().kind, ErrorKind::NotFound);
    }

    void refusesArgumentsThatDoNotFit()
    {
        const auto event = AbiEvent::parse(u"Moved(uint8 indexed a, bool[2] indexed b, uint8 c)").value();
        QVERIFY(!event.encode(List{Uint256(1)}).has_value());
        QVERIFY(!event.encode(List{Uint256(256), List{true, true}, Uint256(1)}).has_value());
        QVERIFY(!event.encode(List{Uint256(1), List{true}, Uint256(1)}).has_value());
        QVERIFY(!event.encode(List{Uint256(1), List{true, true}, Uint256(256)}).has_value());
        QVERIFY(event.encode(List{Uint256(1), List{true, true}, Uint256(1)}).has_value());
    }

    void refusesNamesThatPretendToBeASignature()
    {
        QVERIFY(!JsonAbi::load(R"([{"type":"function","name":"transfer(address,uint256)x","inputs":[]}])").has_value());
        QVERIFY(!JsonAbi::load(R"([{"type":"event","name":"E ","inputs":[]}])").has_value());
        QVERIFY(JsonAbi::load(R"([{"type":"function","name":"$transfer_2","inputs":[]}])").has_value());
    }
};

QTEST_GUILESS_MAIN(TestAbiEvent)
#include "tst_abievent.moc"
