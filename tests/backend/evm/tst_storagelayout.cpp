#include "backend/evm/proxycode.h"
#include "backend/evm/storagelayout.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/values.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

const Address contract = address(u"0x1100000000000000000000000000000000000011");

Hash32 numbered(const Uint256 &number)
{
    return Hash32::fromDigest(number.toBigEndian());
}

QByteArray file(const QString &name)
{
    QFile source(QStringLiteral(COUNTERSIGN_CONTRACTS) + u"/artifacts/"_s + name);
    return source.open(QIODevice::ReadOnly) ? source.readAll() : QByteArray();
}

constexpr auto numberType = R"("t_uint256": {"encoding": "inplace", "label": "uint256", "numberOfBytes": "32"})";

QByteArray layoutOf(const QByteArray &storage, const QByteArray &types)
{
    return R"({"storage": [)" + storage + R"(], "types": {)" + types + "}}";
}

QList<NamedChange> named(const StorageLayout &layout, const Hash32 &slot, const Hash32 &before, const Hash32 &after,
    const StorageKeys &keys = {})
{
    const StorageChange change{contract, slot, before, after};
    return layout.name(std::span(&change, 1), keys);
}

} // namespace

/// The reading of layouts; tst_storagenaming compares with what compiled code writes.
class TestStorageLayout final : public QObject {
    Q_OBJECT

private slots:
    void ourArtifactsHaveTheirs()
    {
        const auto layout = StorageLayout::load(file(u"CantonKeyRegistry.json"_s));
        QVERIFY2(layout.has_value(), qPrintable(layout ? QString() : layout.error().message));
        QCOMPARE(layout->variables().size(), size_t(3));
        const Hash32 party = keccak256("party");
        StorageKeys keys;
        keys.add(party);
        const Hash32 slot = keccak256(party.bytes() + numbered(2).bytes());
        const Hash32 key = Hash32::fromDigest(word(u"b0b000000000000000000000000000000000b0b0"));
        const auto changes = named(*layout, slot, {}, key, keys);
        QCOMPARE(changes.size(), 1);
        QCOMPARE(changes.front().variable, u"cantonPartyToKey[%1]"_s.arg(party.toString()));
        QCOMPARE(changes.front().before, Address().toString());
        QCOMPARE(changes.front().after, address(u"0xb0b000000000000000000000000000000000b0b0").toString());
        QVERIFY(changes.front().role == SlotRole::Variable);
        // Without the key nobody can know.
        const auto unknown = named(*layout, slot, {}, key);
        QCOMPARE(unknown.front().variable, u"slot "_s + slot.toString());
        QCOMPARE(unknown.front().after, key.toString());
        QVERIFY(unknown.front().role == SlotRole::Unknown);
    }

    void bitsOfAMapAreFoundByTheirNumber()
    {
        const auto layout = StorageLayout::load(file(u"CantonDeFiVault.json"_s));
        QVERIFY(layout.has_value());
        const Hash32 party = keccak256("party");
        StorageKeys keys;
        keys.add(party);
        keys.add(Uint256(1000)); // the nonce; its bit stands in word 3
        const Hash32 inner = keccak256(party.bytes() + numbered(9).bytes());
        const auto changes = named(*layout, keccak256(numbered(3).bytes() + inner.bytes()), {}, numbered(1), keys);
        QCOMPARE(changes.front().variable, u"_usedNonces[%1]._data[3]"_s.arg(party.toString()));
    }

    void wholeBuildsAreReadByName()
    {
        const QByteArray layout
            = layoutOf(R"({"label": "a", "slot": "0", "offset": 0, "type": "t_uint256"})", numberType);
        const QByteArray contracts
            = R"({"contracts": {"x.sol": {"A": {"storageLayout": )" + layout + R"(}, "B": {}}, "y.sol": {"A": {}}}})";
        for (const QByteArray &json : {contracts, QByteArray(R"({"output": )" + contracts + "}")}) {
            const auto read = StorageLayout::load(json, u"x.sol:A"_s);
            QVERIFY2(read.has_value(), qPrintable(read ? QString() : read.error().message));
            QCOMPARE(read->variables().front().label, u"a"_s);
            QCOMPARE(StorageLayout::load(json, u"A"_s).error().kind, ErrorKind::Conflict);
            QCOMPARE(StorageLayout::load(json, u"C"_s).error().kind, ErrorKind::NotFound);
            QCOMPARE(StorageLayout::load(json, u"B"_s).error().kind, ErrorKind::NotFound);
        }
    }

