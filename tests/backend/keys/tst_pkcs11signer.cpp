#include "backend/keys/pkcs11signer.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/values.h"
#include "tests/backend/keys/softhsm.h"

#include <QCoroTask>
#include <QDir>
#include <QElapsedTimer>
#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

const Bytes keyId("\x01", 1);
const Hash32 digest = keccak256("something to sign");

template<class T>
Result<T> waitFor(QCoro::Task<Result<T>> task)
{
    return QCoro::waitFor(std::move(task));
}

} // namespace

class TestPkcs11Signer final : public QObject {
    Q_OBJECT

private:
    Pkcs11Signer signer(SoftwareTokens policy = SoftwareTokens::Allow) const
    {
        return Pkcs11Signer(m_module, {.serial = m_token.serial, .id = keyId, .address = m_address}, policy);
    }

    SoftHsm m_hsm;
    std::shared_ptr<Pkcs11Module> m_module;
    ProvisionedToken m_token;
    Address m_address;

private slots:
    void initTestCase()
    {
        m_module = m_hsm.module();
        m_token = initialiseToken(*m_module, u"alice"_s, secret("12345678"), secret("1234")).value();
        m_address = generateSecp256k1Key(*m_module, m_token.serial, secret("1234"), keyId, u"countersign"_s).value();
    }

    void cleanup() { m_hsm.inject(u""); }

    void signsWithLowSAndTheRightParity()
    {
        Pkcs11Signer alice = signer();
        QVERIFY(waitFor(alice.prepare()).has_value());
        QVERIFY(waitFor(alice.unlock(secret("1234"))).has_value());
        // Half of what a token returns has a high s: forty signatures without one that was turned would be a wonder.
        for (int i = 0; i < 40; ++i) {
            const Hash32 message = keccak256(QByteArray::number(i));
            const auto signature = waitFor(alice.signDigest(message));
            QVERIFY2(signature.has_value(), qPrintable(signature ? QString() : signature.error().message));
            QVERIFY(signature->isLowS());
            QCOMPARE(recoverAddress(message, *signature).value(), m_address);
        }
    }

    void asksForThePinOnceUntilItIsLocked()
    {
        Pkcs11Signer alice = signer();
        QCOMPARE(waitFor(alice.prepare()).value().kind, UnlockNeed::Kind::Pin);
        QCOMPARE(waitFor(alice.signDigest(digest)).error().kind, ErrorKind::Unauthenticated);
        QVERIFY(waitFor(alice.unlock(secret("1234"))).has_value());
        QCOMPARE(waitFor(alice.prepare()).value().kind, UnlockNeed::Kind::None);
        QVERIFY(waitFor(alice.signDigest(digest)).has_value());
        QVERIFY(waitFor(alice.lock()).has_value());
        QCOMPARE(waitFor(alice.signDigest(digest)).error().kind, ErrorKind::Unauthenticated);
        QVERIFY(waitFor(alice.unlock(secret("1234"))).has_value());
        QVERIFY(waitFor(alice.signDigest(digest)).has_value());
    }

    void deniesAWrongPinAndAcceptsTheRightOneAfterwards()
    {
        Pkcs11Signer alice = signer();
        const auto wrong = waitFor(alice.unlock(secret("9999")));
        QCOMPARE(wrong.error().kind, ErrorKind::Denied);
        QVERIFY(wrong.error().message.contains(u"PIN is wrong"));
        QVERIFY(wrong.error().detail.contains(u"CKR_PIN_INCORRECT"));
        const auto need = waitFor(alice.prepare()).value(); // SoftHSM raises this flag itself
        QCOMPARE(need.tries, PinTries::CountLow);
        QVERIFY(!need.advice.isEmpty());
        QVERIFY(waitFor(alice.unlock(secret("1234"))).has_value());
        QCOMPARE(waitFor(alice.prepare()).value().tries, PinTries::Normal);
    }

    void warnsBeforeTheLastTry()
    {
        m_hsm.inject(u"f");
        Pkcs11Signer alice = signer();
        const auto need = waitFor(alice.prepare()).value();
        QCOMPARE(need.tries, PinTries::FinalTry);
        QVERIFY(need.advice.contains(u"last try"));
    }

    void doesNotEvenTryALockedPin()
    {
        m_hsm.inject(u"l");
        Pkcs11Signer alice = signer();
        const auto need = waitFor(alice.prepare()).value();
        QCOMPARE(need.tries, PinTries::Locked);
        QVERIFY(need.advice.contains(u"PUK"));
        QCOMPARE(waitFor(alice.unlock(secret("1234"))).error().kind, ErrorKind::Denied);
    }

    void leavesThePinToTheTokensOwnKeys()
    {
        m_hsm.inject(u"p");
        qputenv("SHIM_PIN", "1234");
        Pkcs11Signer alice = signer();
        const auto need = waitFor(alice.prepare()).value();
        QCOMPARE(need.kind, UnlockNeed::Kind::PinOnDevice);
        QVERIFY(waitFor(alice.unlock(SecretBuffer())).has_value());
        QVERIFY(waitFor(alice.signDigest(digest)).has_value());
    }

