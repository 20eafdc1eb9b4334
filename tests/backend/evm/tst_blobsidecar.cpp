#include "backend/evm/blobsidecar.h"
#include "tests/backend/evm/signedtransactions.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

RlpItem listOf(qsizetype count, qsizetype bytes, char fill)
{
    return RlpItem(RlpItem::List(static_cast<size_t>(count), RlpItem(Bytes(bytes, fill))));
}

// A signed blob transaction that names these commitments, and what travels with it.
struct Wrapped {
    Bytes canonical;
    RlpItem::List fields;

    explicit Wrapped(qsizetype blobs = 2)
    {
        EvmTransaction t = exampleOfType(TransactionType::Blob);
        t.blobVersionedHashes.assign(static_cast<size_t>(blobs), blobVersionedHash(Bytes(48, 'c')));
        const auto signature
            = decodeTransaction(hex(signedExample(TransactionType::Blob).raw)).value().signature.value();
        canonical = t.serialize(signature);
        fields = {rlpDecodeStrict(QByteArrayView(canonical).sliced(1)).value(), listOf(blobs, blobBytes, 'b'),
            listOf(blobs, 48, 'c'), listOf(blobs, 48, 'p')};
    }

    Bytes raw() const { return Bytes(1, '\x03') + rlpEncode(RlpItem(fields)); }
};

} // namespace

class TestBlobSidecar final : public QObject {
    Q_OBJECT

private slots:
    void travelsWithItsTransaction()
    {
        const Wrapped wrapped;
        const auto decoded = decodeTransaction(wrapped.raw()).value();
        const auto plain = decodeTransaction(wrapped.canonical).value();
        QVERIFY(decoded.sidecar.value() == (BlobSidecar{.version = 0, .blobs = 2}));
        QVERIFY(!plain.sidecar);
        QCOMPARE(decoded.hash.value(), plain.hash.value());
        QCOMPARE(decoded.from.value(), plain.from.value());
        QCOMPARE(decoded.serialize(), wrapped.canonical);
    }

    void travelsWithAProofForEachCell()
    {
        Wrapped wrapped;
        wrapped.fields.insert(wrapped.fields.begin() + 1, RlpItem::ofNumber(1));
        wrapped.fields[4] = listOf(256, 48, 'p');
        QVERIFY(decodeTransaction(wrapped.raw()).value().sidecar.value() == (BlobSidecar{.version = 1, .blobs = 2}));
        wrapped.fields[4] = listOf(255, 48, 'p');
        QCOMPARE(decodeTransaction(wrapped.raw()).error().detail, u"tx.sidecar.count"_s);
        wrapped.fields[1] = RlpItem::ofNumber(2);
        QCOMPARE(decodeTransaction(wrapped.raw()).error().detail, u"tx.sidecar.version"_s);
    }

    void isReadWithAsManyBlobsAsItMayHave()
    {
        QVERIFY(decodeTransaction(Wrapped(maxSidecarBlobs).raw()).has_value());
        QCOMPARE(decodeTransaction(Wrapped(maxSidecarBlobs + 2).raw()).error().detail, u"tx.size"_s);
    }

    void isRefusedInAnyOtherShape_data()
    {
        QTest::addColumn<int>("field");
        QTest::addColumn<qsizetype>("count");
        QTest::addColumn<qsizetype>("bytes");
        QTest::addColumn<char>("fill");
        QTest::addColumn<QString>("detail");
        QTest::newRow("a blob missing") << 1 << qsizetype(1) << blobBytes << 'b' << u"tx.sidecar.count"_s;
        QTest::newRow("a commitment missing") << 2 << qsizetype(1) << qsizetype(48) << 'c' << u"tx.sidecar.count"_s;
        QTest::newRow("a proof missing") << 3 << qsizetype(1) << qsizetype(48) << 'p' << u"tx.sidecar.count"_s;
        QTest::newRow("blobs too short") << 1 << qsizetype(2) << blobBytes - 1 << 'b' << u"tx.sidecar.blobs"_s;
        QTest::newRow("commitments too long")
            << 2 << qsizetype(2) << qsizetype(49) << 'c' << u"tx.sidecar.commitments"_s;
        QTest::newRow("proofs too short") << 3 << qsizetype(2) << qsizetype(47) << 'p' << u"tx.sidecar.proofs"_s;
        QTest::newRow("other commitments") << 2 << qsizetype(2) << qsizetype(48) << 'd' << u"tx.sidecar.hashes"_s;
    }
    void isRefusedInAnyOtherShape()
    {
        QFETCH(int, field);
        QFETCH(qsizetype, count);
        QFETCH(qsizetype, bytes);
        QFETCH(char, fill);
        QFETCH(QString, detail);
        Wrapped wrapped;
        wrapped.fields[static_cast<size_t>(field)] = listOf(count, bytes, fill);
        QCOMPARE(decodeTransaction(wrapped.raw()).error().detail, detail);
    }

    void isRefusedWithoutItsLists()
    {
        Wrapped wrapped;
        wrapped.fields[1] = RlpItem(Bytes());
        QCOMPARE(decodeTransaction(wrapped.raw()).error().detail, u"tx.sidecar.blobs"_s);
        wrapped.fields.resize(3);
        QCOMPARE(decodeTransaction(wrapped.raw()).error().detail, u"tx.sidecar.fields"_s);
        wrapped.fields.resize(1);
        QCOMPARE(decodeTransaction(wrapped.raw()).error().detail, u"tx.sidecar.fields"_s);
    }

    void doesNotTravelWithAnUnsignedTransaction()
    {
        Wrapped wrapped;
        RlpItem::List inner = wrapped.fields[0].items();
        inner.resize(11);
        wrapped.fields[0] = RlpItem(inner);
        QCOMPARE(decodeTransaction(wrapped.raw()).error().detail, u"tx.sidecar.unsigned"_s);
    }

    // sha256 of 48 zero bytes as coreutils tell it, with 0x17 replaced by the version.
    void namesACommitmentByItsHash()
    {
        QCOMPARE(blobVersionedHash(Bytes(48, '\0')).toString(),
            u"0x01b0761f87b081d5cf10757ccc89f12be355c70e2e29df288b65b30710dcbcd1"_s);
    }
};

QTEST_GUILESS_MAIN(TestBlobSidecar)
#include "tst_blobsidecar.moc"