    void contractWithoutVariablesHasAnEmptyLayout()
    {
        const auto layout = StorageLayout::load(R"({"storage": [], "types": null})");
        QVERIFY(layout.has_value());
        QCOMPARE(named(*layout, numbered(0), {}, numbered(1)).front().variable, u"slot "_s + numbered(0).toString());
    }

    void proxySlotsHaveNamesInAnyContract()
    {
        const StorageChange change{contract, ProxySlots::implementation(), {},
            Hash32::fromDigest(word(u"b0b000000000000000000000000000000000b0b0"))};
        const auto changes = nameChanges({change}, {}, {});
        QCOMPARE(changes.front().variable, u"EIP-1967 implementation"_s);
        QCOMPARE(changes.front().after, address(u"0xb0b000000000000000000000000000000000b0b0").toString());
        QVERIFY(changes.front().role == SlotRole::Proxy);
        for (const Hash32 &slot :
            {ProxySlots::admin(), ProxySlots::beacon(), ProxySlots::proxiable(), ProxySlots::zeppelinOs()})
            QVERIFY(nameProxySlot({contract, slot, {}, numbered(1)}).role == SlotRole::Proxy);
        // What hides above the address is not dropped.
        QCOMPARE(nameProxySlot({contract, ProxySlots::admin(), {}, numbered(Uint256::max())}).after,
            numbered(Uint256::max()).toString());
    }

    void bytesThatBelongToNoVariableAreStillAChange()
    {
        const auto layout
            = StorageLayout::load(layoutOf(R"({"label": "a", "slot": "0", "offset": 0, "type": "t_bool"})",
                R"("t_bool": {"encoding": "inplace", "label": "bool", "numberOfBytes": "1"})"));
        QVERIFY(layout.has_value());
        const auto changes = named(*layout, numbered(0), numbered(1), numbered(0x1'01));
        QCOMPARE(changes.size(), 1);
        QCOMPARE(changes.front().after, numbered(0x1'01).toString());
        QCOMPARE(named(*layout, numbered(0), numbered(0), numbered(1)).front().after, u"true"_s);
        QCOMPARE(
            named(*layout, numbered(0), numbered(0), numbered(2)).front().after, u"0x02"_s); // no compiler writes that
    }

    void layoutsThatNoCompilerWritesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("json");
        const QByteArray place = R"({"label": "a", "slot": "0", "offset": 0, "type": "t_x"})";
        const auto type = [](const QByteArray &members) { return QByteArray(R"("t_x": {)" + members + "}"); };
        QTest::newRow("no JSON") << QByteArray("{");
        QTest::newRow("list") << QByteArray("[]");
        QTest::newRow("types missing") << QByteArray(R"({"storage": []})");
        QTest::newRow("storage no list") << QByteArray(R"({"storage": {}, "types": {}})");
        QTest::newRow("unknown type") << layoutOf(place, {});
        QTest::newRow("type of a number") << layoutOf(place, R"("t_x": 5)");
        QTest::newRow("no size") << layoutOf(place, type(R"("encoding": "inplace", "label": "uint256")"));
        QTest::newRow("zero size") << layoutOf(
            place, type(R"("encoding": "inplace", "label": "uint256", "numberOfBytes": "0")"));
        QTest::newRow("other size") << layoutOf(
            place, type(R"("encoding": "inplace", "label": "uint256", "numberOfBytes": "31")"));
        QTest::newRow("large value") << layoutOf(
            place, type(R"("encoding": "inplace", "label": "odd", "numberOfBytes": "33")"));
        QTest::newRow("encoding") << layoutOf(
            place, type(R"("encoding": "zip", "label": "uint256", "numberOfBytes": "32")"));
        QTest::newRow("mapping of nothing")
            << layoutOf(place, type(R"("encoding": "mapping", "label": "m", "numberOfBytes": "32")"));
        QTest::newRow("array of nothing")
            << layoutOf(place, type(R"("encoding": "dynamic_array", "label": "m", "numberOfBytes": "32")"));
        QTest::newRow("array of the unknown") << layoutOf(
            place, type(R"("encoding": "dynamic_array", "base": "t_y", "label": "m", "numberOfBytes": "32")"));
        for (const char *bad : {R"({"label": "a", "slot": "0", "offset": 1, "type": "t_uint256"})",
                 R"({"label": "a", "slot": "0", "offset": 32, "type": "t_uint256"})",
                 R"({"label": "a", "slot": "0", "offset": -1, "type": "t_uint256"})",
                 R"({"label": "a", "slot": "0", "offset": 0.5, "type": "t_uint256"})",
                 R"({"label": "a", "slot": 0, "offset": 0, "type": "t_uint256"})",
                 R"({"label": "a", "slot": "", "offset": 0, "type": "t_uint256"})",
                 R"({"label": "a", "slot": "-1", "offset": 0, "type": "t_uint256"})",
                 R"({"slot": "0", "offset": 0, "type": "t_uint256"})", R"({"label": "a", "slot": "0", "offset": 0})",
                 R"(5)"})
            QTest::newRow(bad) << layoutOf(bad, numberType);
    }

    void layoutsThatNoCompilerWritesAreRefused()
    {
        QFETCH(QByteArray, json);
        const auto layout = StorageLayout::load(json);
        QVERIFY(!layout);
        QCOMPARE(layout.error().kind, ErrorKind::Invalid);
    }

    void typesThatHoldThemselvesComeToAnEnd()
    {
        // A struct within itself, a mapping to itself, an array of itself: time is bounded whatever the layout says.
        const auto layout = StorageLayout::load(layoutOf(
            R"({"label": "a", "slot": "0", "offset": 0, "type": "t_s"}, {"label": "m", "slot": "9", "offset": 0, "type": "t_m"},
               {"label": "d", "slot": "8", "offset": 0, "type": "t_d"})",
            R"("t_s": {"encoding": "inplace", "label": "struct S", "numberOfBytes": "115792089237316195423570985008687907853269984665640564039457584007913129639935",
                 "members": [{"label": "x", "slot": "0", "offset": 0, "type": "t_s"}, {"label": "y", "slot": "0", "offset": 0, "type": "t_s"}]},
               "t_m": {"encoding": "mapping", "label": "mapping", "numberOfBytes": "32", "key": "t_uint256", "value": "t_m"},
               "t_d": {"encoding": "dynamic_array", "label": "d[]", "numberOfBytes": "32", "base": "t_d"}, )"
                + QByteArray(numberType)));
        QVERIFY2(layout.has_value(), qPrintable(layout ? QString() : layout.error().message));
        StorageKeys keys;
        for (quint64 i = 0; i < 1000; ++i)
            keys.add(Uint256(i));
        QCOMPARE(keys.words().size(), StorageKeys::maxWords);
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(named(*layout, numbered(5), {}, numbered(1), keys).size(), 1);
        QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
    }

