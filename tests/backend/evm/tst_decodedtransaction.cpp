#include "backend/evm/decodedtransaction.h"
#include "tests/backend/evm/signedtransactions.h"

#include <QTest>

#include <functional>

using namespace countersign;
using namespace countersign::testing;

namespace {

const Bytes zeroLed = hex(u"0001");
const Bytes bits64 = hex(u"010000000000000000"); // 2^64
const Bytes bits256 = Bytes("\x01", 1) + Bytes(32, '\0'); // 2^256
const Bytes order = hex(u"fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
const Bytes highS = hex(u"7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1");

struct Case {
    const char *name;
    const char *detail;
    TransactionType type;
    std::function<void(RlpItem::List &)> change;
};

// Puts `item` in the place of field `index`.
std::function<void(RlpItem::List &)> put(size_t index, RlpItem item)
{
    return [index, item](RlpItem::List &fields) { fields[index] = item; };
}

RlpItem listOf(std::initializer_list<RlpItem> items)
{
    return RlpItem(RlpItem::list(items));
}

RlpItem authorization(const RlpItem &chainId, const RlpItem &address, const RlpItem &nonce, const RlpItem &yParity)
{
    return listOf({listOf({chainId, address, nonce, yParity, RlpItem::ofNumber(1), RlpItem::ofNumber(1)})});
}

std::vector<Case> cases()
{
    using enum TransactionType;
    const RlpItem one = RlpItem::ofNumber(1);
    const RlpItem twenty(Bytes(20, '\x22'));
    const RlpItem empty(RlpItem::List{});
    return {
        {"one field less", "tx.fields.count", Legacy, [](RlpItem::List &fields) { fields.pop_back(); }},
        {"one field more", "tx.fields.count", FeeMarket, [one](RlpItem::List &fields) { fields.push_back(one); }},
        {"no fields", "tx.fields.count", AccessList, [](RlpItem::List &fields) { fields.clear(); }},
        {"no fields", "tx.fields.count", Blob, [](RlpItem::List &fields) { fields.clear(); }},
        {"nonce with a leading zero", "tx.nonce.zeros", Legacy, put(0, RlpItem(zeroLed))},
        {"nonce zero as a byte", "tx.nonce.zeros", Legacy, put(0, RlpItem(Bytes(1, '\0')))},
        {"nonce above 64 bits", "tx.nonce.range", Legacy, put(0, RlpItem(bits64))},
        {"nonce 2^64-1", "tx.nonce.max", Legacy, put(0, RlpItem(Bytes(8, '\xff')))},
        {"nonce a list", "tx.nonce.type", Legacy, put(0, empty)},
        {"gas price above 256 bits", "tx.gasPrice.range", Legacy, put(1, RlpItem(bits256))},
        {"gas price with a leading zero", "tx.gasPrice.zeros", AccessList, put(2, RlpItem(zeroLed))},
        {"gas limit above 64 bits", "tx.gasLimit.range", Legacy, put(2, RlpItem(bits64))},
        {"gas limit with a leading zero", "tx.gasLimit.zeros", FeeMarket, put(4, RlpItem(zeroLed))},
        {"to of 19 bytes", "tx.to.length", Legacy, put(3, RlpItem(Bytes(19, '\x01')))},
        {"to of 21 bytes", "tx.to.length", SetCode, put(5, RlpItem(Bytes(21, '\x01')))},
        {"to a list", "tx.to.type", FeeMarket, put(5, empty)},
        {"no to with blobs", "tx.to.missing", Blob, put(5, RlpItem(Bytes()))},
        {"no to with code", "tx.to.missing", SetCode, put(5, RlpItem(Bytes()))},
        {"value above 256 bits", "tx.value.range", Legacy, put(4, RlpItem(bits256))},
        {"value with a leading zero", "tx.value.zeros", Legacy, put(4, RlpItem(zeroLed))},
        {"data a list", "tx.data.type", Legacy, put(5, empty)},
        {"v 0", "tx.v", Legacy, put(6, RlpItem::ofNumber(0))},
        {"v 26", "tx.v", Legacy, put(6, RlpItem::ofNumber(26))},
        {"v 29", "tx.v", Legacy, put(6, RlpItem::ofNumber(29))},
        {"v 34", "tx.v", Legacy, put(6, RlpItem::ofNumber(34))},
        {"v of chain 0", "tx.chainId.zero", Legacy, put(6, RlpItem::ofNumber(35))},
        {"v with a leading zero", "tx.v.zeros", Legacy, put(6, RlpItem(hex(u"0025")))},
        {"v above 64 bits", "tx.v.range", Legacy, put(6, RlpItem(bits64))},
        {"r zero", "tx.r.zero", Legacy, put(7, RlpItem(Bytes()))},
        {"r the order", "tx.r.range", Legacy, put(7, RlpItem(order))},
        {"r with a leading zero", "tx.r.zeros", Legacy, put(7, RlpItem(zeroLed))},
        {"r above 256 bits", "tx.r.range", FeeMarket, put(10, RlpItem(bits256))},
        {"r on no point", "tx.signature", FeeMarket, put(10, RlpItem::ofNumber(5))},
        {"s zero", "tx.s.zero", FeeMarket, put(11, RlpItem(Bytes()))},
        {"s the order", "tx.s.range", FeeMarket, put(11, RlpItem(order))},
        {"s high", "tx.s.high", FeeMarket, put(11, RlpItem(highS))},
        {"s with a leading zero", "tx.s.zeros", FeeMarket, put(11, RlpItem(zeroLed))},
        {"yParity 2", "tx.yParity", FeeMarket, put(9, RlpItem::ofNumber(2))},
        {"yParity 27", "tx.yParity", AccessList, put(8, RlpItem::ofNumber(27))},
        {"yParity zero as a byte", "tx.yParity.zeros", SetCode, put(10, RlpItem(Bytes(1, '\0')))},
        {"all of the signature zero", "tx.r.zero", FeeMarket,
            [](RlpItem::List &fields) { fields[9] = fields[10] = fields[11] = RlpItem(Bytes()); }},
        {"v 27 and nothing else", "tx.r.zero", Legacy,
            [](RlpItem::List &fields) {
                fields[6] = RlpItem::ofNumber(27);
                fields[7] = fields[8] = RlpItem(Bytes());
            }},
        {"unsigned for chain 0", "tx.chainId.zero", Legacy,
            [](RlpItem::List &fields) { fields[6] = fields[7] = fields[8] = RlpItem(Bytes()); }},
        {"chain id with a leading zero", "tx.chainId.zeros", FeeMarket, put(0, RlpItem(zeroLed))},
        {"chain id above 64 bits", "tx.chainId.range", FeeMarket, put(0, RlpItem(bits64))},
        {"priority fee above the fee", "tx.fee.priority", FeeMarket, put(2, RlpItem(Bytes(5, '\xff')))},
        {"priority fee with a leading zero", "tx.maxPriorityFeePerGas.zeros", FeeMarket, put(2, RlpItem(zeroLed))},
        {"fee above 256 bits", "tx.maxFeePerGas.range", SetCode, put(3, RlpItem(bits256))},
        {"fee times gas above 256 bits", "tx.fee.overflow", FeeMarket, put(3, RlpItem(Bytes(32, '\xff')))},
        {"access list as bytes", "tx.accessList.type", AccessList, put(7, RlpItem(Bytes()))},
        {"entry as bytes", "tx.accessList.type", AccessList, put(7, listOf({one}))},
        {"entry with three members", "tx.accessList.shape", AccessList,
            put(7, listOf({listOf({twenty, empty, empty})}))},
        {"entry without keys", "tx.accessList.shape", AccessList, put(7, listOf({listOf({twenty})}))},
        {"entry of an empty address", "tx.accessList.length", AccessList,
            put(7, listOf({listOf({RlpItem(Bytes()), empty})}))},
        {"entry of a short address", "tx.accessList.length", AccessList,
            put(7, listOf({listOf({RlpItem(Bytes(19, '\x01')), empty})}))},
        {"keys as bytes", "tx.accessList.type", AccessList, put(7, listOf({listOf({twenty, one})}))},
        {"key of 31 bytes", "tx.accessList.length", AccessList,
            put(7, listOf({listOf({twenty, listOf({RlpItem(Bytes(31, '\x01'))})})}))},
        {"key a list", "tx.accessList.type", AccessList, put(7, listOf({listOf({twenty, listOf({empty})})}))},
        {"no blobs", "tx.blobs.none", Blob, put(10, empty)},
        {"blob hash of version 2", "tx.blobs.version", Blob, put(10, listOf({RlpItem(Bytes(32, '\x02'))}))},
        {"blob hash of 33 bytes", "tx.blobVersionedHashes.length", Blob, put(10, listOf({RlpItem(Bytes(33, '\x01'))}))},
        {"blob hashes as bytes", "tx.blobVersionedHashes.type", Blob, put(10, RlpItem(Bytes()))},
        {"blob fee above 256 bits", "tx.maxFeePerBlobGas.range", Blob, put(9, RlpItem(bits256))},
        {"no authorizations", "tx.authorizations.none", SetCode, put(9, empty)},
        {"authorizations as bytes", "tx.authorizationList.type", SetCode, put(9, RlpItem(Bytes()))},
        {"authorization with five fields", "tx.authorizationList.shape", SetCode,
            put(9, listOf({listOf({one, twenty, one, one, one})}))},
        {"authorization for a chain above 256 bits", "tx.authorization.chainId.range", SetCode,
            put(9, authorization(RlpItem(bits256), twenty, one, one))},
        {"authorization to nowhere", "tx.authorization.address.length", SetCode,
            put(9, authorization(one, RlpItem(Bytes()), one, one))},
        {"authorization with a long nonce", "tx.authorization.nonce.range", SetCode,
            put(9, authorization(one, twenty, RlpItem(bits64), one))},
        {"authorization with a long parity", "tx.authorization.yParity.range", SetCode,
            put(9, authorization(one, twenty, one, RlpItem::ofNumber(256)))},
        {"authorization with a leading zero", "tx.authorization.nonce.zeros", SetCode,
            put(9, authorization(one, twenty, RlpItem(zeroLed), one))},
    };
}

} // namespace

class TestDecodedTransaction final : public QObject {
    Q_OBJECT

private slots:
    void namesEachReasonToRefuse_data()
    {
        QTest::addColumn<int>("index");
        int index = 0;
        for (const Case &each : cases())
            QTest::addRow("type %d: %s", static_cast<int>(each.type), each.name) << index++;
    }
    void namesEachReasonToRefuse()
    {
        QFETCH(int, index);
        const Case each = cases().at(static_cast<size_t>(index));
        TakenApart apart(each.type);
        QVERIFY(decodeTransaction(apart.raw()).has_value());
        each.change(apart.fields);
        const auto decoded = decodeTransaction(apart.raw());
        QVERIFY(!decoded.has_value());
        QCOMPARE(decoded.error().detail, QString::fromLatin1(each.detail));
        QCOMPARE(decoded.error().kind, ErrorKind::Invalid);
    }

