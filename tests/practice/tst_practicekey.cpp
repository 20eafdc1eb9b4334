#include "app/practice/support/practicekey.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

class TestPracticeKey : public QObject {
    Q_OBJECT

private slots:
    void aSignatureRecoversToItsAddressAndHasALowS()
    {
        const PracticeKey key = PracticeKey::generate();
        for (int i = 0; i < 50; ++i) {
            const Hash32 digest = keccak256(QByteArray::number(i));
            const EvmSignature signature = key.sign(digest);
            QVERIFY(signature.isLowS());
            QCOMPARE(*recoverAddress(digest, signature), key.address());
        }
    }

    void theKeyFileIsReadBackAndOnlyItsOwnerCanReadIt()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"key"_s);
        const PracticeKey key = PracticeKey::generate();
        QVERIFY(key.save(path));
        QCOMPARE(QFile::permissions(path) & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther), QFile::Permissions());
        QCOMPARE(PracticeKey::load(path)->address(), key.address());
    }

    void aKeyFileThatOthersCanReadIsRefused()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"key"_s);
        QVERIFY(PracticeKey::generate().save(path));
        QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::ReadOther));
        QCOMPARE(PracticeKey::load(path).error().kind, ErrorKind::Denied);
    }

    void aKnownKeyHasItsKnownAddress()
    {
        // The first account of the test mnemonic that all Ethereum tools share.
        const QTemporaryDir folder;
        QFile file(folder.filePath(u"key"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80\n");
        file.close();
        QVERIFY(file.setPermissions(QFile::ReadOwner));
        QCOMPARE(PracticeKey::load(file.fileName())->address().toString(), u"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"_s);
    }

    void zeroIsNoKey()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath(u"key"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("0x" + QByteArray(64, '0'));
        file.close();
        QVERIFY(file.setPermissions(QFile::ReadOwner));
        QCOMPARE(PracticeKey::load(file.fileName()).error().kind, ErrorKind::Invalid);
    }
};

QTEST_GUILESS_MAIN(TestPracticeKey)
#include "tst_practicekey.moc"