    void arraysAsLargeAsStorageAreNoTrouble()
    {
        const auto layout = StorageLayout::load(layoutOf(R"({"label": "a", "slot": "1", "offset": 0, "type": "t_a"})",
            R"("t_a": {"encoding": "inplace", "base": "t_uint256", "label": "uint256[]", "numberOfBytes": "115792089237316195423570985008687907853269984665640564039457584007913129639904"}, )"
                + QByteArray(numberType)));
        QVERIFY(layout.has_value());
        QCOMPARE(named(*layout, numbered(1'000'001), {}, numbered(1)).front().variable, u"a[1000000]"_s);
    }

    void keysComeFromCallsAndLogs()
    {
        StorageKeys keys;
        const Bytes call = hex(u"01020304") + word(u"40") + word(u"07") + word(u"02") + hex(u"6869") + Bytes(30, '\0');
        keys.addCalldata(call);
        QVERIFY(std::ranges::find(keys.words(), numbered(7)) != keys.words().end());
        QVERIFY(std::ranges::find(keys.texts(), Bytes("hi")) != keys.texts().end());
        EvmLog log;
        log.topics = {keccak256("topic"), keccak256("key")};
        log.data = word(u"0abc");
        const size_t before = keys.words().size();
        keys.addLogs(std::span(&log, 1));
        QCOMPARE(keys.words().size(), before + 2); // the name of the event is no key
        keys.addCalldata({});
        keys.addCalldata(hex(u"010203"));
        QCOMPARE(keys.words().size(), before + 2);
    }
};

QTEST_GUILESS_MAIN(TestStorageLayout)
#include "tst_storagelayout.moc"
