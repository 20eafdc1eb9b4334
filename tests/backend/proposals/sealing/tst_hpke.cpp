#include "backend/proposals/sealing/aead.h"
#include "backend/proposals/sealing/hpke.h"
#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

namespace {

Bytes hex(const char *digits)
{
    return QByteArray::fromHex(digits);
}

Hash32 word(const char *digits)
{
    return Hash32::fromBytes(hex(digits)).value();
}

// RFC 9180, A.2.1: base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305.
const char *const info = "4f6465206f6e2061204772656369616e2055726e";
const char *const skE = "f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600";
const char *const pkE = "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a";
const char *const skR = "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb";
const char *const pkR = "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a";
const char *const sharedSecret = "0bbe78490412b4bbea4812666f7916932b828bba79942424abb65244930d69a7";
const char *const key = "ad2744de8e17f4ebba575b3f5f5a8fa1f69c2a07f6e7500bc60ca6e3e3ec1c91";
const char *const baseNonce = "5c4d98150661b848853b547f";
const char *const plain = "4265617574792069732074727574682c20747275746820626561757479";
const char *const aad0 = "436f756e742d30";
const char *const sealed0 = "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28";
const char *const aad1 = "436f756e742d31";
const char *const sealed1 = "6b53c051e4199c518de79594e1c4ab18b96f081549d45ce015be002090bb119e85285337cc95ba5f59992dc98c";

} // namespace

class TestHpke : public QObject {
    Q_OBJECT

private slots:
    void publicKeysAreThoseOfTheStandard()
    {
        QCOMPARE(publicKeyOf(hex(skE)).value(), word(pkE));
        QCOMPARE(publicKeyOf(hex(skR)).value(), word(pkR));
        QCOMPARE(publicKeyOf(hex("00")).error().kind, ErrorKind::Invalid);
    }

    void theScheduleIsThatOfTheStandard()
    {
        HpkeSchedule schedule;
        QVERIFY(hpkeSchedule(hex(sharedSecret), hex(info), schedule));
        QCOMPARE(schedule.key.view().toByteArray(), hex(key));
        QCOMPARE(QByteArray(schedule.baseNonce.data(), 12), hex(baseNonce));
    }

    void messagesAreThoseOfTheStandard()
    {
        const auto message = hpkeSealWith(hex(skE), word(pkR), hex(info), hex(aad0), hex(plain));
        QVERIFY(message);
        QCOMPARE(message->enc, word(pkE));
        QCOMPARE(message->ciphertext, hex(sealed0));
        QCOMPARE(hpkeOpen(hex(skR), *message, hex(info), hex(aad0)).value(), hex(plain));
        // The second message of the same context: the nonce is the base nonce with the sequence number upon it.
        Bytes nonce = hex(baseNonce);
        nonce.back() = static_cast<char>(nonce.back() ^ 1);
        QCOMPARE(aeadSeal(hex(key), nonce, hex(aad1), hex(plain)).value(), hex(sealed1));
        QCOMPARE(aeadOpen(hex(key), nonce, hex(aad1), hex(sealed1)).value(), hex(plain));
    }

    void everyMessageHasAKeyOfItsOwn()
    {
        const auto first = hpkeSeal(word(pkR), "info", "aad", "text");
        const auto second = hpkeSeal(word(pkR), "info", "aad", "text");
        QVERIFY(first && second);
        QVERIFY(first->enc != second->enc);
        QVERIFY(first->ciphertext != second->ciphertext);
        QCOMPARE(hpkeOpen(hex(skR), *first, "info", "aad").value(), "text");
        QCOMPARE(hpkeOpen(hex(skR), *second, "info", "aad").value(), "text");
    }

    void emptyTextAndEmptyBindingsTravel()
    {
        const auto message = hpkeSeal(word(pkR), {}, {}, {});
        QVERIFY(message);
        QCOMPARE(message->ciphertext.size(), aeadTagBytes);
        QCOMPARE(hpkeOpen(hex(skR), *message, {}, {}).value(), Bytes());
    }

    void nobodyElseOpensIt()
    {
        const auto message = hpkeSeal(word(pkR), "info", "aad", "text").value();
        QCOMPARE(hpkeOpen(hex(skE), message, "info", "aad").error().kind, ErrorKind::Corrupt);
        QCOMPARE(hpkeOpen(hex(skR), message, "other", "aad").error().kind, ErrorKind::Corrupt);
        QCOMPARE(hpkeOpen(hex(skR), message, "info", "other").error().kind, ErrorKind::Corrupt);
        QCOMPARE(hpkeOpen({}, message, "info", "aad").error().kind, ErrorKind::Invalid);
    }

    void whatWasChangedOrCutIsNotOpened()
    {
        const auto message = hpkeSeal(word(pkR), "info", "aad", "text").value();
        for (qsizetype i = 0; i < message.ciphertext.size(); ++i) {
            HpkeMessage changed = message;
            changed.ciphertext[i] = static_cast<char>(changed.ciphertext[i] ^ 1);
            QCOMPARE(hpkeOpen(hex(skR), changed, "info", "aad").error().kind, ErrorKind::Corrupt);
            QCOMPARE(hpkeOpen(hex(skR), {message.enc, message.ciphertext.first(i)}, "info", "aad").error().kind,
                ErrorKind::Corrupt);
        }
        QVERIFY(!hpkeOpen(hex(skR), {word(pkE), message.ciphertext}, "info", "aad"));
    }

    void pointsOfLowOrderAreRefused_data()
    {
        QTest::addColumn<QByteArray>("point");
        QTest::newRow("zero") << hex("0000000000000000000000000000000000000000000000000000000000000000");
        QTest::newRow("one") << hex("0100000000000000000000000000000000000000000000000000000000000000");
        QTest::newRow("order 8") << hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800");
        QTest::newRow("order 8, other") << hex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157");
        QTest::newRow("p - 1") << hex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
        QTest::newRow("p") << hex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
        QTest::newRow("p + 1") << hex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
    }
    void pointsOfLowOrderAreRefused()
    {
        QFETCH(QByteArray, point);
        const Hash32 low = Hash32::fromBytes(point).value();
        QCOMPARE(hpkeSeal(low, "info", "aad", "text").error().kind, ErrorKind::Rejected);
        QCOMPARE(hpkeOpen(hex(skR), {low, Bytes(32, 'x')}, "info", "aad").error().kind, ErrorKind::Rejected);
    }

    void keysAndNoncesOfAnotherLengthAreRefused()
    {
        QCOMPARE(aeadSeal(Bytes(31, 'k'), Bytes(12, 'n'), {}, "text").error().kind, ErrorKind::Invalid);
        QCOMPARE(aeadSeal(Bytes(32, 'k'), Bytes(11, 'n'), {}, "text").error().kind, ErrorKind::Invalid);
        QCOMPARE(aeadOpen(Bytes(32, 'k'), Bytes(12, 'n'), {}, "short").error().kind, ErrorKind::Corrupt);
    }
};

QTEST_GUILESS_MAIN(TestHpke)
#include "tst_hpke.moc"
