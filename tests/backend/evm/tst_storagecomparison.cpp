#include "backend/evm/initializers.h"
#include "backend/evm/storagecomparison.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QFile>
#include <QTest>

using namespace countersign;

namespace {

using Kind = LayoutChange::Kind;

constexpr auto types = R"j(
    "t_uint256":{"encoding":"inplace","label":"uint256","numberOfBytes":"32"},
    "t_uint128":{"encoding":"inplace","label":"uint128","numberOfBytes":"16"},
    "t_address":{"encoding":"inplace","label":"address","numberOfBytes":"20"},
    "t_contract(IToken)9":{"encoding":"inplace","label":"contract IToken","numberOfBytes":"20"},
    "t_bytes32":{"encoding":"inplace","label":"bytes32","numberOfBytes":"32"},
    "t_mapping":{"encoding":"mapping","label":"mapping(address => uint256)","numberOfBytes":"32","key":"t_address","value":"t_uint256"},
    "t_mapping2":{"encoding":"mapping","label":"mapping(address => address)","numberOfBytes":"32","key":"t_address","value":"t_address"},
    "t_struct1":{"encoding":"inplace","label":"struct A","numberOfBytes":"32","members":[{"label":"a","slot":"0","offset":0,"type":"t_uint256"}]},
    "t_struct2":{"encoding":"inplace","label":"struct A","numberOfBytes":"64","members":[{"label":"a","slot":"0","offset":0,"type":"t_uint256"},{"label":"b","slot":"1","offset":0,"type":"t_uint256"}]},
    "t_map1":{"encoding":"mapping","label":"mapping(address => struct A)","numberOfBytes":"32","key":"t_address","value":"t_struct1"},
    "t_map2":{"encoding":"mapping","label":"mapping(address => struct A)","numberOfBytes":"32","key":"t_address","value":"t_struct2"},
    "t_list1":{"encoding":"dynamic_array","label":"struct A[]","numberOfBytes":"32","base":"t_struct1"},
    "t_list2":{"encoding":"dynamic_array","label":"struct A[]","numberOfBytes":"32","base":"t_struct2"},
    "t_node":{"encoding":"inplace","label":"struct N","numberOfBytes":"32","members":[{"label":"next","slot":"0","offset":0,"type":"t_nodes"}]},
    "t_nodes":{"encoding":"mapping","label":"mapping(address => struct N)","numberOfBytes":"32","key":"t_address","value":"t_node"},
    "t_gap4":{"encoding":"inplace","label":"uint256[4]","numberOfBytes":"128","base":"t_uint256"},
    "t_gap3":{"encoding":"inplace","label":"uint256[3]","numberOfBytes":"96","base":"t_uint256"},
    "t_gap2":{"encoding":"inplace","label":"uint256[2]","numberOfBytes":"64","base":"t_uint256"})j";

/// "name@slot:type" or "name@slot.offset:type", separated by blanks.
QByteArray members(const QByteArray &text)
{
    QByteArray json;
    for (const QByteArray &entry : text.split(' ')) {
        if (entry.isEmpty())
            continue;
        const qsizetype at = entry.indexOf('@');
        const qsizetype colon = entry.indexOf(':');
        const QList<QByteArray> place = entry.mid(at + 1, colon - at - 1).split('.');
        json += (json.isEmpty() ? "" : ",") + QByteArray(R"({"label":")") + entry.left(at) + R"(","slot":")" + place.at(0) + R"(","offset":)"
            + (place.size() > 1 ? place.at(1) : QByteArray("0")) + R"(,"type":"t_)" + entry.mid(colon + 1) + R"("})";
    }
    return '[' + json + ']';
}

StorageLayout layout(const QByteArray &variables, const QByteArray &namespaces = {})
{
    const auto read = StorageLayout::load(R"({"storage":)" + members(variables) + R"(,"types":{)" + types + '}'
        + (namespaces.isEmpty() ? QByteArray() : R"(,"namespaces":{"erc7201:example.main":)" + members(namespaces) + '}') + '}');
    if (!read)
        qFatal("%s", qPrintable(read.error().message));
    return *read;
}

QString kindName(Kind kind)
{
    switch (kind) {
    case Kind::Renamed:
        return u"renamed"_s;
    case Kind::TypeChanged:
        return u"type"_s;
    case Kind::Moved:
        return u"moved"_s;
    case Kind::Removed:
        return u"removed"_s;
    case Kind::Inserted:
        return u"inserted"_s;
    case Kind::GapChanged:
        return u"gap"_s;
    case Kind::NamespaceRemoved:
        break;
    }
    return u"namespace"_s;
}

QStringList told(const StorageLayout &before, const StorageLayout &after)
{
    QStringList text;
    for (const LayoutChange &change : compareLayouts(before, after))
        text.append(kindName(change.kind) + u' ' + change.variable);
    return text;
}

StorageLayout ofArtifact(const QString &name)
{
    QFile file(QStringLiteral(COUNTERSIGN_CONTRACTS) + u"/artifacts/test/"_s + name);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no %s", qPrintable(name));
    return StorageLayout::load(file.readAll()).value();
}

} // namespace

