#include "backend/evm/create2.h"
#include "backend/evm/signature.h"
#include "backend/types/keccak.h"
#include "backend/types/uint256.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

// "hello" signed by ethers 6 (personal_sign) with the key of 32 times 0x46.
const Address signer = address(u"0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F");
const Bytes helloSignature = hex(u"f63c93dc642a4839770b35abf9cb304ac2f1b5463d9a9abd87546feaa0af992e"
                                 "659cf087c433e45c45f6135cb819ab1922c6359dbb1b8c8d7a54141de2cd4beb1b");

EvmSignature hello()
{
    return EvmSignature::fromBytes65(helloSignature).value();
}

EvmSignature withHighS(const EvmSignature &low)
{
    const auto order = Uint256::parse(u"0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141").value();
    const Uint256 s = Uint256::fromBigEndian(low.s.view()).value();
    return {.r = low.r, .s = Hash32::fromDigest(order.checkedSub(s)->toBigEndian()), .yParity = !low.yParity};
}

} // namespace

class TestSignature final : public QObject {
    Q_OBJECT

private slots:
    void recoversTheSignerOfAPersonalMessage()
    {
        const Hash32 digest = personalMessageDigest("hello");
        QCOMPARE(digest, hash(u"0x50b2c43fd39106bafbba0da34fc430e1f91e3c96ea2acee2bc34119f92b37750"));
        QCOMPARE(recoverAddress(digest, hello()).value(), signer);
        QCOMPARE(hello().toBytes65(), helloSignature);
    }

    void verifiesAgainstThePublicKeyInBothForms()
    {
        const Hash32 digest = personalMessageDigest("hello");
        const Bytes key = recoverPublicKey(digest, hello()).value();
        QCOMPARE(key.size(), 65);
        QCOMPARE(addressOfPublicKey(key).value(), signer);
        QCOMPARE(verifySignature(digest, hello(), key).value(), true);
        QCOMPARE(verifySignature(digest, withHighS(hello()), key).value(), true);
        QCOMPARE(verifySignature(personalMessageDigest("hellp"), hello(), key).value(), false);
        QVERIFY(!verifySignature(digest, hello(), Bytes(65, '\x04')).has_value());
    }

    void readsOnlyTheFourFormsOfV_data()
    {
        QTest::addColumn<int>("v");
        QTest::addColumn<bool>("known");
        for (const int v : {0, 1, 27, 28})
            QTest::addRow("%d", v) << v << true;
        for (const int v : {2, 26, 29, 31, 37, 255})
            QTest::addRow("%d", v) << v << false;
    }
    void readsOnlyTheFourFormsOfV()
    {
        QFETCH(int, v);
        QFETCH(bool, known);
        Bytes bytes = helloSignature;
        bytes[64] = static_cast<char>(v);
        QCOMPARE(EvmSignature::fromBytes65(bytes).has_value(), known);
    }

    void refusesSignaturesOfAnotherSize()
    {
        QVERIFY(!EvmSignature::fromBytes65(helloSignature.first(64)).has_value());
        QVERIFY(!EvmSignature::fromBytes65(Bytes(helloSignature + '\0')).has_value());
    }

    // The two examples of EIP-2098.
    void writesAndReadsTheCompactForm_data()
    {
        QTest::addColumn<QString>("full");
        QTest::addColumn<QString>("compact");
        QTest::newRow("yParity 0") << u"68a020a209d3d56c46f38cc50a33f704f4a9a10a59377f8dd762ac66910e9b90"
                                      "7e865ad05c4035ab5792787d4a0297a43617ae897930a6fe4d822b8faea520641b"_s
                                   << u"68a020a209d3d56c46f38cc50a33f704f4a9a10a59377f8dd762ac66910e9b90"
                                      "7e865ad05c4035ab5792787d4a0297a43617ae897930a6fe4d822b8faea52064"_s;
        QTest::newRow("yParity 1") << u"9328da16089fcba9bececa81663203989f2df5fe1faa6291a45381c81bd17f76"
                                      "139c6d6b623b42da56557e5e734a43dc83345ddfadec52cbe24d0cc64f5507931c"_s
                                   << u"9328da16089fcba9bececa81663203989f2df5fe1faa6291a45381c81bd17f76"
                                      "939c6d6b623b42da56557e5e734a43dc83345ddfadec52cbe24d0cc64f550793"_s;
    }
    void writesAndReadsTheCompactForm()
    {
        QFETCH(QString, full);
        QFETCH(QString, compact);
        const EvmSignature signature = EvmSignature::fromBytes65(hex(full)).value();
        QCOMPARE(signature.toCompact().value(), hex(compact));
        QVERIFY(EvmSignature::fromCompact(hex(compact)).value() == signature);
        QVERIFY(EvmSignature::fromBytes(hex(compact)).value() == signature);
        QVERIFY(EvmSignature::fromBytes(hex(full)).value() == signature);
    }