    void refusesWhatIsNoTransaction_data()
    {
        QTest::addColumn<QString>("raw");
        QTest::addColumn<QString>("detail");
        QTest::newRow("nothing") << QString() << u"tx.empty"_s;
        QTest::newRow("type 0 has no byte of its own") << u"00c0"_s << u"tx.type"_s;
        QTest::newRow("type 5") << u"05c0"_s << u"tx.type"_s;
        QTest::newRow("type 127") << u"7fc0"_s << u"tx.type"_s;
        QTest::newRow("a string") << u"80"_s << u"tx.type"_s;
        QTest::newRow("only the type") << u"02"_s << u"rlp.truncated at byte 1"_s;
        QTest::newRow("the type of a string") << u"0280"_s << u"tx.fields.type"_s;
        const QString raw = signedExample(TransactionType::FeeMarket).raw;
        QTest::newRow("trailing") << QString(raw + u"00"_s) << u"rlp.trailing at byte %1"_s.arg(raw.size() / 2);
        QTest::newRow("cut") << raw.chopped(2) << u"rlp.truncated at byte 2"_s;
    }
    void refusesWhatIsNoTransaction()
    {
        QFETCH(QString, raw);
        QFETCH(QString, detail);
        QCOMPARE(decodeTransaction(hex(raw)).error().detail, detail);
    }