class TestStorageComparison final : public QObject {
    Q_OBJECT

private slots:
    void changesAreFound_data();
    void changesAreFound();
    void evidenceNamesTypeAndPlace();
    void namespacesAreComparedEachForItself();
    void compiledContractsCompare();
    void placesOfOpenZeppelinAreTheirNamespaces();
};

void TestStorageComparison::changesAreFound_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *name, const char *before, const char *after, const QStringList &expected) {
        QTest::newRow(name) << QByteArray(before) << QByteArray(after) << expected;
    };
    row("the same", "a@0:uint256 b@1:address", "a@0:uint256 b@1:address", {});
    row("appended", "a@0:uint256", "a@0:uint256 b@1:address", {});
    row("appended into the same slot", "a@0:uint128", "a@0:uint128 b@0.16:uint128", {});
    row("another type", "a@0:uint256", "a@0:bytes32", {u"type a"_s});
    row("a narrower type", "a@0:uint256", "a@0:uint128", {u"type a"_s});
    row("a contract for an address", "a@0:address", "a@0:contract(IToken)9", {});
    row("another value of a mapping", "a@0:mapping", "a@0:mapping2", {u"type a"_s});
    row("moved", "a@0:uint256 b@1:address", "b@0:address a@1:uint256", {u"moved a"_s, u"moved b"_s});
    row("inserted in front", "a@0:uint256 b@1:uint256", "n@0:uint256 a@1:uint256 b@2:uint256", {u"moved a"_s, u"moved b"_s, u"inserted n"_s});
    row("moved within its slot", "a@0:uint128", "n@0:uint128 a@0.16:uint128", {u"moved a"_s, u"inserted n"_s});
    row("removed", "a@0:uint256 b@1:address", "a@0:uint256", {u"removed b"_s});
    row("removed from the front", "a@0:uint256 b@1:address", "b@0:address", {u"removed a"_s, u"moved b"_s});
    row("replaced", "a@0:uint256", "n@0:address", {u"removed a"_s, u"inserted n"_s});
    row("renamed", "a@0:uint256", "n@0:uint256", {u"renamed a"_s});
    row("swapped", "a@0:uint256 b@1:uint256", "b@0:uint256 a@1:uint256", {u"moved a"_s, u"moved b"_s});
    row("a struct of a mapping that grows", "a@0:map1", "a@0:map2", {});
    row("a struct of a list that grows", "a@0:list1", "a@0:list2", {u"type a"_s});
    row("a struct that grows", "a@0:struct1", "a@0:struct2", {u"type a"_s});
    row("a struct that holds itself", "a@0:nodes", "a@0:nodes", {});
    row("the gap is used", "__gap@0:gap4 z@4:uint256", "n@0:uint256 __gap@1:gap3 z@4:uint256", {});
    row("the last gap is used", "a@0:uint256 __gap@1:gap4", "a@0:uint256 n@1:uint256 __gap@2:gap3", {});
    row("the gap is used up", "__gap@0:gap2 z@2:uint256", "n@0:uint256 m@1:uint256 z@2:uint256", {});
    row("the gap is shrunk by too much", "__gap@0:gap4 z@4:uint256", "n@0:uint256 __gap@1:gap2 z@3:uint256", {u"gap __gap"_s, u"moved z"_s});
    row("the last gap is shrunk by too much", "a@0:uint256 __gap@1:gap4", "a@0:uint256 n@1:uint256 __gap@2:gap2", {u"gap __gap"_s});
    row("the gap is not shrunk", "__gap@0:gap3 z@3:uint256", "n@0:uint256 __gap@1:gap3 z@4:uint256", {u"gap __gap"_s, u"moved z"_s});
    row("the gap is gone", "a@0:uint256 __gap@1:gap4", "a@0:uint256", {u"gap __gap"_s});
}

