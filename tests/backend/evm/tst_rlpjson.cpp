#include "backend/evm/rlpjson.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

Result<Bytes> encoded(const QByteArray &json)
{
    const JsonText text = JsonText::parse(json).value();
    return rlpFromJson(text.root());
}

} // namespace

class TestRlpJson final : public QObject {
    Q_OBJECT

private slots:
    // The examples of the Ethereum wiki's RLP page.
    void readsAndWritesTheSame_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("data");
        QTest::newRow("empty") << QByteArray("\"0x\"") << u"80"_s;
        QTest::newRow("zero byte") << QByteArray("\"0x00\"") << u"00"_s;
        QTest::newRow("dog") << QByteArray("\"0x646f67\"") << u"83646f67"_s;
        QTest::newRow("cat and dog") << QByteArray("[\"0x636174\",\"0x646f67\"]") << u"c88363617483646f67"_s;
        QTest::newRow("no items") << QByteArray("[]") << u"c0"_s;
        QTest::newRow("three in set theory") << QByteArray("[[],[[]],[[],[[]]]]") << u"c7c0c1c0c3c0c1c0"_s;
    }
    void readsAndWritesTheSame()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, data);
        QCOMPARE(encoded(json).value(), hex(data));
        QCOMPARE(rlpToJson(hex(data)).value(), json);
    }

    void takesNothingElseForAnItem_data()
    {
        QTest::addColumn<QByteArray>("json");
        for (const char *json :
            {"1", "null", "true", "{}", "\"\"", "\"00\"", "\"0x0\"", "\"0xzz\"", "[\"0x\",1]", "\"0X00\""})
            QTest::newRow(json) << QByteArray(json);
    }
    void takesNothingElseForAnItem()
    {
        QFETCH(QByteArray, json);
        QCOMPARE(encoded(json).error().kind, ErrorKind::Invalid);
    }

    void refusesOtherSpellings()
    {
        QCOMPARE(rlpToJson(hex(u"8101")).error().detail, u"rlp.byte at byte 0"_s);
        QCOMPARE(rlpToJson(hex(u"8000")).error().detail, u"rlp.trailing at byte 1"_s);
        QCOMPARE(rlpToJson(hex(u"c28361626364")).error().detail, u"rlp.truncated at byte 1"_s);
        QCOMPARE(rlpToJson({}).error().detail, u"rlp.truncated at byte 0"_s);
    }

    void endsOnDepthAndCount()
    {
        const QByteArray deepest = QByteArray(maxRlpJsonDepth, '[') + QByteArray(maxRlpJsonDepth, ']');
        const Bytes data = encoded(deepest).value();
        QCOMPARE(rlpToJson(data).value(), deepest);
        QCOMPARE(encoded('[' + deepest + ']').error().detail, u"rlp.depth"_s);
        Bytes deeper(1, static_cast<char>(0xc0 + data.size()));
        deeper += data;
        QCOMPARE(rlpToJson(deeper).error().detail, u"rlp.depth"_s);
        const Bytes many = QByteArray::fromHex("fa0f4241") + Bytes(0x0f4241, '\x01'); // 1,000,001 items
        QCOMPARE(rlpToJson(many).error().detail, u"rlp.items"_s);
    }
};

QTEST_GUILESS_MAIN(TestRlpJson)
#include "tst_rlpjson.moc"