    // The same key, the same transaction: only the form of s is another.
    void readsHighSOnlyLeniently()
    {
        const SignedExample example = signedExample(TransactionType::FeeMarket);
        EvmSignature high = decodeTransaction(hex(example.raw)).value().signature.value();
        const auto n = Uint256::fromBigEndian(order).value();
        high.s = Hash32::fromDigest(n.checkedSub(Uint256::fromBigEndian(high.s.view()).value())->toBigEndian());
        high.yParity = !high.yParity;
        const Bytes raw = example.transaction.serialize(high);
        QCOMPARE(decodeTransaction(raw).error().detail, u"tx.s.high"_s);
        const auto lenient = decodeTransaction(raw, {.strict = false}).value();
        QCOMPARE(lenient.from.value(), signerOfExamples);
        QCOMPARE(lenient.problems.size(), 1U);
        QCOMPARE(lenient.problems.front().detail, u"tx.s.high"_s);
    }

    void readsAChainIdThatLooksLikeAParityWhenToldSo()
    {
        EvmTransaction t = signedExample(TransactionType::Legacy).transaction;
        t.chainId = ChainId(27);
        QCOMPARE(decodeTransaction(t.unsignedPayload()).error().detail, u"tx.r.zero"_s);
        QVERIFY(decodeTransaction(t.unsignedPayload(), {.form = TransactionForm::Unsigned}).value().transaction == t);
    }