void TestStorageComparison::changesAreFound()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    QFETCH(QStringList, expected);
    QCOMPARE(told(layout(before), layout(after)), expected);
    QVERIFY(compareLayouts(layout(before), layout(before)).isEmpty());
}

void TestStorageComparison::evidenceNamesTypeAndPlace()
{
    const auto changes = compareLayouts(layout("a@0:uint128 b@0.16:uint128"), layout("a@0:uint128 c@0.16:uint128 b@1:uint128"));
    QCOMPARE(changes.size(), 2);
    QCOMPARE(changes.at(0).before, u"uint128 at slot 0, byte 16"_s);
    QCOMPARE(changes.at(0).after, u"uint128 at slot 1"_s);
    QCOMPARE(changes.at(1).kind, Kind::Inserted);
}

void TestStorageComparison::namespacesAreComparedEachForItself()
{
    const StorageLayout before = layout("a@0:uint256", "x@0:uint256 y@1:address");
    QCOMPARE(told(before, before), QStringList());
    QCOMPARE(told(before, layout("a@0:uint256", "x@0:uint256 y@1:address z@2:uint256")), QStringList());
    QCOMPARE(told(before, layout("a@0:uint256", "y@0:address x@1:uint256")),
        (QStringList{u"moved erc7201:example.main.x"_s, u"moved erc7201:example.main.y"_s}));
    QCOMPARE(told(before, layout("a@0:uint256")), QStringList{u"namespace erc7201:example.main"_s});
    QCOMPARE(told(layout("a@0:uint256"), before), QStringList());
}

void TestStorageComparison::compiledContractsCompare()
{
    const StorageLayout first = ofArtifact(u"UpgradeSampleV1.json"_s);
    QCOMPARE(told(first, ofArtifact(u"UpgradeSampleV2.json"_s)), QStringList());
    QCOMPARE(told(first, ofArtifact(u"UpgradeSampleOpen.json"_s)), QStringList());
    const QStringList moved = told(first, ofArtifact(u"UpgradeSampleMoved.json"_s));
    QVERIFY2(moved.contains(u"moved owner"_s) && moved.contains(u"inserted paused"_s), qPrintable(moved.join(u", "_s)));
}

void TestStorageComparison::placesOfOpenZeppelinAreTheirNamespaces()
{
    // ERC-7201: keccak256(abi.encode(uint256(keccak256(id)) - 1)) without its last byte.
    const auto slotOf = [](QByteArrayView id) {
        Bytes word = keccak256(id).bytes();
        word = Uint256::fromBigEndian(word).value().checkedSub(Uint256(1)).value().toBigEndian();
        Bytes slot = keccak256(word).bytes();
        slot[31] = '\0';
        return Hash32::fromDigest(slot);
    };
    const Hash32 initializable = slotOf("openzeppelin.storage.Initializable");
    const Hash32 ownable = slotOf("openzeppelin.storage.Ownable");
    const Bytes code = Bytes("\x7f", 1) + initializable.bytes() + Bytes("\x7f", 1) + ownable.bytes();
    QCOMPARE(initializedPlace(nullptr, code)->slot, initializable);
    QCOMPARE(ownerPlace(nullptr, code)->slot, ownable);
    QVERIFY(!initializedPlace(nullptr, "no such slot"));
    const StorageLayout named = layout("owner@0:address _initialized@3:uint128");
    QVERIFY(!initializedPlace(&named, {})); // sixteen bytes are no version
    QCOMPARE(ownerPlace(&named, code), (InitializedPlace{Hash32::fromDigest(Bytes(32, '\0')), 0, 20}));
    const InitializedPlace place{Hash32(), 1, 2};
    QCOMPARE(place.in(Hash32::fromDigest(Bytes(28, '\7') + QByteArray::fromHex("aa010203"))), Uint256(0x0102));
}

QTEST_GUILESS_MAIN(TestStorageComparison)
#include "tst_storagecomparison.moc"
