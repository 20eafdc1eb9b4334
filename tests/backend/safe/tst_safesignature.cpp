#include "backend/safe/safesignature.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/values.h"
#include "tests/backend/safe/testkey.h"

#include <QTest>

#include <algorithm>

using namespace countersign;
using namespace countersign::testing;

namespace {

const Hash32 txHash = keccak256("a Safe transaction");
const TestKey alice(1);
const TestKey bob(2);
const TestKey carol(3);
const Address vault = address(u"0x52908400098527886E0F7030069857D2E4169EE7");

std::vector<Address> owners()
{
    return {alice.address(), bob.address(), carol.address()};
}

SafeSignature by(const TestKey &key)
{
    return SafeSignature::ecdsa(key.sign(txHash));
}

SafeSignatureCheck check(std::vector<SafeSignature> signatures, qsizetype threshold)
{
    return checkSafeSignatures(signatures, txHash, owners(), threshold);
}

// In the contract's order.
std::vector<SafeSignature> sorted(std::vector<SafeSignature> signatures)
{
    std::ranges::sort(signatures, {}, [](const SafeSignature &s) { return s.signer(txHash).value(); });
    return signatures;
}

} // namespace

class TestSafeSignature final : public QObject {
    Q_OBJECT

private slots:
    void sortsBySignerAndTakesTheBlobApartAgain()
    {
        const auto blob = encodeSafeSignatures({by(carol), by(alice), by(bob)}, txHash).value();
        QCOMPARE(blob.size(), 3 * 65);
        const auto signatures = decodeSafeSignatures(blob).value();
        QVERIFY(std::ranges::is_sorted(signatures, {}, [](const SafeSignature &s) { return s.signer(txHash).value(); }));
        QCOMPARE(check(signatures, 2).fault, SafeSignatureFault::None);
        QCOMPARE(check(signatures, 2).signers.size(), size_t(2));
    }

    void carriesAllFourKindsInOneBlob()
    {
        const SafeSignature ethSign = SafeSignature::ethSign(bob.sign(personalMessageDigest(txHash.view())));
        const auto first = SafeSignature::contract(vault, hex(u"010203"));
        const auto second = SafeSignature::contract(address(u"0x0000000000000000000000000000000000000009"), {});
        const auto approved = SafeSignature::approved(carol.address());
        const auto blob = encodeSafeSignatures({by(alice), ethSign, first, second, approved}, txHash).value();
        const auto signatures = decodeSafeSignatures(blob).value();
        QCOMPARE(signatures.size(), size_t(5));
        for (const SafeSignature &expected : {by(alice), ethSign, first, second, approved})
            QVERIFY(std::ranges::find(signatures, expected) != signatures.end());
        QCOMPARE(encodeSafeSignatures(signatures, txHash).value(), blob);
        QVERIFY(decodeSafeSignatures(blob, 5).value() == signatures);
    }

    void saysWhenOnlyTheChainCanJudge()
    {
        const auto signatures = sorted({by(alice), SafeSignature::approved(bob.address())});
        const auto result = check(signatures, 2);
        QCOMPARE(result.fault, SafeSignatureFault::None);
        QVERIFY(result.needsChain);
        QVERIFY(!check(sorted({by(alice), by(bob)}), 2).needsChain);
    }

    void refusesOneSignerTwiceEvenInTwoKinds()
    {
        const SafeSignature ethSign = SafeSignature::ethSign(alice.sign(personalMessageDigest(txHash.view())));
        QCOMPARE(encodeSafeSignatures({by(alice), ethSign}, txHash).error().kind, ErrorKind::Conflict);
        QCOMPARE(check({by(alice), ethSign}, 2).fault, SafeSignatureFault::OutOfOrder);
    }

    void judgesAsTheContractDoes()
    {
        auto signatures = sorted({by(alice), by(bob)});
        QCOMPARE(check(signatures, 3).fault, SafeSignatureFault::TooFew);
        QCOMPARE(check(signatures, 0).fault, SafeSignatureFault::TooFew);
        std::ranges::reverse(signatures);
        QCOMPARE(check(signatures, 2).fault, SafeSignatureFault::OutOfOrder);
        QCOMPARE(check({by(TestKey(9))}, 1).fault, SafeSignatureFault::NotAnOwner);
        // Over another hash: a stranger's address comes out, which is what the contract calls GS026.
        QCOMPARE(check({SafeSignature::ecdsa(alice.sign(keccak256("another nonce")))}, 1).fault, SafeSignatureFault::NotAnOwner);
        QCOMPARE(check({SafeSignature::ecdsa({})}, 1).fault, SafeSignatureFault::Unrecoverable);
    }

    void refusesMalformedBlobs_data()
    {
        QTest::addColumn<QByteArray>("blob");
        QTest::addColumn<QString>("detail");
        const Bytes ecdsa = by(alice).staticPart();
        const Bytes head = Bytes(12, '\0') + vault.bytes();
        const Bytes contract = head + Uint256(65).toBigEndian() + Bytes(1, '\0');
        const Bytes three = Uint256(3).toBigEndian() + hex(u"010203");
        QTest::newRow("a byte more") << Bytes(ecdsa + Bytes(1, 'x')) << u"safe.signature.trailing at byte 65"_s;
        QTest::newRow("a byte less") << Bytes(ecdsa.chopped(1)) << u"safe.signature.trailing at byte 0"_s;
        QTest::newRow("unknown v") << Bytes(ecdsa.first(64) + Bytes(1, '\x02')) << u"safe.signature.part at byte 0"_s;
        QTest::newRow("v 29") << Bytes(ecdsa.first(64) + Bytes(1, '\x1d')) << u"safe.signature.part at byte 0"_s;
        QTest::newRow("dirty approval") << Bytes(head + Uint256(1).toBigEndian() + Bytes(1, '\1')) << u"safe.signature.part at byte 0"_s;
        QTest::newRow("dirty address") << Bytes(Bytes(1, 'x') + contract.sliced(1) + three) << u"safe.signature.address at byte 0"_s;
        QTest::newRow("tail missing") << contract << u"safe.signature.truncated at byte 65"_s;
        QTest::newRow("tail too long") << Bytes(contract + Uint256(4).toBigEndian() + hex(u"010203")) << u"safe.signature.length at byte 65"_s;
        QTest::newRow("tail with a gap")
            << Bytes(head + Uint256(130).toBigEndian() + Bytes(1, '\0') + Bytes(65, '\0') + three) << u"safe.signature.offset at byte 97"_s;
        QTest::newRow("tail inside the parts")
            << Bytes(head + Uint256(32).toBigEndian() + Bytes(1, '\0') + three) << u"safe.signature.offset at byte 32"_s;
        QTest::newRow("after the tail") << Bytes(contract + three + Bytes(1, 'x')) << u"safe.signature.trailing at byte 100"_s;
    }
    void refusesMalformedBlobs()
    {
        QFETCH(QByteArray, blob);
        QFETCH(QString, detail);
        const auto signatures = decodeSafeSignatures(blob);
        QVERIFY(!signatures.has_value());
        QCOMPARE(signatures.error().detail, detail);
    }

    void refusesTwoTailsThatShareBytes()
    {
        const Bytes head = Bytes(12, '\0') + vault.bytes();
        const Bytes part = head + Uint256(130).toBigEndian() + Bytes(1, '\0');
        const Bytes blob = part + part + Uint256(0).toBigEndian();
        QCOMPARE(decodeSafeSignatures(blob).error().detail, u"safe.signature.offset at byte 97"_s);
    }
};

QTEST_GUILESS_MAIN(TestSafeSignature)
#include "tst_safesignature.moc"
