#include "backend/proposals/exchangeentry.h"
#include "backend/proposals/signaturejson.h"
#include "backend/safe/safehash.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/member.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace countersign;

namespace {

const TestKey alice(1);
const TestKey bob(2);

Bytes with(const Bytes &file, const QString &key, const QJsonValue &value)
{
    QJsonObject object = QJsonDocument::fromJson(file).object();
    object.insert(key, value);
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

CollectedSignature collected(const SafeSignature &signature)
{
    return *CollectedSignature::make(
        ChainId(testChain), testSafe, testDraft().safeTxHash(), signature, Timestamp::fromSeconds(1'700'000'100));
}

CollectedSignature full()
{
    auto signature = bob.countersign(testDraft().safeTxHash());
    signature.envelope = keccak256("envelope");
    signature.reviewed = ReviewedBlock{BlockNumber(7), keccak256("block")};
    signature.link = ChainLink{2, keccak256("entry 1")};
    return signature;
}

} // namespace

class TestSignatureJson final : public QObject {
    Q_OBJECT

private slots:
    void everyKindSurvivesTheFile()
    {
        const Hash32 hash = testDraft().safeTxHash();
        const QList<CollectedSignature> all{full(), bob.countersign(hash),
            collected(SafeSignature::ethSign(bob.sign(safeEthSignHash(hash)))),
            collected(SafeSignature::contract(bob.address(), "what the contract judges")),
            collected(SafeSignature::contract(bob.address(), {})), collected(SafeSignature::approved(bob.address()))};
        for (const CollectedSignature &signature : all) {
            const auto read = signatureFromJson(signatureToJson(signature));
            QVERIFY2(read, qPrintable(read ? QString() : read.error().message));
            QVERIFY(*read == signature);
            QCOMPARE(read->owner.toString(), bob.address().toString());
            QCOMPARE(read->isClaim(), signature.signature.kind() >= SafeSignatureKind::Contract);
        }
    }
    void lyingSignatureIsRefused_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("reason");
        const Bytes good = signatureToJson(full());
        const Bytes plain = full().blob();
        QTest::newRow("for another hash") << with(good, u"safeTxHash"_s, keccak256("x").toString()) << u"not by"_s;
        QTest::newRow("by another") << with(good, u"owner"_s, alice.address().toString()) << u"not by"_s;
        QTest::newRow("v of 5") << with(good, u"signature"_s, toHex(Bytes(plain.first(64) + '\x05'))) << u"signature"_s;
        QTest::newRow("claimed approval by another")
            << with(good, u"signature"_s, toHex(SafeSignature::approved(alice.address()).staticPart())) << u"not by"_s;
        QTest::newRow("all zero") << with(good, u"signature"_s, toHex(Bytes(Bytes(64, '\0') + '\x1b')))
                                  << u"signature"_s;
        QTest::newRow("two of them") << with(good, u"signature"_s, toHex(plain + plain)) << u"signature"_s;
        QTest::newRow("too short") << with(good, u"signature"_s, u"0x00"_s) << u"signature"_s;
        QTest::newRow("unknown field") << with(good, u"device"_s, u"Ledger"_s) << u"does not know"_s;
        QTest::newRow("half a place") << with(good, u"previous"_s, Hash32().toString()) << u"first entry"_s;
        QTest::newRow("version 1") << with(good, u"version"_s, 1) << u"no longer read"_s;
    }
    void lyingSignatureIsRefused()
    {
        QFETCH(QByteArray, file);
        QFETCH(QString, reason);
        const auto read = signatureFromJson(file);
        QVERIFY(!read);
        QVERIFY2(read.error().message.contains(reason), qPrintable(read.error().message));
    }
    void oversizedOnesAreRefused()
    {
        QCOMPARE(signatureFromJson(QByteArray(maxSignatureFileBytes + 1, ' ')).error().kind, ErrorKind::Exhausted);
        const auto large = collected(SafeSignature::contract(bob.address(), Bytes(maxContractSignatureBytes + 1, 'x')));
        QVERIFY(!signatureFromJson(signatureToJson(large)));
    }
    void highSIsPutIntoTheOneForm()
    {
        const auto order
            = *Uint256::parse(u"115792089237316195423570985008687907852837564279074904382605163141518161494337");
        const Hash32 hash = testDraft().safeTxHash();
        EvmSignature high = bob.sign(hash);
        high.s = Hash32::fromDigest(order.checkedSub(*Uint256::fromBigEndian(high.s.view()))->toBigEndian());
        high.yParity = !high.yParity;
        QVERIFY(collected(SafeSignature::ecdsa(high)) == bob.countersign(hash));
        auto kept = bob.countersign(hash);
        kept.signature = SafeSignature::ecdsa(high);
        QVERIFY(!signatureFromJson(signatureToJson(kept)));
    }
    void entryHashCoversAllThatTheFileSays()
    {
        const auto differs = [](const std::function<void(CollectedSignature &)> &change) {
            auto signature = full();
            change(signature);
            return signature.entryHash() != full().entryHash();
        };
        QVERIFY(differs([](auto &signature) { signature.signedAt = Timestamp::fromSeconds(1); }));
        QVERIFY(differs([](auto &signature) { signature.envelope = {}; }));
        QVERIFY(differs([](auto &signature) { signature.reviewed->number = BlockNumber(8); }));
        QVERIFY(differs([](auto &signature) { signature.reviewed->hash = {}; }));
        QVERIFY(differs([](auto &signature) { signature.link->sequence = 3; }));
        QVERIFY(differs([](auto &signature) { signature.link->previous = keccak256("x"); }));
        QVERIFY(differs([](auto &signature) { signature.chainId = ChainId(1); }));
        QVERIFY(differs([](auto &signature) { signature.safe = testRegistry; }));
        QVERIFY(differs([](auto &signature) { signature.signature = SafeSignature::approved(bob.address()); }));
    }
};

QTEST_GUILESS_MAIN(TestSignatureJson)
#include "tst_signaturejson.moc"