    void hasNoCompactFormOfAHighS()
    {
        EvmSignature high = hello();
        high.s = Hash32::fromDigest(Bytes(32, '\xf0'));
        QCOMPARE(high.toCompact().error().kind, ErrorKind::Invalid);
        QVERIFY(!EvmSignature::fromCompact(helloSignature).has_value());
        QVERIFY(!EvmSignature::fromBytes(helloSignature.first(63)).has_value());
        QVERIFY(!EvmSignature::fromBytes({}).has_value());
    }

    void namesTheNumberThatIsOutOfRange()
    {
        const Hash32 order = hash(u"0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
        const Hash32 last = hash(u"0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140");
        const Hash32 one = Hash32::fromDigest(Uint256(1).toBigEndian());
        const auto detail = [](const Hash32 &r, const Hash32 &s) {
            const auto problem = signatureProblem({.r = r, .s = s}, "x"_L1);
            return problem ? problem->detail : QString();
        };
        QCOMPARE(detail(one, last), QString());
        QCOMPARE(detail(last, one), QString());
        QCOMPARE(detail(Hash32(), one), u"x.r.zero"_s);
        QCOMPARE(detail(order, one), u"x.r.range"_s);
        QCOMPARE(detail(one, Hash32()), u"x.s.zero"_s);
        QCOMPARE(detail(one, order), u"x.s.range"_s);
    }

    // As ethers 6 hashes the packed bytes.
    void hashesDataForOneValidator()
    {
        const Address validator = address(u"0x52908400098527886E0F7030069857D2E4169EE7");
        QCOMPARE(intendedValidatorDigest(validator, "hello"), hash(u"0xe6d302bdcb2ca8d7363e833fd200c8054259362c9ab5bb42db921356154ab04e"));
    }

    void turnsHighSLowWithItsParity()
    {
        const EvmSignature high = withHighS(hello());
        QVERIFY(!high.isLowS());
        QVERIFY(hello().isLowS());
        QVERIFY(high.normalised() == hello());
        QVERIFY(hello().normalised() == hello());
    }

    void knowsTheBorderOfLowS()
    {
        EvmSignature border = hello();
        border.s = hash(u"0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");
        QVERIFY(border.isLowS());
        border.s = hash(u"0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1");
        QVERIFY(!border.isLowS());
        QVERIFY(border.normalised().isLowS());
    }

    void refusesNumbersOutOfRange()
    {
        const Hash32 digest = personalMessageDigest("hello");
        EvmSignature zero = hello();
        zero.r = Hash32();
        QVERIFY(!recoverAddress(digest, zero).has_value());
        EvmSignature zeroS = hello();
        zeroS.s = Hash32();
        QVERIFY(!recoverAddress(digest, zeroS).has_value());
        EvmSignature overflow = hello();
        overflow.s = Hash32::fromBytes(Bytes(32, '\xff')).value();
        QVERIFY(!recoverAddress(digest, overflow).has_value());
    }

    void completesADeviceSignatureOfEitherForm()
    {
        const Hash32 digest = personalMessageDigest("hello");
        QVERIFY(completeSignature(digest, helloSignature.first(64), signer).value() == hello());
        const Bytes high = withHighS(hello()).toBytes65().first(64);
        QVERIFY(completeSignature(digest, high, signer).value() == hello());
    }

    void rejectsADeviceSignatureByAnotherKeyOrOverAnotherDigest()
    {
        const Hash32 digest = personalMessageDigest("hello");
        const Address other = address(u"0x52908400098527886E0F7030069857D2E4169EE7");
        QCOMPARE(completeSignature(digest, helloSignature.first(64), other).error().kind, ErrorKind::Rejected);
        QCOMPARE(completeSignature(personalMessageDigest("x"), helloSignature.first(64), signer).error().kind, ErrorKind::Rejected);
        Bytes flipped = helloSignature.first(64);
        flipped[10] = static_cast<char>(flipped[10] ^ 1);
        QCOMPARE(completeSignature(digest, flipped, signer).error().kind, ErrorKind::Rejected);
        QCOMPARE(completeSignature(digest, helloSignature, signer).error().kind, ErrorKind::Rejected);
    }

    // EIP-1014, all seven examples.
    void placesContractsAsCreate2Does_data()
    {
        QTest::addColumn<QString>("creator");
        QTest::addColumn<QString>("salt");
        QTest::addColumn<QString>("initCode");
        QTest::addColumn<QString>("expected");
        const QString zero = u"0x"_s + QString(40, u'0');
        const QString noSalt = u"0x"_s + QString(64, u'0');
        const QString deadbeef = u"0xdeadbeef00000000000000000000000000000000"_s;
        QTest::newRow("0") << zero << noSalt << u"00"_s << u"0x4D1A2e2bB4F88F0250f26Ffff098B0b30B26BF38"_s;
        QTest::newRow("1") << deadbeef << noSalt << u"00"_s << u"0xB928f69Bb1D91Cd65274e3c79d8986362984fDA3"_s;
        QTest::newRow("2") << deadbeef << u"0x000000000000000000000000feed000000000000000000000000000000000000"_s << u"00"_s
                           << u"0xD04116cDd17beBE565EB2422F2497E06cC1C9833"_s;
        QTest::newRow("3") << zero << noSalt << u"deadbeef"_s << u"0x70f2b2914A2a4b783FaEFb75f459A580616Fcb5e"_s;
        const QString salt = u"0x00000000000000000000000000000000000000000000000000000000cafebabe"_s;
        QTest::newRow("4") << u"0x00000000000000000000000000000000deadbeef"_s << salt << u"deadbeef"_s
                           << u"0x60f3f640a8508fC6a86d45DF051962668E1e8AC7"_s;
        QTest::newRow("5") << u"0x00000000000000000000000000000000deadbeef"_s << salt << u"deadbeef"_s.repeated(11)
                           << u"0x1d8bfDC5D46DC4f61D6b6115972536eBE6A8854C"_s;
        QTest::newRow("6") << zero << noSalt << QString() << u"0xE33C0C7F7df4809055C3ebA6c09CFe4BaF1BD9e0"_s;
    }
    void placesContractsAsCreate2Does()
    {
        QFETCH(QString, creator);
        QFETCH(QString, salt);
        QFETCH(QString, initCode);
        QFETCH(QString, expected);
        QCOMPARE(create2Address(address(creator), hash(salt), keccak256(hex(initCode))).toString(), expected);
    }

    void placesContractsAsCreateDoes()
    {
        const Address creator = address(u"0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0");
        QCOMPARE(createAddress(creator, Nonce(0)).toString(), u"0xcd234A471b72ba2F1Ccf0A70FCABA648a5eeCD8d"_s);
        // Across the borders of the nonce's RLP: ethers 6.
        QCOMPARE(createAddress(creator, Nonce(127)).toString(), u"0x06d9a77f5E4b311Bae8D559DB9CDB4dF94104aA0"_s);
        QCOMPARE(createAddress(creator, Nonce(128)).toString(), u"0x08e190dcB7b73F5fcDAbb43e102215c83659A76D"_s);
        QCOMPARE(createAddress(creator, Nonce(~0ULL - 1)).toString(), u"0x9ab3917BCc9efBCf7DE35BceD143Ed95c3B3CbF5"_s);
        QCOMPARE(createAddress(creator, Nonce(300)).toString(), u"0x47Bbbb5FE97aa84c3fA30DafBb067284d250C24c"_s);
    }
};

QTEST_GUILESS_MAIN(TestSignature)
#include "tst_signature.moc"