    void asksForTheChainThatItIsToldOf()
    {
        const Bytes raw = hex(signedExample(TransactionType::FeeMarket).raw);
        QVERIFY(decodeTransaction(raw, {.chainId = ChainId(31337)}).has_value());
        QCOMPARE(decodeTransaction(raw, {.chainId = ChainId(1)}).error().detail, u"tx.chainId.other"_s);
        const Bytes everywhere = hex(signedExamples().at(1).raw);
        QVERIFY(decodeTransaction(everywhere, {.chainId = ChainId(1)}).has_value());
    }

    void endsAtTheSizeThatPoolsTake()
    {
        EvmTransaction t = exampleOfType(TransactionType::FeeMarket);
        t.data = Bytes(maxTransactionBytes, '\x01');
        QCOMPARE(decodeTransaction(t.unsignedPayload()).error().kind, ErrorKind::Exhausted);
        QCOMPARE(decodeTransaction(t.unsignedPayload()).error().detail, u"tx.size"_s);
        const auto lenient = decodeTransaction(t.unsignedPayload(), {.strict = false}).value();
        QVERIFY(lenient.transaction == t);
        QCOMPARE(lenient.problems.front().detail, u"tx.size"_s);
        // The last byte that fits, and the first that does not.
        t.data.chop(t.unsignedPayload().size() - maxTransactionBytes);
        QCOMPARE(t.unsignedPayload().size(), maxTransactionBytes);
        QVERIFY(decodeTransaction(t.unsignedPayload()).has_value());
        t.data.append('\x01');
        QCOMPARE(decodeTransaction(t.unsignedPayload()).error().detail, u"tx.size"_s);
        t.type = TransactionType::Blob;
        t.blobVersionedHashes = {blobVersionedHash(Bytes(48, 'c'))};
        QCOMPARE(decodeTransaction(t.unsignedPayload()).error().detail,
            u"tx.size"_s); // without blobs, not larger than others
        t.data = Bytes(maxLenientTransactionBytes, '\x01');
        QCOMPARE(decodeTransaction(t.unsignedPayload(), {.strict = false}).error().detail, u"tx.size"_s);
    }
};

QTEST_GUILESS_MAIN(TestDecodedTransaction)
#include "tst_decodedtransaction.moc"
