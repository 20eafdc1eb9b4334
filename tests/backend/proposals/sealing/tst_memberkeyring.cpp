#include "backend/proposals/sealing/hpke.h"
#include "backend/proposals/sealing/memberkeyring.h"
#include "backend/types/strings.h"
#include "tests/support/secrets/memorysecretstore.h"

#include <QTest>

using namespace countersign;
using countersign::testing::MemorySecretStore;

class TestMemberKeyring final : public QObject {
    Q_OBJECT

private slots:
    void aPairIsKeptUnderItsPublicHalf()
    {
        MemorySecretStore store;
        MemberKeyring keyring(&store);
        const auto made = QCoro::waitFor(keyring.create());
        QVERIFY(made);
        QCOMPARE(store.secrets.keys(), QStringList{MemberKeyring::nameOf(*made)});
        const auto key = QCoro::waitFor(keyring.find(*made));
        QVERIFY(key);
        QCOMPARE(key->size(), x25519Bytes);
        QCOMPARE(publicKeyOf(key->view()).value(), *made);
        const auto other = QCoro::waitFor(keyring.create());
        QVERIFY(*other != *made);
        QVERIFY2(QCoro::waitFor(keyring.find(*made)), "what was sealed for the old key must still open");
    }

    void aLostKeyIsNotALockedKeychain()
    {
        MemorySecretStore store;
        MemberKeyring keyring(&store);
        const Hash32 made = QCoro::waitFor(keyring.create()).value();
        QVERIFY(QCoro::waitFor(keyring.forget(made)));
        QCOMPARE(QCoro::waitFor(keyring.find(made)).error().kind, ErrorKind::NotFound);
        store.lock();
        QCOMPARE(QCoro::waitFor(keyring.find(made)).error().kind, ErrorKind::Unavailable);
        QCOMPARE(QCoro::waitFor(keyring.create()).error().kind, ErrorKind::Unavailable);
        MemberKeyring none(nullptr);
        QCOMPARE(QCoro::waitFor(none.create()).error().kind, ErrorKind::Unavailable);
        QCOMPARE(QCoro::waitFor(none.find(made)).error().kind, ErrorKind::Unavailable);
    }

    void anotherKeyUnderTheNameIsNotBelieved()
    {
        MemorySecretStore store;
        MemberKeyring keyring(&store);
        const Hash32 made = QCoro::waitFor(keyring.create()).value();
        const Hash32 other = QCoro::waitFor(keyring.create()).value();
        const QByteArray stolen = store.secrets.value(MemberKeyring::nameOf(other));
        for (const QByteArray &wrong : {stolen, QByteArray(), QByteArray("zz"), QByteArray(63, '0'), QByteArray(256, 'f')}) {
            store.secrets.insert(MemberKeyring::nameOf(made), wrong);
            QCOMPARE(QCoro::waitFor(keyring.find(made)).error().kind, ErrorKind::Corrupt);
        }
    }
};

QTEST_GUILESS_MAIN(TestMemberKeyring)
#include "tst_memberkeyring.moc"
