#include "backend/evm/rlp.h"
#include "backend/evm/rlpreader.h"
#include "backend/evm/rlpwriter.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

using List = RlpItem::List;

RlpItem text(QByteArrayView bytes)
{
    return RlpItem(bytes.toByteArray());
}

} // namespace

class TestRlp final : public QObject {
    Q_OBJECT

private slots:
    // The examples of the Ethereum wiki's RLP page.
    void encodesThePublishedExamples()
    {
        QCOMPARE(rlpEncode(text("dog")), hex(u"83646f67"));
        QCOMPARE(rlpEncode(List{text("cat"), text("dog")}), hex(u"c88363617483646f67"));
        QCOMPARE(rlpEncode(text("")), hex(u"80"));
        QCOMPARE(rlpEncode(List{}), hex(u"c0"));
        QCOMPARE(rlpEncode(RlpItem::ofNumber(0)), hex(u"80"));
        QCOMPARE(rlpEncode(RlpItem(Bytes(1, '\0'))), hex(u"00"));
        QCOMPARE(rlpEncode(RlpItem::ofNumber(15)), hex(u"0f"));
        QCOMPARE(rlpEncode(RlpItem::ofNumber(1024)), hex(u"820400"));
        const RlpItem one = RlpItem::list({List{}});
        const RlpItem setOfThree = List{List{}, one, RlpItem::list({List{}, one})};
        QCOMPARE(rlpEncode(setOfThree), hex(u"c7c0c1c0c3c0c1c0"));
        const Bytes lorem = "Lorem ipsum dolor sit amet, consectetur adipisicing elit";
        QCOMPARE(rlpEncode(RlpItem(lorem)), hex(u"b838") + lorem);
    }

    void roundTripsAcrossTheBordersOfTheForms()
    {
        for (const qsizetype size : {0, 1, 2, 55, 56, 57, 255, 256, 65'535, 65'536}) {
            const RlpItem bytes(Bytes(size, 'x'));
            QVERIFY(rlpDecodeStrict(rlpEncode(bytes)).value() == bytes);
            const RlpItem list(List{bytes, List{bytes}});
            QVERIFY(rlpDecodeStrict(rlpEncode(list)).value() == list);
        }
    }

    void refusesEveryOtherSpelling_data()
    {
        QTest::addColumn<QString>("data");
        QTest::addColumn<QString>("detail");
        QTest::newRow("nothing") << QString() << u"rlp.truncated at byte 0"_s;
        QTest::newRow("prefixed small byte") << u"8101"_s << u"rlp.byte at byte 0"_s;
        QTest::newRow("long form of a short") << u"b80161"_s << u"rlp.length.long at byte 1"_s;
        QTest::newRow("long form of 55") << QString(u"b837"_s + u"61"_s.repeated(55)) << u"rlp.length.long at byte 1"_s;
        QTest::newRow("leading zero") << QString(u"b90038"_s + u"61"_s.repeated(56)) << u"rlp.length.zero at byte 1"_s;
        QTest::newRow("list in the long form") << u"f80180"_s << u"rlp.length.long at byte 1"_s;
        QTest::newRow("short content") << u"83646f"_s << u"rlp.truncated at byte 0"_s;
        QTest::newRow("short list") << u"c20f"_s << u"rlp.truncated at byte 0"_s;
        QTest::newRow("child outside of its list") << u"c28361626364"_s << u"rlp.truncated at byte 1"_s;
        QTest::newRow("trailing") << u"8000"_s << u"rlp.trailing at byte 1"_s;
        QTest::newRow("length of the length") << u"bf0101"_s << u"rlp.truncated at byte 1"_s;
        QTest::newRow("huge length") << u"bfffffffffffffffff"_s << u"rlp.truncated at byte 1"_s;
        QTest::newRow("huge list") << u"ffffffffffffffffff"_s << u"rlp.truncated at byte 1"_s;
    }
    void refusesEveryOtherSpelling()
    {
        QFETCH(QString, data);
        QFETCH(QString, detail);
        const auto item = rlpDecodeStrict(hex(data));
        QVERIFY(!item.has_value());
        QCOMPARE(item.error().detail, detail);
    }

    void endsOnDepthSizeAndCount()
    {
        Bytes deep = hex(u"c0");
        for (int i = 0; i < 40; ++i)
            deep = rlpEncode(List{rlpDecodeStrict(deep, {.maxDepth = 64}).value()});
        QCOMPARE(rlpDecodeStrict(deep).error().detail, u"rlp.depth"_s);
        QCOMPARE(rlpDecodeStrict(Bytes(100, '\x01'), {.maxBytes = 99}).error().detail, u"rlp.limit"_s);
        QCOMPARE(rlpDecodeStrict(rlpEncode(List(10, text("a"))), {.maxItems = 10}).error().detail, u"rlp.items"_s);
    }

    void walksOverItemsWithoutACopy()
    {
        const Bytes data = hex(u"83646f67c20102b838") + Bytes(56, 'x');
        RlpReader reader(data, 100);
        QCOMPARE(reader.count().value(), 3);
        const auto dog = reader.next().value();
        QCOMPARE(dog.content, QByteArrayView("dog"));
        QCOMPARE(dog.content.data(), data.constData() + 1);
        QCOMPARE(dog.offset, 101);
        const auto list = reader.next().value();
        QVERIFY(list.isList);
        QCOMPARE(list.whole.toByteArray(), hex(u"c20102"));
        RlpReader inner(list.content, list.offset);
        QCOMPARE(inner.next().value().content.toByteArray(), hex(u"01"));
        QCOMPARE(inner.position(), 106);
        QCOMPARE(reader.next().value().content.size(), 56);
        QVERIFY(reader.atEnd());
        QCOMPARE(reader.next().error().detail, u"rlp.truncated at byte 165"_s);
    }

    void writesNumbersWithoutLeadingZeros()
    {
        RlpWriter writer(Bytes("x"));
        writer.beginList();
        writer.number(0U);
        writer.number(127U);
        writer.number(128U);
        writer.number(Uint256::max());
        writer.bigEndian(hex(u"00000100"));
        writer.bigEndian(Bytes(3, '\0'));
        writer.encoded(hex(u"c101"));
        writer.endList();
        QCOMPARE(writer.take(), "x" + hex(QString(u"eb807f8180a0"_s + u"ff"_s.repeated(32) + u"82010080c101"_s)));
    }

    void readsNumbersOnlyWithoutLeadingZeros()
    {
        QVERIFY(!RlpItem(hex(u"0001")).toNumber().has_value());
        QVERIFY(!RlpItem(Bytes(33, '\x01')).toNumber().has_value());
        QVERIFY(!RlpItem(List{}).toNumber().has_value());
        QVERIFY(RlpItem(Bytes()).toNumber().value().isZero());
    }
};

QTEST_GUILESS_MAIN(TestRlp)
#include "tst_rlp.moc"
