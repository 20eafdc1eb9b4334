#include "backend/evm/metadatablob.h"
#include "tests/backend/evm/codefixture.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

class TestMetadataBlob final : public QObject {
    Q_OBJECT

private slots:
    void readsEachForm_data()
    {
        QTest::addColumn<Bytes>("blob");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("compiler");
        QTest::addColumn<bool>("experimental");
        const QString hash = u"11223344556677889900aabbccddeeff11223344556677889900aabbccddeeff"_s;
        const auto kind = [](MetadataBlob::HashKind value) { return static_cast<int>(value); };
        QTest::newRow("ipfs") << hex(u"a2646970667358221220"_s + hash + u"64736f6c634300081a0033"_s) << kind(MetadataBlob::HashKind::Ipfs) << u"0.8.26"_s << false;
        QTest::newRow("none") << hex(u"a164736f6c634300081a000a") << kind(MetadataBlob::HashKind::None) << u"0.8.26"_s << false;
        QTest::newRow("bzzr1") << hex(u"a265627a7a72315820"_s + hash + u"64736f6c63430005110032"_s) << kind(MetadataBlob::HashKind::Bzzr1) << u"0.5.17"_s << false;
        QTest::newRow("bzzr0") << hex(u"a165627a7a72305820"_s + hash + u"0029"_s) << kind(MetadataBlob::HashKind::Bzzr0) << QString() << false;
        QTest::newRow("experimental") << hex(u"a26c6578706572696d656e74616cf564736f6c634300070600" "18") << kind(MetadataBlob::HashKind::None) << u"0.7.6"_s << true;
        const QByteArray name = "0.8.99-ci.2030.1.1+commit.12345678";
        QTest::newRow("pre-release") << Bytes(hex(u"a164736f6c63" "7822") + name + hex(u"002a")) << kind(MetadataBlob::HashKind::None) << QString::fromLatin1(name) << false;
    }

    void readsEachForm()
    {
        QFETCH(const Bytes, blob);
        QFETCH(const int, kind);
        QFETCH(const QString, compiler);
        QFETCH(const bool, experimental);
        const Bytes code = hex(u"6001600255fe") + blob + hex(u"5b00") + blob;
        const auto found = findMetadata(code);
        QCOMPARE(found.size(), size_t(2));
        QCOMPARE(found[0].range, (CodeRange{.start = 6, .length = blob.size()}));
        QCOMPARE(found[1].range, (CodeRange{.start = 8 + blob.size(), .length = blob.size()}));
        for (const MetadataBlob &one : found) {
            QCOMPARE(static_cast<int>(one.hashKind), kind);
            QCOMPARE(one.compiler, compiler);
            QCOMPARE(one.isExperimental, experimental);
        }
        QCOMPARE(metadataAtEnd(code)->range, found[1].range);
        // Each byte of its structure counts: only hash and version may hold anything.
        for (qsizetype cut = 0; cut < blob.size(); ++cut)
            QVERIFY(findMetadata(blob.first(cut)).empty());
        Bytes otherLength = blob;
        otherLength.back() = static_cast<char>(otherLength.back() + 1);
        QVERIFY(findMetadata(otherLength).empty());
        QVERIFY(findMetadata(Bytes(blob).replace(2, 1, "x")).empty());
    }

    void findsTheBlobOfAContractInsideAnother()
    {
        const auto artifact = artifactFile(fixturePath(u"foundry-Treasury.json"_s));
        QCOMPARE(findMetadata(artifact.runtimeCode()).size(), size_t(2));
        QCOMPARE(findMetadata(artifact.unlinkedCreationCode()).size(), size_t(2));
        const auto tail = metadataAtEnd(artifact.runtimeCode());
        QVERIFY(tail.has_value());
        QCOMPARE(tail->compiler, u"0.8.37"_s);
        QVERIFY(findMetadata(variantCode(u"absent"_s, u"Pocket"_s, u"runtime"_s, {})).empty());
        QVERIFY(!metadataAtEnd(variantCode(u"absent"_s, u"Pocket"_s, u"runtime"_s, {})).has_value());
        QVERIFY(!metadataAtEnd({}).has_value());
    }
};

QTEST_GUILESS_MAIN(TestMetadataBlob)
#include "tst_metadatablob.moc"