    void saysWhatToDoWhenTheTokenIsGoneAndSignsAgainWhenItIsBack()
    {
        Pkcs11Signer alice = signer();
        QVERIFY(waitFor(alice.unlock(secret("1234"))).has_value());
        m_hsm.inject(u"r");
        const auto gone = waitFor(alice.signDigest(digest));
        QCOMPARE(gone.error().kind, ErrorKind::Unavailable);
        QVERIFY(gone.error().message.contains(u"Plug it in"));
        QCOMPARE(waitFor(alice.prepare()).error().kind, ErrorKind::Unavailable);
        m_hsm.inject(u"");
        QCOMPARE(waitFor(alice.signDigest(digest)).error().kind, ErrorKind::Unauthenticated);
        QVERIFY(waitFor(alice.unlock(secret("1234"))).has_value());
        QVERIFY(waitFor(alice.signDigest(digest)).has_value());
    }

    void losesNothingWhenTheTokenGoesWhileItSigns()
    {
        Pkcs11Signer alice = signer();
        QVERIFY(waitFor(alice.unlock(secret("1234"))).has_value());
        m_hsm.inject(u"m");
        const auto gone = waitFor(alice.signDigest(digest));
        QCOMPARE(gone.error().kind, ErrorKind::Unavailable);
        QVERIFY(gone.error().detail.contains(u"CKR_DEVICE_REMOVED"));
        QVERIFY(gone.error().message.contains(u"nothing was signed"));
        m_hsm.inject(u"");
        QVERIFY(waitFor(alice.unlock(secret("1234"))).has_value());
        QVERIFY(waitFor(alice.signDigest(digest)).has_value());
    }

    void letsNoCorruptSignatureLeave_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::newRow("flipped bit") << u"b"_s;
        QTest::newRow("by another key") << u"k"_s;
    }
    void letsNoCorruptSignatureLeave()
    {
        QFETCH(QString, fault);
        Pkcs11Signer alice = signer();
        QVERIFY(waitFor(alice.unlock(secret("1234"))).has_value());
        m_hsm.inject(fault);
        const auto signature = waitFor(alice.signDigest(digest));
        QCOMPARE(signature.error().kind, ErrorKind::Rejected);
        QVERIFY(signature.error().message.contains(u"incident"));
    }

    void refusesTheKeyOfAnotherAddress()
    {
        Pkcs11Signer mallory(m_module, {.serial = m_token.serial, .id = keyId, .address = Address()}, SoftwareTokens::Allow);
        QCOMPARE(waitFor(mallory.prepare()).error().kind, ErrorKind::Conflict);
        QCOMPARE(waitFor(mallory.unlock(secret("1234"))).error().kind, ErrorKind::Conflict);
    }

    void saysWhenTheTokenHoldsNoSuchKey()
    {
        Pkcs11Signer nobody(m_module, {.serial = m_token.serial, .id = Bytes("\x7f", 1), .address = m_address}, SoftwareTokens::Allow);
        QCOMPARE(waitFor(nobody.unlock(secret("1234"))).error().kind, ErrorKind::NotFound);
    }

    void refusesSoftwareTokensWhereHardwareIsAskedFor()
    {
        Pkcs11Signer alice = signer(SoftwareTokens::Refuse);
        const auto need = waitFor(alice.prepare());
        QCOMPARE(need.error().kind, ErrorKind::Rejected);
        QVERIFY(need.error().message.contains(u"hardware token"));
        QCOMPARE(waitFor(alice.unlock(secret("1234"))).error().kind, ErrorKind::Rejected);
        QCOMPARE(waitFor(alice.signDigest(digest)).error().kind, ErrorKind::Rejected);
        m_hsm.inject(u"h");
        QVERIFY(waitFor(alice.prepare()).has_value());
    }

    void showsTheEvidenceOfCustody()
    {
        Pkcs11Signer alice = signer();
        QCOMPARE(alice.evidence().custody, KeyCustody::Unknown);
        QVERIFY(waitFor(alice.unlock(secret("1234"))).has_value());
        const KeyEvidence evidence = alice.evidence();
        QCOMPARE(evidence.custody, KeyCustody::SoftwareToken);
        QVERIFY(evidence.alwaysSensitive && evidence.neverExtractable && evidence.generatedOnToken && !evidence.extractable);
        QCOMPARE(evidence.serial, m_token.serial);
        QCOMPARE(evidence.label, u"alice"_s);
        QCOMPARE(evidence.keyId, u"0x01"_s);
        QCOMPARE(evidence.moduleSha256.size(), 64);
        QCOMPARE(evidence.address, m_address);
        m_hsm.inject(u"h");
        QVERIFY(waitFor(alice.prepare()).has_value());
        QCOMPARE(alice.evidence().custody, KeyCustody::HardwareBound);
    }

    void tellsAnImportedKeyFromOneMadeOnTheToken()
    {
        const Bytes id("\x09", 1);
        const Address imported = address(u"0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F");
        QVERIFY(importSecp256k1Key(*m_module, m_token.serial, secret("1234"), id, u"old"_s, Bytes(32, '\x46')).has_value());
        m_hsm.inject(u"h");
        Pkcs11Signer old(m_module, {.serial = m_token.serial, .id = id, .address = imported}, SoftwareTokens::Refuse);
        QVERIFY(waitFor(old.unlock(secret("1234"))).has_value());
        QCOMPARE(old.evidence().custody, KeyCustody::Imported);
        QCOMPARE(recoverAddress(digest, waitFor(old.signDigest(digest)).value()).value(), imported);
    }

    void asksForThePinAtEverySignatureWhenTheKeyWantsIt()
    {
        const Bytes id("\x05", 1);
        const auto careful = generateSecp256k1Key(*m_module, m_token.serial, secret("1234"), id, u"careful"_s, KeyAuthentication::EverySignature);
        Pkcs11Signer key(m_module, {.serial = m_token.serial, .id = id, .address = careful.value()}, SoftwareTokens::Allow);
        QVERIFY(waitFor(key.unlock(secret("1234"))).has_value());
        QCOMPARE(waitFor(key.prepare()).value().kind, UnlockNeed::Kind::None);
        QVERIFY(waitFor(key.signDigest(digest)).has_value());
        QCOMPARE(waitFor(key.signDigest(digest)).error().kind, ErrorKind::Unauthenticated);
        QCOMPARE(waitFor(key.prepare()).value().kind, UnlockNeed::Kind::Pin);
        QVERIFY(waitFor(key.unlock(secret("1234"))).has_value());
        QVERIFY(waitFor(key.signDigest(digest)).has_value());
    }

    void findsATokenByItsSerialAmongEqualLabels()
    {
        const auto twin = initialiseToken(*m_module, u"alice"_s, secret("12345678"), secret("4321")).value();
        QVERIFY(twin.serial != m_token.serial);
        const auto other = generateSecp256k1Key(*m_module, twin.serial, secret("4321"), keyId, u"twin"_s).value();
        QVERIFY(other != m_address);
        Pkcs11Signer second(m_module, {.serial = twin.serial, .id = keyId, .address = other}, SoftwareTokens::Allow);
        QVERIFY(waitFor(second.unlock(secret("4321"))).has_value());
        QCOMPARE(recoverAddress(digest, waitFor(second.signDigest(digest)).value()).value(), other);
        Pkcs11Signer first = signer();
        QVERIFY(waitFor(first.unlock(secret("1234"))).has_value());
        QCOMPARE(recoverAddress(digest, waitFor(first.signDigest(digest)).value()).value(), m_address);
    }

    void doesNotHoldUpItsCaller()
    {
        Pkcs11Signer alice = signer();
        QVERIFY(waitFor(alice.unlock(secret("1234"))).has_value());
        m_hsm.inject(u"d");
        QElapsedTimer timer;
        timer.start();
        auto task = alice.signDigest(digest);
        QVERIFY(timer.elapsed() < 200);
        QVERIFY(waitFor(std::move(task)).has_value());
        QVERIFY(timer.elapsed() >= 500);
    }

    void mayBeDestroyedWhileItSigns()
    {
        m_hsm.inject(u"d");
        auto alice = std::make_unique<Pkcs11Signer>(m_module, Pkcs11KeyReference{.serial = m_token.serial, .id = keyId, .address = m_address},
                                                    SoftwareTokens::Allow);
        QVERIFY(waitFor(alice->unlock(secret("1234"))).has_value());
        auto task = alice->signDigest(digest);
        alice.reset();
        QVERIFY(waitFor(std::move(task)).has_value());
    }

    void noticesThatTheTokensFilesWereDeleted()
    {
        const auto token = initialiseToken(*m_module, u"short lived"_s, secret("12345678"), secret("1234")).value();
        const auto shortLived = generateSecp256k1Key(*m_module, token.serial, secret("1234"), keyId, u"x"_s).value();
        Pkcs11Signer key(m_module, {.serial = token.serial, .id = keyId, .address = shortLived}, SoftwareTokens::Allow);
        QVERIFY(waitFor(key.unlock(secret("1234"))).has_value());
        const QDir folder(m_hsm.folder());
        const auto entries = folder.entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot);
        for (const QFileInfo &entry : entries) {
            if (entry.fileName().remove(u'-').right(16) == token.serial)
                QVERIFY(QDir(entry.filePath()).removeRecursively());
        }
        const auto gone = waitFor(key.signDigest(digest));
        QVERIFY(!gone.has_value());
        QVERIFY2(gone.error().kind == ErrorKind::Unavailable || gone.error().kind == ErrorKind::NotFound,
                 qPrintable(gone.error().detail));
    }
};

QTEST_GUILESS_MAIN(TestPkcs11Signer)
#include "tst_pkcs11signer.moc"
